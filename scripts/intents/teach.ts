// A matcher that was taught labelled texts: each label is a pattern, each text an example of it.
import { createModel, type Model, putExample, putPattern } from '../../lib/learning/model.js';
import type { Labelled } from './labelled.js';

/** @param rows all of them with a label */
export function teachLabels(rows: readonly Labelled[]): Model {
  const model = createModel();
  rows.forEach(({ text, label }, i) => {
    if (!model.patterns.has(label!))
      putPattern(model, {
        id: label!,
        version: 1,
        triggerText: text,
        responseTemplate: label!,
        patternType: 'answer',
        isEdited: false,
        isActive: false,
        isRetired: false,
        confidence: 0.5,
      });
    const example = { customerText: text, previousOperatorText: '', replyText: label! };
    putExample(model, { exchangeId: `e${i}`, patternId: label!, ...example });
  });
  return model;
}
