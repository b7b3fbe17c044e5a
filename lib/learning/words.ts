/**
 * Words as the features need them: hashed, with the pieces of their spelling, and how rare they are. A word is the same wherever
 * it stands, so each is worked out once.
 */
import { backgroundLevel } from './background-words.js';
import { NUMBER_TOKEN } from './normalise.js';

export type Word = {
  readonly token: string;
  readonly hash: number;
  /** Hashes of its character 3-5-grams, with marks at both ends: typos and inflections share most of them. */
  readonly grams: Int32Array;
  /** What one of the grams weighs beside the word: all of them together `NGRAM_WEIGHT`. */
  readonly gramScale: number;
  /** Rarity, 2 (in every other text) to about 9. */
  readonly level: number;
  /** A slot or number stands for values of a kind. */
  readonly kind: 'word' | 'value' | 'question';
};

/** All character n-grams of a word together, in shares of the word's own weight. */
const NGRAM_WEIGHT = 0.5;
/** Rarity of a slot or number: it says what kind of thing stands there, less than a content word does. */
const VALUE_LEVEL = 4;
const QUESTION_LEVEL = 2;
/** Longest spelling that is read; longer words are no words. */
const MAX_SPELLING = 40;

/** Words seen before; emptied when full, and never part of an answer. */
const seen = new Map<string, Word>();
const MAX_SEEN = 20_000;

export function readWord(token: string): Word {
  const known = seen.get(token);
  if (known) return known;
  if (seen.size >= MAX_SEEN) seen.clear();
  const word = makeWord(token);
  seen.set(token, word);
  return word;
}

function makeWord(token: string): Word {
  const hash = hashText(token);
  const unspelt = { token, hash, grams: new Int32Array(0), gramScale: 0 };
  if (token === '?') return { ...unspelt, level: QUESTION_LEVEL, kind: 'question' };
  if (token.startsWith('{{') || token === NUMBER_TOKEN) return { ...unspelt, level: VALUE_LEVEL, kind: 'value' };
  const padded = `<${token.slice(0, MAX_SPELLING)}>`;
  // Scripts without spaces carry a word in one or two characters.
  const isDense = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Thai}/u.test(token);
  const grams: number[] = [];
  for (const size of isDense ? [1, 2] : [3, 4, 5]) {
    // The marks at both ends are no pieces by themselves: every word has them.
    const edge = size === 1 ? 1 : 0;
    for (let i = edge; i + size <= padded.length - edge; i++) grams.push(hashText(`~${padded.slice(i, i + size)}`));
  }
  return {
    token,
    hash,
    grams: Int32Array.from(grams),
    gramScale: (isDense ? 1 : NGRAM_WEIGHT) / Math.sqrt(grams.length),
    level: backgroundLevel(token),
    kind: 'word',
  };
}

/** FNV-1a with a final mix, 32 bits, signed. */
export function hashText(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return mix(value);
}

/** Spreads a number over 32 bits, so that numbers that are near each other do not stay so. */
export function mix(value: number): number {
  let mixed = value ^ (value >>> 15);
  mixed = Math.imul(mixed, 0x2c1b3c6d);
  mixed ^= mixed >>> 12;
  mixed = Math.imul(mixed, 0x297a2d39);
  return mixed ^ (mixed >>> 15);
}
