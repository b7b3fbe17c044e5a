/**
 * The words of all examples, each with a number: examples hold numbers, and the index finds a word's examples by it. A word
 * that is spelt a little differently is found by the pieces of spelling that both have.
 */
import type { Token } from './features.js';
import { addShortened, removeShortened } from './spelling.js';
import type { Word } from './words.js';

export type Lexicon = {
  /** By number; null where the last text with that word went. */
  readonly words: (Word | null)[];
  readonly numbers: Map<string, number>;
  /** How many texts hold each word. */
  readonly uses: number[];
  readonly free: number[];
  /** Numbers of words by a piece of their spelling; filled when first needed, up to number `spelt`. */
  readonly bySpelling: Map<number, number[]>;
  spelt: number;
  /** Likewise, by what is left of a word when a letter is missing (`spelling.ts`), up to number `corrected`. */
  readonly byShortened: Map<number, number[]>;
  corrected: number;
};

/** Share of spelling from which two words count as forms of one ("parking", "prking"); lower finds more and costs more. */
const ALIKE = 0.35;

export function createLexicon(): Lexicon {
  return {
    words: [],
    numbers: new Map(),
    uses: [],
    free: [],
    bySpelling: new Map(),
    spelt: 0,
    byShortened: new Map(),
    corrected: 0,
  };
}

export function numberOf(lexicon: Lexicon, word: Word): number {
  const known = lexicon.numbers.get(word.token);
  if (known !== undefined) return known;
  const number = lexicon.free.pop() ?? lexicon.words.length;
  lexicon.words[number] = word;
  lexicon.uses[number] = 0;
  lexicon.numbers.set(word.token, number);
  if (number < lexicon.spelt) addSpelling(lexicon, number);
  if (number < lexicon.corrected) addShortened(lexicon, number);
  return number;
}

/** A text holds the word. */
export function holdWord(lexicon: Lexicon, number: number): void {
  lexicon.uses[number]!++;
}

/** A text is gone; a word that no other one holds goes with it, so that nothing an erased customer wrote stays. */
export function releaseWord(lexicon: Lexicon, number: number): void {
  if (--lexicon.uses[number]! > 0) return;
  const { token, grams } = lexicon.words[number]!;
  if (number < lexicon.spelt) {
    for (const gram of new Set(grams)) {
      const rest = lexicon.bySpelling.get(gram)!.filter(other => other !== number);
      if (rest.length > 0) lexicon.bySpelling.set(gram, rest);
      else lexicon.bySpelling.delete(gram);
    }
  }
  if (number < lexicon.corrected) removeShortened(lexicon, number);
  lexicon.numbers.delete(token);
  lexicon.words[number] = null;
  lexicon.free.push(number);
}

/** Its number and whether it is a name, in one. */
export function packTokens(lexicon: Lexicon, tokens: readonly Token[]): Int32Array {
  return Int32Array.from(tokens, ({ word, isName }) => numberOf(lexicon, word) * 2 + Number(isName));
}

export function unpackTokens(lexicon: Lexicon, packed: Int32Array): Token[] {
  return Array.from(packed, value => ({ word: lexicon.words[value >> 1]!, isName: (value & 1) === 1 }));
}

/** @returns the known words that are spelt alike, the word itself left out, with the share of spelling that both have (0-1) */
export function findAlike(lexicon: Lexicon, word: Word): { number: number; share: number }[] {
  if (word.grams.length === 0) return [];
  for (; lexicon.spelt < lexicon.words.length; lexicon.spelt++) addSpelling(lexicon, lexicon.spelt);
  const shared = new Map<number, number>();
  for (const gram of new Set(word.grams))
    for (const number of lexicon.bySpelling.get(gram) ?? []) shared.set(number, (shared.get(number) ?? 0) + 1);
  const alike: { number: number; share: number }[] = [];
  for (const [number, count] of shared) {
    const other = lexicon.words[number]!;
    const share = Math.min(1, count / Math.sqrt(word.grams.length * other.grams.length));
    if (share >= ALIKE && other.token !== word.token) alike.push({ number, share });
  }
  return alike;
}

function addSpelling(lexicon: Lexicon, number: number): void {
  for (const gram of lexicon.words[number]?.grams ?? []) {
    const numbers = lexicon.bySpelling.get(gram);
    if (numbers) numbers.push(number);
    else lexicon.bySpelling.set(gram, [number]);
  }
}
