/**
 * Turns texts into sparse vectors. The law: a text's features depend on the text alone, never on what was learned before,
 * so they are the same in every order of arrival and need no refitting.
 */
import { backgroundLevel } from './background-words.js';
import { cleanText, NUMBER_TOKEN, tokenize } from './normalise.js';
import { replaceSpans } from './redaction.js';
import { findValues } from './slots.js';

/** Unit-length sparse vector; `ids` ascending, so sums are the same whoever adds them up. */
export type Vector = { ids: Int32Array; weights: Float64Array };

/** Feature space. 2^20: about one collision among 1,000 exemplars' features, small enough for int32 keys. */
const HASH_SPACE = 1 << 20;
/** Weight of the operator's previous turn beside the customer's; 0 forgets context, 1.3 already loses 2 points of "any". */
const CONTEXT_WEIGHT = 0.8;
/** Share of a word pair's weight in the mean of its words'. */
const BIGRAM_WEIGHT = 0.7;
/** All character 3-5-grams of a word together, in shares of the word's own weight: typos and inflections still meet. */
const NGRAM_WEIGHT = 0.5;
/** Rarity of a slot or number: it says what kind of thing stands there, less than a content word does. */
const SLOT_LEVEL = 4;
/**
 * A word's rarity is raised to this power: 1 lets one rare word outweigh a sentence, 0 makes "the" a keyword. Questions turn
 * on their rare words; replies are the same act in other words (on the streams 0.9 → 0.5 gave +.02 NMI, -30 patterns).
 */
const RARITY_POWER = { trigger: 0.7, reply: 0.5 };
/** A proper noun in a reply (the restaurant's, the stylist's) varies from customer to customer. */
const PROPER_NOUN_WEIGHT = 0.1;
/** Longest text that is featured, in tokens; a longer one is cut, which no real text reaches. */
const MAX_TOKENS = 400;

type Weighted = { token: string; weight: number };

/**
 * @param previousOperatorText '' at the start of a conversation, null where the context is unknown (a pattern's own words)
 * @returns null for a customer turn without any word: it matches nothing
 */
export function featuriseTrigger(customerText: string, previousOperatorText: string | null): Vector | null {
  const customer = weighTokens(customerText, 'trigger', 1);
  if (customer.length === 0) return null;
  const sum = new Map<number, number>();
  addScaled(sum, collectFeatures(customer, 'c'), 1);
  if (previousOperatorText === null) return toVector(sum);
  const previous = weighTokens(previousOperatorText, 'trigger', PROPER_NOUN_WEIGHT);
  // The start of a conversation is a context too.
  const context = previous.length > 0 ? collectFeatures(previous, 'o') : new Map([[hash('o|start'), 1]]);
  addScaled(sum, context, CONTEXT_WEIGHT);
  return toVector(sum);
}

export function featuriseReply(replyText: string): Vector | null {
  const tokens = weighTokens(replyText, 'reply', PROPER_NOUN_WEIGHT);
  return tokens.length === 0 ? null : toVector(collectFeatures(tokens, 'r'));
}

/** Cosine of two unit vectors; 0 where nothing overlaps. */
export function cosine(a: Vector, b: Vector): number {
  let dot = 0;
  let i = 0;
  let j = 0;
  while (i < a.ids.length && j < b.ids.length) {
    const left = a.ids[i]!;
    const right = b.ids[j]!;
    if (left === right) dot += a.weights[i++]! * b.weights[j++]!;
    else if (left < right) i++;
    else j++;
  }
  return dot;
}

/** Cosines of every pair: row `i` holds those with 0 to `i`. By feature, since most pairs share few. */
export function crossCosines(vectors: readonly Vector[]): Float64Array[] {
  const rows = vectors.map((_, i) => new Float64Array(i + 1));
  const postings = new Map<number, { places: number[]; weights: number[] }>();
  vectors.forEach(({ ids, weights }, place) => {
    for (let k = 0; k < ids.length; k++) {
      const posting = postings.get(ids[k]!);
      if (posting) {
        posting.places.push(place);
        posting.weights.push(weights[k]!);
      } else postings.set(ids[k]!, { places: [place], weights: [weights[k]!] });
    }
  });
  for (const { places, weights } of postings.values()) {
    for (let i = 0; i < places.length; i++) {
      const row = rows[places[i]!]!;
      const weight = weights[i]!;
      for (let j = 0; j <= i; j++) row[places[j]!]! += weight * weights[j]!;
    }
  }
  return rows;
}

/** Character trigrams of the whole normalised text, for the baseline that is hard to beat on short chat. */
export function listTrigrams(text: string): Set<string> {
  const padded = `  ${tokenize(markValues(text)).join(' ')} `;
  const trigrams = new Set<string>();
  for (let i = 0; i + 3 <= padded.length; i++) trigrams.add(padded.slice(i, i + 3));
  return trigrams;
}

export function jaccard<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  let shared = 0;
  for (const item of a) if (b.has(item)) shared++;
  const union = a.size + b.size - shared;
  return union === 0 ? 0 : shared / union;
}

