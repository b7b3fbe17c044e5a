/** One indexed pair of texts: an example, or a pattern's own words. It holds words; what is made of them is made when first needed. */
import { listTrigrams, type Token, type Vector, vectorOfReply, vectorOfTrigger } from './features.js';
import { type Lexicon, unpackTokens } from './lexicon.js';
import { type Meaning, readMeaning } from './meaning.js';
import { mix } from './words.js';

/** Words as `packTokens` gives them. `previous` null: unknown. */
export type PackedTexts = { customer: Int32Array; previous: Int32Array | null; reply: Int32Array };

export class Doc {
  /** The exchange's id, or "pattern:" and the pattern's: breaks ties, so that insertion never shows. */
  readonly key: string;
  readonly patternId: string;
  readonly texts: PackedTexts;
  /** Its place in the index; -1 while it is not in it. */
  slot = -1;
  readonly #lexicon: Lexicon;
  #trigger: Vector | null | undefined;
  #reply: Vector | null | undefined;
  #meaning: Meaning | null | undefined;
  #trigrams: Set<string> | undefined;
  #triggerHash: number | undefined;

  constructor(key: string, patternId: string, texts: PackedTexts, lexicon: Lexicon) {
    this.key = key;
    this.patternId = patternId;
    this.texts = texts;
    this.#lexicon = lexicon;
  }

  /** The customer's turn and what the operator had said before; null for a turn without a word. */
  get trigger(): Vector | null {
    if (this.#trigger === undefined) {
      const { customer, previous } = this.texts;
      this.#trigger =
        customer.length === 0
          ? null
          : vectorOfTrigger({
              customer: unpackTokens(this.#lexicon, customer),
              previous: previous && unpackTokens(this.#lexicon, previous),
            });
    }
    return this.#trigger;
  }

  get reply(): Vector | null {
    if (this.#reply === undefined) this.#reply = vectorOfReply(unpackTokens(this.#lexicon, this.texts.reply));
    return this.#reply;
  }

  /** What the customer's turn is about. */
  get meaning(): Meaning | null {
    if (this.#meaning === undefined) this.#meaning = readMeaning(this.customer);
    return this.#meaning;
  }

  /** Of the customer's turn. */
  get trigrams(): Set<string> {
    this.#trigrams ??= listTrigrams(this.customer);
    return this.#trigrams;
  }

  /** The same for documents with the same trigger. */
  get triggerHash(): number {
    if (this.#triggerHash === undefined) {
      let hash = 0;
      for (const value of this.texts.customer) hash = mix(hash + value);
      for (const value of this.texts.previous ?? []) hash = mix(hash - value);
      this.#triggerHash = hash;
    }
    return this.#triggerHash;
  }

  /** Whether it is of the same pattern with the same trigger, word for word. */
  asksTheSame(other: Doc): boolean {
    return (
      this.patternId === other.patternId &&
      hasSameTokens(this.texts.customer, other.texts.customer) &&
      hasSameTokens(this.texts.previous, other.texts.previous)
    );
  }

  get customer(): Token[] {
    return unpackTokens(this.#lexicon, this.texts.customer);
  }
}

export function hasSameTokens(one: Int32Array | null, other: Int32Array | null): boolean {
  if (!one || !other) return one === other;
  return one.length === other.length && one.every((value, i) => value === other[i]);
}
