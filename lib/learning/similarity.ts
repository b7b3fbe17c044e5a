/** How alike sparse vectors and sets are. The law: no overlap is 0, never NaN, and a sum is the same in every order. */
import type { Vector } from './features.js';

/** Places a feature: few collisions, and the table of a long text still fits into the processor's nearest cache. */
const ROOM = 8;
/** No feature's id: those are not negative. */
const NO_FEATURE = -1;

/** Cosine of two unit vectors; 0 where nothing overlaps. */
export function cosine(a: Vector, b: Vector): number {
  return cosinesWith(a, [b])[0]!;
}

/** Cosines of one vector with many; 0 for null. */
export function cosinesWith(vector: Vector, others: readonly (Vector | null)[]): Float64Array {
  // Features and their weights in a table with much room: most of what the others have is missing, and is seen at its first place.
  let size = 64;
  while (size < ROOM * vector.ids.length) size *= 2;
  const mask = size - 1;
  const ids = new Int32Array(size).fill(NO_FEATURE);
  const weights = new Float64Array(size);
  for (let k = 0; k < vector.ids.length; k++) {
    const id = vector.ids[k]!;
    let place = id & mask;
    while (ids[place] !== NO_FEATURE) place = (place + 1) & mask;
    ids[place] = id;
    weights[place] = vector.weights[k]!;
  }
  const cosines = new Float64Array(others.length);
  for (let i = 0; i < others.length; i++) {
    const other = others[i];
    if (!other) continue;
    const { ids: otherIds, weights: otherWeights } = other;
    let dot = 0;
    for (let k = 0; k < otherIds.length; k++) {
      const id = otherIds[k]!;
      let place = id & mask;
      while (ids[place] !== id && ids[place] !== NO_FEATURE) place = (place + 1) & mask;
      dot += otherWeights[k]! * weights[place]!;
    }
    cosines[i] = dot;
  }
  return cosines;
}

/** Cosines of every pair: row `i` holds those with 0 to `i`. By feature: each vector meets only those that share one with it. */
export function crossCosines(vectors: readonly Vector[]): Float64Array[] {
  const total = vectors.reduce((sum, vector) => sum + vector.ids.length, 0);
  const numbers = new FeatureNumbers(total);
  const numberOf = new Int32Array(total);
  const starts = new Int32Array(total + 2);
  let at = 0;
  for (const { ids } of vectors) {
    for (const id of ids) {
      const number = numbers.add(id);
      numberOf[at++] = number;
      starts[number + 1]!++;
    }
  }
  for (let number = 1; number < starts.length; number++) starts[number]! += starts[number - 1]!;
  // Of each feature, one after the other: the vectors that have it so far, and with what weight.
  const ends = starts.slice();
  const places = new Int32Array(total);
  const weights = new Float64Array(total);
  at = 0;
  return vectors.map((vector, i) => {
    const row = new Float64Array(i + 1);
    for (let k = 0; k < vector.ids.length; k++) {
      const number = numberOf[at++]!;
      const weight = vector.weights[k]!;
      const end = ends[number]!++;
      places[end] = i;
      weights[end] = weight;
      for (let entry = starts[number]!; entry <= end; entry++) row[places[entry]!]! += weight * weights[entry]!;
    }
    return row;
  });
}

export function jaccard<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  let shared = 0;
  for (const item of a) if (b.has(item)) shared++;
  const union = a.size + b.size - shared;
  return union === 0 ? 0 : shared / union;
}

/** Features numbered from 1 on, as they come: a small table that stays in the processor's cache, where a Map would not. */
class FeatureNumbers {
  readonly #ids: Int32Array;
  readonly #numbers: Int32Array;
  readonly #mask: number;
  #count = 0;

  /** @param most features that will be added */
  constructor(most: number) {
    let size = 16;
    while (size < 2 * most) size *= 2;
    this.#ids = new Int32Array(size);
    this.#numbers = new Int32Array(size);
    this.#mask = size - 1;
  }

  add(id: number): number {
    const place = this.#placeOf(id);
    if (this.#numbers[place] === 0) {
      this.#ids[place] = id;
      this.#numbers[place] = ++this.#count;
    }
    return this.#numbers[place]!;
  }

  /** 0 for a feature that was not added. */
  find(id: number): number {
    return this.#numbers[this.#placeOf(id)]!;
  }

  /** Where it is or would be (linear probing; the ids are hashes already). */
  #placeOf(id: number): number {
    let place = id & this.#mask;
    while (this.#numbers[place] !== 0 && this.#ids[place] !== id) place = (place + 1) & this.#mask;
    return place;
  }
}
