/**
 * Finds the pattern that fits a customer's text. The law: similarity alone decides which pattern; how often the pattern was
 * right only ranks the answer afterwards (`expected`), and nothing here can come out as NaN.
 */
import { calibrate, readSignals } from './calibrator.js';
import { compare, findCandidates } from './candidates.js';
import type { Doc } from './doc.js';
import { listTrigrams, readTrigger, type Trigger, vectorOfTrigger } from './features.js';
import { closeness, type Meaning, meaningCosine, readMeaning } from './meaning.js';
import { type Model, middleOfPattern, type PatternEntry, sampleDocs } from './model.js';
import { castVotes } from './neighbourhood.js';
import { adjust } from './recalibration.js';
import { cosinesWith, crossCosines, jaccard } from './similarity.js';
import { correctSpelling } from './spelling.js';

export type MatchQuery = { customerText: string; previousOperatorText: string };

export type Candidate = {
  patternId: string;
  version: number;
  /** 0-1, calibrated: how often a match like this one was the right pattern. */
  matchConfidence: number;
  /** matchConfidence × the pattern's confidence. */
  expected: number;
  /** The template with its slots as they are. */
  text: string | null;
};

export type Match = {
  best: Candidate | null;
  /** The best one's match confidence by the shipped constants, before it was adjusted to this business; 0 without one. */
  shippedConfidence: number;
  /** At most two. */
  alternatives: Candidate[];
  explanation: MatchExplanation;
};

/** Codes, numbers and ids only: it may be logged and shown. */
export type MatchExplanation = {
  hasFeatures: boolean;
  examples: { exchangeId: string; patternId: string; similarity: number }[];
  scores: { patternId: string; vote: number; similarity: number; trigram: number }[];
  signals: Record<string, number>;
};

/** Postings a query may visit; bounds its time whatever the number of examples. */
const POSTINGS_BUDGET = 12_000;
/** What the operator's turn before counts in choosing whom to compare. */
const CONTEXT_SHARE = 0.64;
/** Documents among which those are chosen: what was said many times over ("ok") is compared once. */
const RANKED_DOCS = 300;
/** Documents whose words are compared with the query's in full. */
const COMPARED_DOCS = 120;
/** Patterns that are about the same, whatever their words, and how many of each one's examples are compared. */
const CLOSE_PATTERNS = 12;
const CLOSE_EXAMPLES = 6;
/**
 * What a text is about beside its words, in their similarity: its cosine, and the same to the fifth power, which only texts
 * about nearly the same thing share. Odd powers of cosines, unclipped, so that the kernel stays positive semi-definite.
 */
const MEANING_WEIGHT = 0.3;
const SAME_MEANING_WEIGHT = 0.5;
/** Examples that vote, and of one pattern: a pattern of many examples may not fill the neighbourhood with its own. */
const NEIGHBOURS = 80;
const NEIGHBOURS_OF_ONE = 20;

/** Examples that explain a match: of the pattern that was chosen, and of others. */
const SHOWN_OF_BEST = 3;
const SHOWN_OF_OTHERS = 2;

type PatternScore = { patternId: string; vote: number; similarity: number; trigram: number };

/** One of the examples that say the same. */
type Near = { doc: Doc; count: number; similarity: number };

export function matchText(model: Model, query: MatchQuery): Match {
  const written = readTrigger(query.customerText, query.previousOperatorText);
  if (!written) return emptyMatch(false);
  const trigger = { ...written, customer: correctSpelling(model.index.lexicon, written.customer) };
  const neighbours = findNeighbours(model, trigger);
  if (neighbours.length === 0) return emptyMatch(true);

  const scores = scorePatterns(trigger, neighbours);
  const [first, second] = scores;
  const signals = readSignals({
    vote: first!.vote,
    secondVote: second?.vote ?? 0,
    similarity: first!.similarity,
    trigram: first!.trigram,
    tokens: trigger.customer.length,
    patterns: countAnswering(model),
    examples: model.patterns.get(first!.patternId)!.members.length,
  });
  const toCandidate = (score: PatternScore, matchConfidence: number): Candidate => {
    const { record } = model.patterns.get(score.patternId)!;
    return {
      patternId: record.id,
      version: record.version,
      matchConfidence,
      expected: matchConfidence * record.confidence,
      text: record.responseTemplate,
    };
  };
  const shipped = calibrate(signals);
  const confidence = adjust(shipped, model.recalibration);
  return {
    best: toCandidate(first!, confidence),
    shippedConfidence: shipped,
    alternatives: scores.slice(1, 3).map(score => {
      const share = first!.vote > 0 ? Math.max(0, score.vote) / first!.vote : 0;
      return toCandidate(score, Math.min(confidence, (1 - confidence) * share));
    }),
    explanation: {
      hasFeatures: true,
      examples: listShown(neighbours, first!.patternId).map(({ doc, similarity }) => ({
        exchangeId: doc.key,
        patternId: doc.patternId,
        similarity,
      })),
      scores: scores.slice(0, 3),
      signals,
    },
  };
}

/** The best pattern's own nearest examples, and those that are nearer than they are. */
function listShown(neighbours: readonly Near[], patternId: string): Near[] {
  const own = neighbours.filter(({ doc }) => doc.patternId === patternId).slice(0, SHOWN_OF_BEST);
  const others = neighbours.filter(({ doc }) => doc.patternId !== patternId).slice(0, SHOWN_OF_OTHERS);
  return [...own, ...others].sort((a, b) => b.similarity - a.similarity || compare(a.doc.key, b.doc.key));
}

