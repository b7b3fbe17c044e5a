/** How common a word is in print: the words that the shipped vectors know, by frequency. The law: it never changes at run time. */
import { WORDS } from './word-vectors.js';

/** Words up to this rank are everyday words, whatever a business does. */
const EVERYDAY_RANK = 4_000;

let ranks: Map<string, number> | null = null;

/** Among the 20,000 most frequent words. Surnames and towns are among them too. @param word in small letters */
export function isWritten(word: string): boolean {
  return readRanks().has(word);
}

export function isEveryday(word: string): boolean {
  return (readRanks().get(word) ?? EVERYDAY_RANK) < EVERYDAY_RANK;
}

/** Read when first needed: functions that redact nothing never pay for it. */
function readRanks(): Map<string, number> {
  ranks ??= new Map(WORDS.split(' ').map((word, rank) => [word, rank]));
  return ranks;
}
