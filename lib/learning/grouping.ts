/**
 * Decides which pattern an exchange belongs to. The law: the reply decides first and the question second, so one question
 * with two answers is two patterns and two phrasings of a question with one answer are one.
 */
import { compare, findCandidates } from './candidates.js';
import type { Doc } from './doc.js';
import { readTokens, readTrigger, type Vector, vectorOfReply, vectorOfTrigger } from './features.js';
import { type Model, sampleDocs } from './model.js';
import { cosinesWith } from './similarity.js';

/** Grouping score from which an exchange joins a pattern; lower means fewer and vaguer patterns. Range 0-1. */
export const JOIN_THRESHOLD = 0.385;
/** From here to the threshold a pattern is a possible duplicate, for an admin to merge. */
export const DUPLICATE_THRESHOLD = 0.31;
/** The reply's share in the score; the rest is the question's. */
const REPLY_SHARE = 0.7;
/**
 * The best link's share in a side's similarity; the rest is the mean over the sample. A pattern's questions may differ more
 * than its replies do.
 */
const BEST_LINK_SHARE = { reply: 0.5, trigger: 0.8 };
/** Members of a pattern that are compared: with few, a large pattern splits up (12 to 48 gave +.02 NMI). */
const SAMPLE_SIZE = 60;
/** Postings visited to find candidates, and patterns that are compared in full. */
const POSTINGS_BUDGET = 30_000;
const CANDIDATE_DOCS = 120;
const CANDIDATE_PATTERNS = 30;
/** Members compared at first, and the patterns that are then compared in full: reading all of all would take most of the time. */
const FIRST_SAMPLE = 12;
const COMPARED_PATTERNS = 8;
const MAX_DUPLICATES = 3;

export type GroupingText = { customerText: string; previousOperatorText: string; replyText: string };
export type GroupScore = { id: string; similarity: number };

/**
 * @param exceptExchangeId the exchange's own old example, which must not vote for itself
 * @returns patterns by falling score, ties by id; retired ones too, since they absorb what belongs to them
 */
export function scoreGroups(model: Model, text: GroupingText, exceptExchangeId: string | null): GroupScore[] {
  const tokens = readTokens(text.replyText);
  const reply = vectorOfReply(tokens);
  if (!reply) return [];
  const read = readTrigger(text.customerText, text.previousOperatorText);
  const trigger = read && vectorOfTrigger(read);
  const parts = [{ side: 'reply' as const, tokens, share: 1 }];
  const candidates = findCandidates(model.index, parts, POSTINGS_BUDGET, CANDIDATE_DOCS);
  const patternIds = new Set<string>();
  for (const doc of candidates) {
    if (patternIds.size >= CANDIDATE_PATTERNS) break;
    if (doc.key !== exceptExchangeId && model.patterns.has(doc.patternId)) patternIds.add(doc.patternId);
  }
  const score = (ids: Iterable<string>, sampleSize: number) =>
    scorePatterns(model, reply, trigger, ids, sampleSize, exceptExchangeId);
  const first = score(patternIds, FIRST_SAMPLE).slice(0, COMPARED_PATTERNS);
  return score(
    first.map(({ id }) => id),
    SAMPLE_SIZE,
  );
}

function scorePatterns(
  model: Model,
  reply: Vector,
  trigger: Vector | null,
  ids: Iterable<string>,
  sampleSize: number,
  exceptExchangeId: string | null,
): GroupScore[] {
  const samples = [...ids].flatMap(id => {
    const docs = sampleDocs(model, model.patterns.get(id)!, sampleSize, exceptExchangeId);
    return docs.length > 0 ? [{ id, docs }] : [];
  });
  const replyLinks = linkToAll('reply', reply, samples);
  const triggerLinks = linkToAll('trigger', trigger, samples);
  const scores = samples.map(({ id }, i) => {
    const score = REPLY_SHARE * replyLinks[i]! + (1 - REPLY_SHARE) * triggerLinks[i]!;
    // Rounding may pass 1.
    return { id, similarity: Math.min(1, Math.round(score * 1e9) / 1e9) };
  });
  return scores.sort((a, b) => b.similarity - a.similarity || compare(a.id, b.id));
}

/** The patterns that an admin may want to merge with `ownId`. */
export function listDuplicates(scores: readonly GroupScore[], ownId: string | null): GroupScore[] {
  return scores.filter(score => score.id !== ownId && score.similarity >= DUPLICATE_THRESHOLD).slice(0, MAX_DUPLICATES);
}

/** The best link and the mean together: one twin is not enough, and one stranger does not spoil a group. */
function linkToAll(side: 'reply' | 'trigger', vector: Vector | null, samples: readonly { docs: Doc[] }[]): number[] {
  if (!vector) return samples.map(() => 0);
  const cosines = cosinesWith(
    vector,
    samples.flatMap(({ docs }) => docs.map(doc => doc[side])),
  );
  let at = 0;
  return samples.map(({ docs }) => {
    let best = 0;
    let sum = 0;
    for (const end = at + docs.length; at < end; at++) {
      best = Math.max(best, cosines[at]!);
      sum += cosines[at]!;
    }
    return BEST_LINK_SHARE[side] * best + (1 - BEST_LINK_SHARE[side]) * (sum / docs.length);
  });
}