/**
 * Every date, time, sum and number becomes its slot: "at 5 pm" and "at {{time}}" are the same words. What is sensitive has
 * been taken out before (`prepare.ts`); looking for it again would be half of the time that loading a model takes.
 */
export function markValues(text: string): string {
  const clean = cleanText(text);
  return replaceSpans(clean, findValues(clean, []));
}

function weighTokens(text: string, side: 'trigger' | 'reply', properNounWeight: number): Weighted[] {
  const marked = markValues(text);
  const proper = properNounWeight === 1 ? new Set<string>() : listProperNouns(marked);
  return tokenize(marked)
    .slice(0, MAX_TOKENS)
    .map(token => ({
      token,
      weight: weighToken(token, RARITY_POWER[side]) * (proper.has(token) ? properNounWeight : 1),
    }));
}

function weighToken(token: string, power: number): number {
  const level =
    token === '?' ? 2 : token.startsWith('{{') || token === NUMBER_TOKEN ? SLOT_LEVEL : backgroundLevel(token);
  return level ** power;
}

/** Words that stand capitalised inside a sentence and are not common English. */
function listProperNouns(text: string): Set<string> {
  const nouns = new Set<string>();
  if (!/\p{Ll}/u.test(text)) return nouns;
  for (const match of text.matchAll(/(?<=[\p{L}\p{N},'}] )\p{Lu}[\p{L}\p{M}]+/gu)) {
    for (const token of tokenize(match[0])) if (backgroundLevel(token) >= 6) nouns.add(token);
  }
  return nouns;
}

function collectFeatures(tokens: readonly Weighted[], salt: string): Map<number, number> {
  const counts = new Map<number, { weight: number; count: number }>();
  const add = (id: number, weight: number) => {
    const entry = counts.get(id);
    if (entry) entry.count++;
    else counts.set(id, { weight, count: 1 });
  };
  let before: Weighted = { token: '^', weight: 2 };
  for (const current of [...tokens, { token: '$', weight: 2 }]) {
    if (current.token !== '$') addWord(current, salt, add);
    add(hash(`${salt}|${before.token} ${current.token}`), (BIGRAM_WEIGHT * (before.weight + current.weight)) / 2);
    before = current;
  }
  const features = new Map<number, number>();
  let squares = 0;
  for (const [id, { weight, count }] of counts) {
    const value = weight * (1 + Math.log(count));
    features.set(id, value);
    squares += value * value;
  }
  const norm = Math.sqrt(squares);
  for (const [id, value] of features) features.set(id, value / norm);
  return features;
}

function addWord({ token, weight }: Weighted, salt: string, add: (id: number, weight: number) => void): void {
  const { wordId, gramIds, gramScale } = hashWord(salt, token);
  add(wordId, weight);
  for (const id of gramIds) add(id, weight * gramScale);
}

type HashedWord = { wordId: number; gramIds: number[]; gramScale: number };
/** Words seen before, since hashing them is most of the work; emptied when full, and never part of an answer. */
const hashedWords = new Map<string, HashedWord>();
const MAX_HASHED_WORDS = 20_000;

function hashWord(salt: string, token: string): HashedWord {
  const key = `${salt}|${token}`;
  const known = hashedWords.get(key);
  if (known) return known;
  if (hashedWords.size >= MAX_HASHED_WORDS) hashedWords.clear();
  const hashed: HashedWord = { wordId: hash(key), gramIds: [], gramScale: 0 };
  if (!token.startsWith('{{') && token !== '?' && token !== NUMBER_TOKEN) {
    const padded = `<${token.slice(0, 40)}>`;
    // Scripts without spaces carry a word in one or two characters.
    const isDense = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Thai}/u.test(token);
    for (const size of isDense ? [1, 2] : [3, 4, 5]) {
      for (let i = 0; i + size <= padded.length; i++)
        hashed.gramIds.push(hash(`${salt}|~${padded.slice(i, i + size)}`));
    }
    hashed.gramScale = (isDense ? 1 : NGRAM_WEIGHT) / Math.sqrt(hashed.gramIds.length);
  }
  hashedWords.set(key, hashed);
  return hashed;
}

function addScaled(into: Map<number, number>, from: ReadonlyMap<number, number>, scale: number): void {
  for (const [id, weight] of from) into.set(id, (into.get(id) ?? 0) + weight * scale);
}

function toVector(features: ReadonlyMap<number, number>): Vector {
  const ids = Int32Array.from(features.keys()).sort();
  const weights = Float64Array.from(ids, id => features.get(id)!);
  let squares = 0;
  for (const weight of weights) squares += weight * weight;
  const norm = Math.sqrt(squares) || 1;
  return { ids, weights: weights.map(weight => weight / norm) };
}

/** FNV-1a, folded to the feature space. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  value ^= value >>> 15;
  value = Math.imul(value, 0x2c1b3c6d);
  value ^= value >>> 12;
  return (value >>> 0) & (HASH_SPACE - 1);
}
