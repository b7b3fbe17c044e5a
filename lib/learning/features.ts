/**
 * Turns texts into sparse vectors. The law: a text's features depend on the text alone, never on what was learned before,
 * so they are the same in every order of arrival and need no refitting.
 */
import { backgroundLevel, UNKNOWN_LEVEL } from './background-words.js';
import { cleanText, tokenize } from './normalise.js';
import { replaceSpans } from './redaction.js';
import { findValues } from './slots.js';
import { hashText, mix, readWord, type Word } from './words.js';

/** A word of a text. `isName`: it stands capitalised inside a sentence and is not common English. */
export type Token = { word: Word; isName: boolean };
/** A customer's turn with the operator's turn before it: empty at the start of a conversation, null where that is unknown. */
export type Trigger = { customer: Token[]; previous: Token[] | null };
/** Unit-length sparse vector; `ids` ascending, so sums are the same whoever adds them up. */
export type Vector = { ids: Int32Array; weights: Float32Array };

/** Which text a feature is of; the same word of two texts is two features. */
export const SALT = { customer: 0x3c6ef372, previous: 0x51ed270b, reply: 0x2545f491 } as const;
export type Side = keyof typeof SALT;

/** Feature space. 2^20: about one collision among 1,000 exemplars' features, small enough for a table of all of them. */
const HASH_BITS = 20;
/** Weight of the operator's previous turn beside the customer's; 0 forgets context, 1.3 already loses 2 points of "any". */
const CONTEXT_WEIGHT = 0.8;
/** Share of a word pair's weight in the mean of its words'. Replies of one act share words more than their order. */
const BIGRAM_WEIGHT: Record<Side, number> = { customer: 0.7, previous: 0.7, reply: 0.5 };
/** Rarity in replies: what kinds of values one gives is half its act, and whether it asks or tells is seen first. */
const REPLY_LEVEL = { value: 8, question: 4 };
/** Rarity of a text's beginning and end, which are features together with the word that stands there. */
const EDGE_WEIGHT = 2;
/**
 * A word's rarity is raised to this power: 1 lets one rare word outweigh a sentence, 0 makes "the" a keyword. Questions turn
 * on their rare words; replies are the same act in other words (on the streams 0.9 → 0.5 gave +.02 NMI, -30 patterns).
 */
const RARITY_POWER: Record<Side, number> = { customer: 0.7, previous: 0.7, reply: 0.5 };
/** By level: a whole number. */
const RARITY = { customer: listRarities('customer'), previous: listRarities('previous'), reply: listRarities('reply') };
/** A name in an operator's text (the restaurant's, the stylist's) varies from customer to customer. */
const NAME_WEIGHT = 0.1;
/** Longest text that is featured, in tokens; a longer one is cut, which no real text reaches. */
const MAX_TOKENS = 400;

const START = hashText('^');
const END = hashText('$');

/**
 * @param previousOperatorText '' at the start of a conversation, null where the context is unknown (a pattern's own words)
 * @returns null for a customer turn without any word: it matches nothing
 */
export function readTrigger(customerText: string, previousOperatorText: string | null): Trigger | null {
  const customer = readTokens(customerText).map(({ word }) => ({ word, isName: false }));
  if (customer.length === 0) return null;
  return { customer, previous: previousOperatorText === null ? null : readTokens(previousOperatorText) };
}

/** Texts read before: the same one is read to decide, to learn and to keep. Emptied when full, and never part of an answer. */
const readBefore = new Map<string, Token[]>();
const MOST_READ = 300;

/** A text's words, at most 400, with its dates, times, sums and numbers as slots. */
export function readTokens(text: string): Token[] {
  const known = readBefore.get(text);
  if (known) return known;
  if (readBefore.size >= MOST_READ) readBefore.clear();
  const tokens = readAnew(text);
  readBefore.set(text, tokens);
  return tokens;
}

function readAnew(text: string): Token[] {
  const marked = markValues(text);
  const names = listNames(marked);
  return tokenize(marked)
    .slice(0, MAX_TOKENS)
    .map(token => ({ word: readWord(token), isName: names.has(token) }));
}

export function vectorOfTrigger({ customer, previous }: Trigger): Vector {
  const own = collectFeatures(customer, 'customer');
  if (previous === null) return own;
  // The start of a conversation is a context too.
  const context =
    previous.length > 0
      ? collectFeatures(previous, 'previous')
      : { ids: Int32Array.of(featureId(START, 'previous')), weights: Float32Array.of(1) };
  return sumOf(own, context, CONTEXT_WEIGHT);
}

export function vectorOfReply(tokens: readonly Token[]): Vector | null {
  return tokens.length === 0 ? null : collectFeatures(tokens, 'reply');
}

export function featuriseReply(replyText: string): Vector | null {
  return vectorOfReply(readTokens(replyText));
}

