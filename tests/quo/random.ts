/** Replayable randomness for the mutation tests: the same seed gives the same run on every machine. */

export type Random = {
  /** An integer from 0 to below - 1. */
  pick: (below: number) => number;
  choose: <T>(items: readonly T[]) => T;
  bytes: (length: number) => Uint8Array;
};

/** mulberry32 (Tommy Ettinger, public domain): 32 bits of state, enough to choose mutations. */
export function createRandom(seed: number): Random {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const pick = (below: number) => Math.floor(next() * below);
  return {
    pick,
    choose: items => items[pick(items.length)]!,
    bytes: length => Uint8Array.from({ length }, () => pick(256)),
  };
}
