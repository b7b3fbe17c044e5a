// What every matcher of the benchmarks looks like from outside, ours included: it learns labelled texts and answers one text.

export type Taught = { text: string; label: string };

/** `label` null: it has no answer. `score` is 0 to 1; only its order counts, the peers' are no probabilities. */
export type Answer = { label: string | null; score: number };

export type Matcher = {
  answer(text: string): Answer | Promise<Answer>;
  /** What `open` makes the same matcher from; null where the library has no form for it, and of a matcher that was opened. */
  pack(): Uint8Array | null;
  /** Bytes held outside this process; null where all of it is in this one. */
  heldElsewhere(): Promise<number | null>;
  close(): Promise<void>;
};

export type Peer = {
  name: string;
  /** Why it cannot run on this machine, as a clause; null where it can. */
  whyMissing(): string | null;
  /** Loads the library's code, so that it does not count into what follows. */
  loadCode(): void;
  learn(rows: readonly Taught[]): Promise<Matcher>;
  /** @param packed what `pack` of one of its matchers returned */
  open(packed: Uint8Array): Promise<Matcher>;
};

/** For a matcher in the memory of this process. */
export const IN_MEMORY = { heldElsewhere: async () => null, close: async () => {} };

/** For a matcher whose library has no form to keep it in. */
export async function cannotOpen(): Promise<Matcher> {
  throw new Error('this matcher cannot be packed');
}

export function encode(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value), 'utf8');
}

export function decode<T>(packed: Uint8Array): T {
  return JSON.parse(Buffer.from(packed).toString('utf8')) as T;
}
