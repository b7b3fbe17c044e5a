/**
 * Judges a shadow decision by what the operator really wrote. The law: only the joined pattern and the words decide; an
 * operator turn from which nothing may be learned judges nobody.
 */
import { tokenize } from './normalise.js';
import type { Agreement } from './types.js';

/** Token F1 from which two templated replies count as the same; range 0-1, lower calls more decisions agreed. */
export const AGREEMENT_F1 = 0.5;

/**
 * @param replyText the operator's templated reply, null where the turn is not learnable
 * @returns f1 0-1, null where ignored
 */
export function judge(input: {
  predictedPatternId: string;
  predictedTemplate: string;
  joinedPatternId: string | null;
  replyText: string | null;
}): { agreement: Agreement; f1: number | null } {
  if (input.replyText === null) return { agreement: 'ignored', f1: null };
  const f1 = tokenF1(input.predictedTemplate, input.replyText);
  const hasJoined = input.joinedPatternId === input.predictedPatternId;
  return { agreement: hasJoined || f1 >= AGREEMENT_F1 ? 'agreed' : 'disagreed', f1 };
}

/** Harmonic mean of precision and recall over the two texts' distinct tokens; 0 where either has none. */
export function tokenF1(a: string, b: string): number {
  const left = new Set(tokenize(a));
  const right = new Set(tokenize(b));
  let shared = 0;
  for (const token of left) if (right.has(token)) shared++;
  const total = left.size + right.size;
  return total === 0 ? 0 : (2 * shared) / total;
}
