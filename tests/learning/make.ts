/** Factories for the tests of learning: one model, filled by exchanges as an operator would fill it. */
import { type LearnPlan, learnExchange } from '../../lib/learning/learn.js';
import { createModel, type Model, type PatternRecord, putExample, putPattern } from '../../lib/learning/model.js';
import { prepareExchange } from '../../lib/learning/prepare.js';

export function makePattern(overrides: Partial<PatternRecord> & { id: string }): PatternRecord {
  return {
    version: 1,
    triggerText: 'do you have parking',
    responseTemplate: 'Yes, parking is free behind the building.',
    patternType: 'answer',
    isEdited: false,
    isActive: false,
    isRetired: false,
    confidence: 0.5,
    ...overrides,
  };
}

export function prepare(customerText: string, operatorText: string, previousOperatorText = '') {
  return prepareExchange({
    customerText,
    previousOperatorText,
    operatorText,
    customerHasMedia: false,
    operatorHasMedia: false,
  });
}

/** Learns one exchange as the use case does, and returns the plan with the pattern that it ended in. */
export function teach(
  model: Model,
  exchangeId: string,
  customerText: string,
  operatorText: string,
  previousOperatorText = '',
): { plan: LearnPlan; patternId: string } {
  const prepared = prepare(customerText, operatorText, previousOperatorText);
  if (!prepared.ok) throw new Error(`not learnable: ${prepared.skip} ${prepared.detail}`);
  const plan = learnExchange(model, { ...prepared.example, exchangeId }, null);
  const patternId = plan.kind === 'join' ? plan.patternId : `pattern-of-${exchangeId}`;
  if (plan.kind === 'create') {
    const { triggerText, responseTemplate, patternType } = plan;
    putPattern(model, makePattern({ id: patternId, triggerText, responseTemplate, patternType }));
  }
  putExample(model, { exchangeId, patternId, ...prepared.example });
  return { plan, patternId };
}

/** A small golf business with three known answers: exchange, customer, operator. */
export const GOLF_LINE: readonly (readonly [string, string, string])[] = [
  ['a1', 'do you have parking?', 'Yes, parking is free behind the building.'],
  ['a2', 'where can I leave my car', 'Parking is free, behind the building.'],
  ['b1', 'what are your hours', 'We open at 9 am and close at 10 pm every day.'],
  ['b2', 'when do you close tonight?', 'We close at 10 pm every day.'],
  ['c1', 'the screen in my bay is frozen', 'Please restart the computer with the button under the desk.'],
  ['c2', 'simulator froze up again', 'Restart the computer with the button under the desk please.'],
];

export function makeTaughtModel(): Model {
  const model = createModel();
  for (const [id, customerText, operatorText] of GOLF_LINE) teach(model, id, customerText, operatorText);
  return model;
}
