/** The documents that share the rarest words with a text, found without looking at the others. */
import type { Doc, PackedTexts } from './doc.js';
import { type Side, type Token, weigh } from './features.js';
import { createLexicon, findAlike, holdWord, type Lexicon, releaseWord } from './lexicon.js';

export type Index = {
  readonly lexicon: Lexicon;
  /** By slot; null where one was given back. */
  readonly docs: (Doc | null)[];
  readonly free: number[];
  /** Slots by word, of each side. */
  readonly postings: Record<Side, (number[] | undefined)[]>;
  /** What all words of a text weigh, by slot, of each side. */
  readonly weights: Record<Side, number[]>;
  /** By slot; all zero between two searches. */
  scores: Float64Array;
};

/** One text that is searched for. `share`: what it counts beside the other texts. */
export type Part = { side: Side; tokens: readonly Token[]; share: number };

export function createIndex(): Index {
  return {
    lexicon: createLexicon(),
    docs: [],
    free: [],
    postings: { customer: [], previous: [], reply: [] },
    weights: { customer: [], previous: [], reply: [] },
    scores: new Float64Array(1_024),
  };
}

/** Words of this rarity and below ("the", "you", "please") are in half of all texts, and so are those that are spelt alike. */
const MOST_COMMON_LEVEL = 4;

const MOST_TIED = 1_000;

const SIDES = ['customer', 'previous', 'reply'] as const satisfies readonly (keyof PackedTexts)[];

export function addDoc(index: Index, doc: Doc): void {
  doc.slot = index.free.pop() ?? index.docs.length;
  index.docs[doc.slot] = doc;
  if (index.docs.length > index.scores.length) index.scores = new Float64Array(2 * index.docs.length);
  for (const side of SIDES) {
    const postings = index.postings[side];
    let weight = 0;
    for (const value of doc.texts[side] ?? []) {
      const number = value >> 1;
      weight += weigh({ word: index.lexicon.words[number]!, isName: (value & 1) === 1 }, side) ** 2;
      const slots = postings[number];
      // A word that the text repeats: its slot was the last to come.
      if (slots && slots[slots.length - 1] === doc.slot) continue;
      if (slots) slots.push(doc.slot);
      else postings[number] = [doc.slot];
      holdWord(index.lexicon, number);
    }
    index.weights[side][doc.slot] = weight;
  }
}

export function removeDoc(index: Index, doc: Doc): void {
  if (doc.slot < 0) return;
  for (const side of SIDES) {
    for (const number of distinctWords(doc.texts[side])) {
      const slots = index.postings[side][number]!;
      const last = slots.pop()!;
      if (last !== doc.slot) slots[slots.indexOf(doc.slot)] = last;
      releaseWord(index.lexicon, number);
    }
  }
  index.docs[doc.slot] = null;
  index.free.push(doc.slot);
  doc.slot = -1;
}

/**
 * @param budget entries of the index to visit at most, beyond those of the rarest word: bounds the time
 * @returns `limit` or fewer, those that share the rarest words first, ties by key; and all that tie with the last, up to a
 *   thousand, or which of equal texts is found would be left to their ids
 */
export function findCandidates(index: Index, parts: readonly Part[], budget: number, limit: number): Doc[] {
  const searched = parts.flatMap(part => searchWords(index, part));
  searched.sort((a, b) => a.slots.length - b.slots.length || a.order - b.order);
  const { scores } = index;
  const touched: number[] = [];
  let visited = 0;
  for (const { slots, weight } of searched) {
    // Common words last: none of them is read by half, which would depend on the order of arrival.
    if (visited > 0 && visited + slots.length > budget) break;
    visited += slots.length;
    for (const slot of slots) {
      if (scores[slot] === 0) touched.push(slot);
      scores[slot]! += weight;
    }
  }
  // As in a cosine: a text that says nothing else is nearer than one that says much more.
  for (const slot of touched) scores[slot]! /= Math.sqrt(weightOf(index, parts, slot));
  const least = findLargest(
    Float64Array.from(touched, slot => scores[slot]!),
    limit,
  );
  const found = touched
    .filter(slot => scores[slot]! >= least)
    .map(slot => ({ doc: index.docs[slot]!, score: scores[slot]! }));
  for (const slot of touched) scores[slot] = 0;
  found.sort((a, b) => b.score - a.score || compare(a.doc.key, b.doc.key));
  return found.slice(0, Math.max(limit, MOST_TIED)).map(({ doc }) => doc);
}

function weightOf(index: Index, parts: readonly Part[], slot: number): number {
  let weight = 0;
  for (const { side, share } of parts) weight += index.weights[side][slot]! * share;
  return weight;
}

type Searched = { slots: readonly number[]; weight: number; order: number };

/** The words of a text and those that are spelt alike; an operator's earlier text is known as it was sent. */
function searchWords(index: Index, { side, tokens, share }: Part): Searched[] {
  const postings = index.postings[side];
  const weights = new Map<number, number>();
  const add = (number: number, weight: number) => weights.set(number, Math.max(weights.get(number) ?? 0, weight));
  let squares = 0;
  for (const token of tokens) {
    const weight = weigh(token, side) ** 2;
    squares += weight;
    const own = index.lexicon.numbers.get(token.word.token);
    if (own !== undefined) add(own, weight);
    if (side !== 'previous' && token.word.level > MOST_COMMON_LEVEL)
      for (const { number, share: likeness } of findAlike(index.lexicon, token.word))
        add(number, weight * likeness ** 2);
  }
  const searched: Searched[] = [];
  for (const [number, weight] of weights) {
    const slots = postings[number];
    // Words are numbered as they came; their hash is the same in every order.
    if (slots && slots.length > 0)
      searched.push({ slots, weight: (weight / squares) * share, order: index.lexicon.words[number]!.hash });
  }
  return searched;
}

function distinctWords(tokens: Int32Array | null): Set<number> {
  return new Set(Array.from(tokens ?? [], value => value >> 1));
}

/** The `rank`-th largest value, or the smallest where there are fewer (Hoare's selection; changes the array). */
function findLargest(values: Float64Array, rank: number): number {
  if (values.length <= rank) return Number.NEGATIVE_INFINITY;
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! > pivot) i++;
      while (values[j]! < pivot) j--;
      if (i > j) break;
      const value = values[i]!;
      values[i++] = values[j]!;
      values[j--] = value;
    }
    if (rank - 1 <= j) high = j;
    else if (rank - 1 >= i) low = i;
    else break;
  }
  return values[rank - 1]!;
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