/** The nearest first, by words and by what they are about. */
function findNeighbours(model: Model, trigger: Trigger): Near[] {
  const meaning = readMeaning(trigger.customer);
  const parts = [
    { side: 'customer' as const, tokens: trigger.customer, share: 1 },
    { side: 'previous' as const, tokens: trigger.previous ?? [], share: CONTEXT_SHARE },
  ];
  const near = groupAlike(model, findCandidates(model.index, parts, POSTINGS_BUDGET, RANKED_DOCS), meaning);
  const cosines = cosinesWith(
    vectorOfTrigger(trigger),
    near.map(({ doc }) => doc.trigger),
  );
  near.forEach((each, i) => {
    // Opposite meanings are as far away as none; rounding may pass 1.
    const similarity = blend(cosines[i]!, meaningCosine(meaning, each.doc.meaning));
    each.similarity = round(Math.min(1, Math.max(0, similarity)));
  });
  near.sort((a, b) => b.similarity - a.similarity || compare(a.doc.key, b.doc.key));
  const taken = new Map<string, number>();
  return near
    .filter(({ doc }) => {
      const count = (taken.get(doc.patternId) ?? 0) + 1;
      taken.set(doc.patternId, count);
      return count <= NEIGHBOURS_OF_ONE;
    })
    .slice(0, NEIGHBOURS);
}

/** The first of those that say the same, and how many they are; what is only near in meaning comes last. */
function groupAlike(model: Model, ranked: readonly Doc[], meaning: Meaning | null): Near[] {
  const near: Near[] = [];
  const byWords = new Map<number, Near[]>();
  const counted = new Set<Doc>();
  const add = (doc: Doc, canBeNew: boolean) => {
    if (doc.texts.customer.length === 0 || counted.has(doc) || !mayAnswer(model, doc)) return;
    const alike = byWords.get(doc.triggerHash);
    const known = alike?.find(other => doc.asksTheSame(other.doc));
    if (!known && !canBeNew) return;
    counted.add(doc);
    if (known) {
      known.count++;
      return;
    }
    const added = { doc, count: 1, similarity: 0 };
    near.push(added);
    if (alike) alike.push(added);
    else byWords.set(doc.triggerHash, [added]);
  };
  for (const doc of ranked) add(doc, near.length < COMPARED_DOCS);
  for (const entry of listClosePatterns(model, meaning))
    for (const doc of sampleDocs(model, entry, CLOSE_EXAMPLES, null)) add(doc, true);
  return near;
}

function listClosePatterns(model: Model, meaning: Meaning | null): PatternEntry[] {
  if (!meaning) return [];
  const close: { entry: PatternEntry; similarity: number }[] = [];
  for (const entry of model.patterns.values()) {
    if (entry.record.isRetired) continue;
    const similarity = closeness(meaning, middleOfPattern(model, entry));
    if (similarity > 0) close.push({ entry, similarity });
  }
  close.sort((a, b) => b.similarity - a.similarity || compare(a.entry.record.id, b.entry.record.id));
  return close.slice(0, CLOSE_PATTERNS).map(({ entry }) => entry);
}

function blend(words: number, meaning: number): number {
  const square = meaning * meaning;
  const sum = words + meaning * (MEANING_WEIGHT + SAME_MEANING_WEIGHT * square * square);
  return sum / (1 + MEANING_WEIGHT + SAME_MEANING_WEIGHT);
}

function scorePatterns(trigger: Trigger, neighbours: readonly Near[]): PatternScore[] {
  const cosines = crossCosines(neighbours.map(({ doc }) => doc.trigger!));
  const meanings = neighbours.map(({ doc }) => doc.meaning);
  const votes = castVotes(
    neighbours.map(({ doc, similarity, count }) => ({ patternId: doc.patternId, similarity, count })),
    (i, j) => blend(cosines[i]![j]!, meaningCosine(meanings[i]!, meanings[j]!)),
  );
  const trigrams = listTrigrams(trigger.customer);
  const scores = [...votes].map(([patternId, vote]) => ({ patternId, vote: round(vote), similarity: 0, trigram: 0 }));
  const byPattern = new Map(scores.map(score => [score.patternId, score]));
  scores.sort((a, b) => b.vote - a.vote || compare(a.patternId, b.patternId));
  const shown = new Set(scores.slice(0, 3));
  for (const { doc, similarity } of neighbours) {
    const score = byPattern.get(doc.patternId)!;
    score.similarity = Math.max(score.similarity, similarity);
    if (shown.has(score)) score.trigram = Math.max(score.trigram, round(jaccard(trigrams, doc.trigrams)));
  }
  return scores;
}

/** What is retired says nothing about how many questions this business knows. */
function countAnswering(model: Model): number {
  let count = 0;
  for (const { record } of model.patterns.values()) if (!record.isRetired) count++;
  return count;
}

function mayAnswer(model: Model, doc: Doc): boolean {
  const record = model.patterns.get(doc.patternId)?.record;
  return record !== undefined && !record.isRetired;
}

function emptyMatch(hasFeatures: boolean): Match {
  return {
    best: null,
    shippedConfidence: 0,
    alternatives: [],
    explanation: { hasFeatures, examples: [], scores: [], signals: {} },
  };
}

/** Nine decimals: sums of floats in another order differ in the sixteenth and must not turn a tie. */
function round(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}