/** What a word weighs in a text of this side, before the text's vector is brought to length 1. */
export function weigh({ word, isName }: Token, side: Side): number {
  const level = side === 'reply' && word.kind !== 'word' ? REPLY_LEVEL[word.kind] : word.level;
  return RARITY[side][level]! * (isName && side !== 'customer' ? NAME_WEIGHT : 1);
}

/** Character trigrams of the whole normalised text, for the baseline that is hard to beat on short chat. */
export function listTrigrams(tokens: readonly Token[]): Set<string> {
  const padded = `  ${tokens.map(({ word }) => word.token).join(' ')} `;
  const trigrams = new Set<string>();
  for (let i = 0; i + 3 <= padded.length; i++) trigrams.add(padded.slice(i, i + 3));
  return trigrams;
}

/**
 * Every date, time, sum and number becomes its slot: "at 5 pm" and "at {{time}}" are the same words. What is sensitive has
 * been taken out before (`prepare.ts`); looking for it again would be half of the time that reading a text takes.
 */
export function markValues(text: string): string {
  const clean = cleanText(text);
  return replaceSpans(clean, findValues(clean, []));
}

function listRarities(side: Side): Float64Array {
  return Float64Array.from({ length: UNKNOWN_LEVEL + 1 }, (_, level) => level ** RARITY_POWER[side]);
}

/** Words that stand capitalised inside a sentence and are not common English. */
function listNames(text: string): Set<string> {
  const names = new Set<string>();
  if (!/\p{Ll}/u.test(text)) return names;
  for (const match of text.matchAll(/(?<=[\p{L}\p{N},'}] )\p{Lu}[\p{L}\p{M}]+/gu)) {
    for (const token of tokenize(match[0])) if (backgroundLevel(token) >= 6) names.add(token);
  }
  return names;
}

function featureId(value: number, side: Side): number {
  return mix(value ^ SALT[side]) >>> (32 - HASH_BITS);
}

/** Words, pairs of words with the text's ends, and pieces of spelling; sub-linear in how often one occurs. */
function collectFeatures(tokens: readonly Token[], side: Side): Vector {
  const ids: number[] = [];
  const weights: number[] = [];
  const add = (id: number, weight: number) => {
    ids.push(id);
    weights.push(weight);
  };
  let before = START;
  let weightBefore = EDGE_WEIGHT;
  for (const token of tokens) {
    const { hash, grams, gramScale } = token.word;
    const weight = weigh(token, side);
    add(featureId(hash, side), weight);
    for (const gram of grams) add(featureId(gram, side), weight * gramScale);
    add(pairId(before, hash, side), (BIGRAM_WEIGHT[side] * (weightBefore + weight)) / 2);
    before = hash;
    weightBefore = weight;
  }
  add(pairId(before, END, side), (BIGRAM_WEIGHT[side] * (weightBefore + EDGE_WEIGHT)) / 2);
  return toVector(ids, weights);
}

function pairId(first: number, second: number, side: Side): number {
  return featureId(mix(first) + Math.imul(second, 31), side);
}

/** Of a feature that occurs more than once the first weight counts, and how often. */
function toVector(ids: readonly number[], weights: readonly number[]): Vector {
  // One number to sort by: the id, then the place.
  const keys = Float64Array.from(ids, (id, place) => id * 65_536 + place).sort();
  const uniqueIds = new Int32Array(keys.length);
  const values = new Float64Array(keys.length);
  let size = 0;
  let squares = 0;
  for (let at = 0; at < keys.length; ) {
    const id = Math.floor(keys[at]! / 65_536);
    const weight = weights[keys[at]! % 65_536]!;
    let count = 0;
    for (; at < keys.length && Math.floor(keys[at]! / 65_536) === id; at++) count++;
    const value = count === 1 ? weight : weight * (1 + Math.log(count));
    uniqueIds[size] = id;
    values[size++] = value;
    squares += value * value;
  }
  return scaled(uniqueIds.slice(0, size), values.subarray(0, size), squares);
}

function sumOf(a: Vector, b: Vector, scaleOfB: number): Vector {
  const ids = new Int32Array(a.ids.length + b.ids.length);
  const values = new Float64Array(ids.length);
  let size = 0;
  let squares = 0;
  for (let i = 0, j = 0; i < a.ids.length || j < b.ids.length; size++) {
    const left = i < a.ids.length ? a.ids[i]! : Number.POSITIVE_INFINITY;
    const right = j < b.ids.length ? b.ids[j]! : Number.POSITIVE_INFINITY;
    let value = 0;
    if (left <= right) value += a.weights[i++]!;
    if (right <= left) value += b.weights[j++]! * scaleOfB;
    ids[size] = Math.min(left, right);
    values[size] = value;
    squares += value * value;
  }
  return scaled(ids.slice(0, size), values.subarray(0, size), squares);
}

function scaled(ids: Int32Array, values: Float64Array, squares: number): Vector {
  const norm = Math.sqrt(squares) || 1;
  return { ids, weights: Float32Array.from(values, value => value / norm) };
}
