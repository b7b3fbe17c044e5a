/**
 * How often a match like this one is the right pattern: a logistic model of a few signals, fitted once on public intents. The
 * law: a higher vote never means less confidence, and whatever the signals, what comes out is a number from 0 to 1.
 */

export type MatchFacts = {
  /** The best pattern's vote and the second's; 0 where there is none. */
  vote: number;
  secondVote: number;
  /** The best example's similarity, and its trigrams' Jaccard index. */
  similarity: number;
  trigram: number;
  /** Tokens of the text. */
  tokens: number;
  /** Patterns there are, and examples of the best one. */
  patterns: number;
  examples: number;
};

/** Each about 0 to 1, but for `voteLog`, which is about -3.5 to 0. */
export type Signals = Record<keyof typeof WEIGHTS, number>;

/**
 * Fitted by scripts/fit-calibrator.ts, in changes of the log odds. The vote counts with its logarithm, less its own weight:
 * steep from none to some, flat from much to more. Similarity counts against a match: where many patterns are near, a text
 * says little, and the vote has its share of it already. Many examples too, since they vote more easily; many patterns count
 * for it: on a young line most texts belong to none, and a vote that wins among many is worth more.
 */
const OFFSET = 3.6;
const WEIGHTS = {
  vote: -2.62,
  voteLog: 3.14,
  margin: 3.3,
  similarity: -4.8,
  trigram: 3.03,
  length: 0.93,
  size: 3.2,
  examples: -1.4,
};
/** Votes outside this range say no more than its ends: 0.03 to 1.2. */
const SMALLEST_VOTE = 0.03;
const LARGEST_VOTE = 1.2;
/** Tokens from which on a text is long. */
const LONG_TEXT = 12;
/** Patterns and examples that count as 1; the most that were seen when fitting. */
const MANY = 100;
const MOST_PATTERNS = 150;
const MOST_EXAMPLES = 100;

export function readSignals(facts: MatchFacts): Signals {
  const vote = Math.min(LARGEST_VOTE, Math.max(0, facts.vote));
  return {
    vote,
    voteLog: Math.log(Math.max(SMALLEST_VOTE, vote)),
    margin: vote - Math.min(vote, Math.max(0, facts.secondVote)),
    similarity: facts.similarity,
    trigram: facts.trigram,
    length: Math.min(1, facts.tokens / LONG_TEXT),
    size: Math.log(Math.min(MOST_PATTERNS, Math.max(1, facts.patterns))) / Math.log(MANY),
    examples: Math.log(1 + Math.min(MOST_EXAMPLES, facts.examples)) / Math.log(MANY),
  };
}

/** @returns 0-1 */
export function calibrate(signals: Signals): number {
  let logOdds = OFFSET;
  for (const name of SIGNAL_NAMES) logOdds += WEIGHTS[name] * signals[name];
  return 1 / (1 + Math.exp(-logOdds));
}

const SIGNAL_NAMES = Object.keys(WEIGHTS) as (keyof typeof WEIGHTS)[];
