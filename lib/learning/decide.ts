/**
 * Makes the shadow decision for one customer turn: what would have been said, or which gate said no. The law: any doubt
 * abstains and says why, and the best candidate is recorded either way, so that abstaining can be judged too.
 */
import { type Match, matchText } from './matcher.js';
import type { Model } from './model.js';
import type { PreparedQuery } from './prepare.js';
import { findFilling } from './slots.js';

export type Gate = {
  id: string;
  ok: boolean;
  measured: number | string | boolean | null;
  required: number | string | boolean | null;
};

export type Decision = {
  kind: 'would_reply' | 'abstained';
  patternId: string | null;
  patternVersion: number | null;
  matchConfidence: number | null;
  /** Match confidence before it was adjusted to this business. */
  shippedConfidence: number | null;
  /** Match confidence × the pattern's confidence. */
  expected: number | null;
  /** Codes; empty where it would reply. */
  reasons: string[];
  gates: Gate[];
  alternatives: { patternId: string; matchConfidence: number }[];
};

/** Match confidence from which it would reply, while the business has not set its own. Range 0-1. */
export const DEFAULT_MATCH_THRESHOLD = 0.5;

export function decide(model: Model, query: PreparedQuery, settings: { matchThreshold: number }): Decision {
  return decideOn(matchText(model, query), query, settings);
}

/** The decision on a match that is known already. */
export function decideOn(
  { best, shippedConfidence, alternatives, explanation }: Match,
  query: PreparedQuery,
  settings: { matchThreshold: number },
): Decision {
  if (!best) {
    const id = explanation.hasFeatures ? 'no_candidate' : 'no_features';
    return {
      kind: 'abstained',
      patternId: null,
      patternVersion: null,
      matchConfidence: null,
      shippedConfidence: null,
      expected: null,
      reasons: [id],
      gates: [{ id, ok: false, measured: 0, required: 1 }],
      alternatives: [],
    };
  }
  const { missing } = findFilling(best.text ?? '', [query.rawCustomerText, query.previousOperatorText]);
  const gates: Gate[] = [
    {
      id: 'below_match_threshold',
      // Written so that a NaN on either side says no.
      ok: best.matchConfidence >= settings.matchThreshold,
      measured: best.matchConfidence,
      required: settings.matchThreshold,
    },
    { id: 'unfillable', ok: missing.length === 0, measured: missing.length, required: 0 },
  ];
  const reasons = gates.filter(gate => !gate.ok).map(gate => gate.id);
  return {
    kind: reasons.length === 0 ? 'would_reply' : 'abstained',
    patternId: best.patternId,
    patternVersion: best.version,
    matchConfidence: best.matchConfidence,
    shippedConfidence,
    expected: best.expected,
    reasons,
    gates,
    alternatives: alternatives.map(({ patternId, matchConfidence }) => ({ patternId, matchConfidence })),
  };
}
