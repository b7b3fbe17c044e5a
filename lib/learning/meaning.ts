/**
 * What a text is about, apart from its words: the mean of its words' vectors, rare words counting more. In whole numbers, so
 * that sums of many are the same in every order.
 */
import { backgroundLevel } from './background-words.js';
import { markValues } from './features.js';
import { tokenize } from './normalise.js';
import { COMPONENTS, VECTORS, WORDS } from './word-vectors.js';

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

/** @returns null for a text without a known word: it is near to nothing */
export function readMeaning(text: string): Meaning | null {
  const { rows, packed } = readTable();
  const sum = new Float64Array(COMPONENTS);
  let known = 0;
  for (const token of tokenize(markValues(text))) {
    const row = rows.get(token);
    if (row === undefined) continue;
    known++;
    addWord(sum, packed, row, backgroundLevel(token));
  }
  return known === 0 ? null : toMeaning(sum);
}

function addWord(sum: Float64Array, packed: Uint8Array, row: number, weight: number): void {
  const start = (row * COMPONENTS) / 2;
  let squares = 0;
  for (let i = 0; i < COMPONENTS / 2; i++) {
    const byte = packed[start + i]!;
    squares += ((byte >> 4) - 8) ** 2 + ((byte & 15) - 8) ** 2;
  }
  const scale = weight / Math.sqrt(squares || 1);
  for (let i = 0; i < COMPONENTS / 2; i++) {
    const byte = packed[start + i]!;
    sum[2 * i]! += ((byte >> 4) - 8) * scale;
    sum[2 * i + 1]! += ((byte & 15) - 8) * scale;
  }
}

/** @returns null where nothing remains: opposite words may cancel out */
export function toMeaning(sum: Float64Array): Meaning | null {
  let squares = 0;
  for (const value of sum) squares += value * value;
  if (squares === 0) return null;
  const scale = UNIT / Math.sqrt(squares);
  return Int16Array.from(sum, value => Math.round(value * scale));
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
