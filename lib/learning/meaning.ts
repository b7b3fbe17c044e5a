/**
 * What a text is about, apart from its words: the mean of its words' vectors, rare words counting more. In whole numbers, so
 * that sums of many are the same in every order.
 */
import type { Token } from './features.js';
import { COMPONENTS, VECTORS, WORDS } from './word-vectors.js';
import type { Word } from './words.js';

/** A vector of length `UNIT`, in whole numbers. */
export type Meaning = Int16Array;

/** Length of a meaning: rounding to it moves a cosine by less than 0.0001, and squares stay far below 2^53. */
const UNIT = 10_000;

/** A word's rarity is raised to this power, as in `features.ts`: 1 leaves two points of coverage to the one rare word. */
const RARITY_POWER = 0.7;
/** A word without a vector gets a random one, its own: texts that share it are nearer, and others farther away. */
const UNKNOWN_WEIGHT = 0.6;

type Table = { rows: Map<string, number>; packed: Uint8Array };
let table: Table | null = null;

/** Decoded when first needed: functions that match nothing never pay for it. */
function readTable(): Table {
  if (!table) {
    const letters = atob(VECTORS);
    const packed = new Uint8Array(letters.length);
    for (let i = 0; i < letters.length; i++) packed[i] = letters.charCodeAt(i);
    table = { rows: new Map(WORDS.split(' ').map((word, row) => [word, row])), packed };
  }
  return table;
}

/** Whether it is among the 20,000 most frequent English words. */
export function isEnglishWord(token: string): boolean {
  return readTable().rows.has(token);
}

/** What a word adds to a text's meaning. */
type Part = { isKnown: boolean; vector: Float64Array };
/** By the word; a word is the same wherever it stands. */
const parts = new WeakMap<Word, Part>();

/** @returns null for a text without a known word: it is near to nothing */
export function readMeaning(tokens: readonly Token[]): Meaning | null {
  const sum = new Float64Array(COMPONENTS);
  let isKnown = false;
  for (const { word } of tokens) {
    const part = readPart(word);
    isKnown ||= part.isKnown;
    for (let i = 0; i < COMPONENTS; i++) sum[i]! += part.vector[i]!;
  }
  return isKnown ? toMeaning(sum) : null;
}

function readPart(word: Word): Part {
  const known = parts.get(word);
  if (known) return known;
  const { rows, packed } = readTable();
  const row = rows.get(word.token);
  const vector = row === undefined ? drawVector(word.hash) : unpackVector(packed, row);
  const weight = word.level ** RARITY_POWER * (row === undefined ? UNKNOWN_WEIGHT : 1);
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1;
  const part = { isKnown: row !== undefined, vector: vector.map(value => (value / norm) * weight) };
  parts.set(word, part);
  return part;
}

function unpackVector(packed: Uint8Array, row: number): Float64Array {
  const bytes = packed.subarray((row * COMPONENTS) / 2, ((row + 1) * COMPONENTS) / 2);
  return Float64Array.from({ length: COMPONENTS }, (_, i) => {
    const byte = bytes[i >> 1]!;
    return (i % 2 === 0 ? byte >> 4 : byte & 15) - 8;
  });
}

/** The same direction for the same word, always: signs drawn by its hash (xorshift). */
function drawVector(hash: number): Float64Array {
  let state = hash | 1;
  return Float64Array.from({ length: COMPONENTS }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state < 0 ? 1 : -1;
  });
}

/** @returns null where nothing remains: opposite words may cancel out */
export function toMeaning(sum: Float64Array): Meaning | null {
  let squares = 0;
  for (const value of sum) squares += value * value;
  if (squares === 0) return null;
  const scale = UNIT / Math.sqrt(squares);
  const meaning = new Int16Array(COMPONENTS);
  for (let i = 0; i < COMPONENTS; i++) meaning[i] = Math.round(sum[i]! * scale);
  return meaning;
}

/** Cosine, -1 to 1; 0 where either says nothing. */
export function meaningCosine(a: Meaning | null, b: Meaning | null): number {
  if (!a || !b) return 0;
  // No sum exceeds the product of the lengths, so whole numbers of 32 bits are enough, and faster.
  let even = 0;
  let odd = 0;
  for (let i = 0; i < COMPONENTS; i += 2) {
    even = (even + Math.imul(a[i]!, b[i]!)) | 0;
    odd = (odd + Math.imul(a[i + 1]!, b[i + 1]!)) | 0;
  }
  return (even + odd) / (UNIT * UNIT);
}

/** Cosine; 0 where either says nothing or they point away from each other. */
export function closeness(a: Meaning | null, b: Meaning | null): number {
  return Math.max(0, meaningCosine(a, b));
}

/** The middle of several meanings, the same in every order. */
export function middleOf(meanings: readonly (Meaning | null)[]): Meaning | null {
  const sum = new Float64Array(COMPONENTS);
  for (const meaning of meanings) if (meaning) for (let i = 0; i < COMPONENTS; i++) sum[i]! += meaning[i]!;
  return toMeaning(sum);
}
