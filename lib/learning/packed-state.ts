/**
 * The matcher's memory as bytes: a word once, and each example as the numbers of its words. The law: what is unpacked answers
 * exactly what was packed, and bytes that this code did not write are refused, never half read.
 */

import { numberOf } from './lexicon.js';
import { createModel, type Model, putTexts } from './model.js';
import { readWord } from './words.js';

/**
 * What the bytes mean. Raise it with any change of how texts become words (`normalise.ts`, `slots.ts`) or of what is written
 * here: a state of another format is built anew from the exchanges. `tests/learning/packed-state.test.ts` notices.
 */
export const STATE_FORMAT = 1;
/** Examples that are packed, the newest: what one function's memory holds (about 2 KB each) and loads in a fraction of a second. */
export const MAX_PACKED = 20_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** @returns about 150 bytes an example, before compression */
export function packModel(model: Model): Uint8Array {
  const examples = [...model.examples.values()].slice(-MAX_PACKED);
  const places = { words: new Map<number, number>(), patterns: new Map<string, number>() };
  const words: string[] = [];
  const body = new Writer();
  body.count(examples.length);
  for (const { patternId, texts } of examples) {
    body.count(placeOf(places.patterns, patternId));
    for (const tokens of [texts.customer, texts.previous ?? [], texts.reply]) {
      body.count(tokens.length);
      for (const value of tokens) {
        const number = value >> 1;
        const known = places.words.size;
        const place = placeOf(places.words, number);
        if (place === known) words.push(model.index.lexicon.words[number]!.token);
        body.count(place * 2 + (value & 1));
      }
    }
  }
  const head = new Writer();
  head.count(STATE_FORMAT);
  head.strings(words);
  head.strings([...places.patterns.keys()]);
  head.strings(examples.map(doc => doc.key));
  const bytes = new Uint8Array(head.size + body.size);
  bytes.set(head.bytes(), 0);
  bytes.set(body.bytes(), head.size);
  return bytes;
}

/**
 * @returns a model with the examples and without patterns: `putPattern` brings those, as they are now
 * @throws RangeError for bytes of another format or that end too early
 */
export function unpackModel(bytes: Uint8Array): Model {
  const reader = new Reader(bytes);
  const format = reader.count();
  if (format !== STATE_FORMAT) throw new RangeError(`The packed state has format ${format}, not ${STATE_FORMAT}.`);
  const model = createModel();
  const words = reader.strings();
  const patterns = reader.strings();
  const keys = reader.strings();
  for (const word of words) numberOf(model.index.lexicon, readWord(word));
  if (model.index.lexicon.words.length !== words.length) throw new RangeError('The packed state has a word twice.');
  if (reader.count() !== keys.length) throw new RangeError('The packed state has examples without an id.');
  const readTokens = () => {
    const tokens = new Int32Array(reader.countUpTo(bytes.length));
    for (let i = 0; i < tokens.length; i++) tokens[i] = reader.countUpTo(2 * words.length - 1);
    return tokens;
  };
  for (const key of keys) {
    const patternId = patterns[reader.countUpTo(patterns.length - 1)]!;
    putTexts(model, key, patternId, { customer: readTokens(), previous: readTokens(), reply: readTokens() });
  }
  if (!reader.isAtEnd) throw new RangeError('The packed state has more than it says.');
  return model;
}

function placeOf<Key>(places: Map<Key, number>, key: Key): number {
  const known = places.get(key);
  if (known !== undefined) return known;
  places.set(key, places.size);
  return places.size - 1;
}

/** Whole numbers from 0 to 2^31 as one to five bytes, seven bits each, the lowest first (LEB128). */
class Writer {
  #bytes = new Uint8Array(1_024);
  size = 0;

  count(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.#byte((rest & 127) | 128);
      rest >>>= 7;
    }
    this.#byte(rest);
  }

  strings(values: readonly string[]): void {
    const bytes = encoder.encode(values.join('\n'));
    this.count(values.length);
    this.count(bytes.length);
    for (const byte of bytes) this.#byte(byte);
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.size);
  }

  #byte(value: number): void {
    if (this.size === this.#bytes.length) {
      const larger = new Uint8Array(2 * this.size);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.size++] = value;
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  count(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    throw new RangeError('The packed state ends too early.');
  }

  countUpTo(limit: number): number {
    const value = this.count();
    if (value > limit) throw new RangeError('The packed state points to what it does not hold.');
    return value;
  }

  strings(): string[] {
    const size = this.count();
    const length = this.count();
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    const values = size === 0 ? [] : decoder.decode(bytes).split('\n');
    if (bytes.length !== length || values.length !== size) throw new RangeError('The packed state ends too early.');
    return values;
  }
}
