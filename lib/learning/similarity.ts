/** How alike sparse vectors and sets are. The law: no overlap is 0, never NaN, and a sum is the same in every order. */
import type { Vector } from './features.js';

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

/** A table of all features, zero between two uses: looking a weight up in it is faster than walking along two vectors. */
const weightOf = new Float32Array(1 << 20);
/** Likewise, the last entry of each feature, counted from 1. */
const lastOf = new Int32Array(1 << 20);

/** Cosines of one vector with many; 0 for null. */
export function cosinesWith(vector: Vector, others: readonly (Vector | null)[]): Float64Array {
  const { ids, weights } = vector;
  for (let k = 0; k < ids.length; k++) weightOf[ids[k]!] = weights[k]!;
  const cosines = Float64Array.from(others, other => {
    let dot = 0;
    if (other) for (let k = 0; k < other.ids.length; k++) dot += other.weights[k]! * weightOf[other.ids[k]!]!;
    return dot;
  });
  for (const id of ids) weightOf[id] = 0;
  return cosines;
}

/** Cosines of every pair: row `i` holds those with 0 to `i`. Each vector meets only those that share a feature with it. */
export function crossCosines(vectors: readonly Vector[]): Float64Array[] {
  const total = vectors.reduce((sum, vector) => sum + vector.ids.length, 0);
  const previous = new Int32Array(total + 1);
  const place = new Int32Array(total + 1);
  const weight = new Float64Array(total + 1);
  let entry = 0;
  const rows = vectors.map(({ ids, weights }, i) => {
    const row = new Float64Array(i + 1);
    for (let k = 0; k < ids.length; k++) {
      const id = ids[k]!;
      entry++;
      previous[entry] = lastOf[id]!;
      place[entry] = i;
      weight[entry] = weights[k]!;
      lastOf[id] = entry;
      for (let at = entry; at > 0; at = previous[at]!) row[place[at]!]! += weights[k]! * weight[at]!;
    }
    return row;
  });
  for (const { ids } of vectors) for (const id of ids) lastOf[id] = 0;
  return rows;
}

export function jaccard<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  let shared = 0;
  for (const item of a) if (b.has(item)) shared++;
  const union = a.size + b.size - shared;
  return union === 0 ? 0 : shared / union;
}
