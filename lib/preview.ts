/**
 * "What would you do with this text?": the live matcher, with the very preparation, decision and settings of a delivery. The
 * law: nothing is written, and the text is neither logged nor kept.
 */
import * as z from 'zod';
import { findCustomerTexts } from '../db/exchange-texts.js';
import { findPreviewContext, type PreviewContext } from '../db/preview.js';
import { plainText } from './http/text.js';
import { type Decision, decide, type Gate } from './learning/decide.js';
import { abstain } from './learning/follow-thread.js';
import { matchText } from './learning/matcher.js';
import type { Model } from './learning/model.js';
import { type PreparedQuery, prepareQuery } from './learning/prepare.js';
import { fillTemplate, findFilling } from './learning/slots.js';
import { knownRevision, loadMatcher, refreshMatcher } from './matcher.js';
import { requireSchema } from './require-schema.js';
import { readSettings } from './settings.js';

export const previewRequest = z.strictObject({
  text: plainText(5_000).min(1),
  previousOperatorText: plainText(5_000).optional(),
});

export async function preview({ text, previousOperatorText }: z.infer<typeof previewRequest>) {
  const context = await findPreviewContext(knownRevision());
  requireSchema(context.level);
  const settings = readSettings(context.config);
  const { model } = refreshMatcher(context.learning) ?? (await loadMatcher());
  const prepared = prepareQuery({
    customerText: text,
    previousOperatorText: previousOperatorText ?? '',
    customerHasMedia: false,
  });
  const decision = prepared.ok ? decide(model, prepared.query, settings) : abstain(prepared.skip);
  const closed = findLearningGate(settings.enabled, context.isLatched);
  const match =
    prepared.ok && decision.patternId !== null ? await describe(model, prepared.query, decision, context) : undefined;
  return {
    decision: closed ? ('abstained' as const) : decision.kind,
    ...(match && { match }),
    alternatives: decision.alternatives.map(({ patternId, matchConfidence }) => {
      const { triggerText, responseTemplate } = model.patterns.get(patternId)!.record;
      return { patternId, triggerText, text: responseTemplate, matchConfidence };
    }),
    gates: closed ? [closed, ...decision.gates] : decision.gates,
    reasons: closed ? ['learning_off', ...decision.reasons] : decision.reasons,
  };
}

/** While learning is off no delivery is decided; what would be said is shown all the same. */
function findLearningGate(isEnabled: boolean, isLatched: boolean): Gate | null {
  if (isEnabled && !isLatched) return null;
  return { id: 'learning', ok: false, measured: isLatched ? 'kill_switch' : 'off', required: 'on' };
}

/** The pattern that was found, its words with the blanks filled where they can be, and the examples that led there. */
async function describe(model: Model, query: PreparedQuery, decision: Decision, context: PreviewContext) {
  const { record } = model.patterns.get(decision.patternId!)!;
  const { values } = findFilling(record.responseTemplate, [query.rawCustomerText, query.previousOperatorText]);
  const examples = matchText(model, query).explanation.examples.filter(example => example.patternId === record.id);
  const texts = await findCustomerTexts(
    examples.map(({ exchangeId }) => exchangeId).filter(id => model.examples.has(id)),
  );
  return {
    patternId: record.id,
    version: record.version,
    triggerText: record.triggerText,
    text: record.responseTemplate,
    filledText: fillTemplate(record.responseTemplate, values),
    matchConfidence: decision.matchConfidence,
    expectedAgreement: decision.expected,
    confidence: record.confidence,
    isInForce: context.inForce.includes(record.id),
    examples: examples.map(({ exchangeId, similarity }) => ({
      // A pattern's own words stand for themselves where no exchange does.
      customerText: texts[exchangeId] ?? record.triggerText,
      similarity,
    })),
  };
}
