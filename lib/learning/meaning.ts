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

type Table = { rows: Map<string, number>; packed: Uint8Array };
let table: Table | null = null;

/** Decoded when first needed: functions that match nothing never pay for it. */
function readTable(): Table {
  table ??= {
    rows: new Map(WORDS.split(' ').map((word, row) => [word, row])),
    packed: Uint8Array.from(atob(VECTORS), letter => letter.charCodeAt(0)),
  };
  return table;
}

/** What each word adds, by the word: its vector at unit length times its rarity; null for an unknown one. */
const added = new WeakMap<Word, Float64Array | null>();

/** @returns null for a text without a known word: it is near to nothing */
export function readMeaning(tokens: readonly Token[]): Meaning | null {
  const sum = new Float64Array(COMPONENTS);
  let isKnown = false;
  for (const { word } of tokens) {
    const vector = readVector(word);
    if (!vector) continue;
    isKnown = true;
    for (let i = 0; i < COMPONENTS; i++) sum[i]! += vector[i]!;
  }
  return isKnown ? toMeaning(sum) : null;
}

function readVector(word: Word): Float64Array | null {
  const known = added.get(word);
  if (known !== undefined) return known;
  const { rows, packed } = readTable();
  const row = rows.get(word.token);
  let vector: Float64Array | null = null;
  if (row !== undefined) {
    const bytes = packed.subarray((row * COMPONENTS) / 2, ((row + 1) * COMPONENTS) / 2);
    const values = Float64Array.from({ length: COMPONENTS }, (_, i) => {
      const byte = bytes[i >> 1]!;
      return (i % 2 === 0 ? byte >> 4 : byte & 15) - 8;
    });
    const norm = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)) || 1;
    vector = values.map(value => (value / norm) * word.level);
  }
  added.set(word, vector);
  return vector;
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

/** Cosine; 0 where either says nothing or they point away from each other. */
export function closeness(a: Meaning | null, b: Meaning | null): number {
  if (!a || !b) return 0;
  let dot = 0;
  for (let i = 0; i < a.length; i++) dot += a[i]! * b[i]!;
  return Math.max(0, dot / (UNIT * UNIT));
}

/** The middle of several meanings, the same in every order. */
export function middleOf(meanings: readonly (Meaning | null)[]): Meaning | null {
  const sum = new Float64Array(COMPONENTS);
  for (const meaning of meanings) if (meaning) for (let i = 0; i < COMPONENTS; i++) sum[i]! += meaning[i]!;
  return toMeaning(sum);
}
