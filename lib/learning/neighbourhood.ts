/**
 * Which pattern a text's nearest examples speak for: ridge regression over their similarities, solved for this one text (a
 * linear classifier of its neighbourhood; compare SVM-KNN, Zhang et al. 2006). Nothing is trained beforehand, so what it says
 * follows from the examples alone, in whatever order they came.
 */

export type Neighbour = {
  patternId: string;
  similarity: number;
  /** Examples that say the same, word for word: as many equal rows, without the work. */
  count: number;
};

/** How much a neighbour may be wrong about itself: higher listens to more of them. 0.1 to 1 differ by less than a point. */
const RIDGE = 0.3;

/**
 * @param neighbours at most a few hundred
 * @param similarityOf of two neighbours, by their places; positive semi-definite, or the vote may run away
 * @returns each pattern's share of a vote of 1 that is cast by similar examples and not repeated by alike ones; may be negative
 */
export function castVotes(
  neighbours: readonly Neighbour[],
  similarityOf: (i: number, j: number) => number,
): Map<string, number> {
  const size = neighbours.length;
  const lower = factorise(size, (i, j) => similarityOf(i, j) + (i === j ? RIDGE / neighbours[i]!.count : 0));
  const weights = solve(
    lower,
    neighbours.map(neighbour => neighbour.similarity),
  );
  const votes = new Map<string, number>();
  neighbours.forEach(({ patternId }, i) => {
    votes.set(patternId, (votes.get(patternId) ?? 0) + weights[i]!);
  });
  return votes;
}

/** Cholesky's lower triangle of a symmetric matrix, row by row. */
function factorise(size: number, entry: (i: number, j: number) => number): Float64Array[] {
  const lower: Float64Array[] = [];
  for (let i = 0; i < size; i++) {
    const row = new Float64Array(i + 1);
    for (let j = 0; j <= i; j++) {
      const other = j === i ? row : lower[j]!;
      const rest = entry(i, j) - dotUpTo(j, row, other);
      // The ridge keeps it positive; rounding may not.
      row[j] = j === i ? Math.sqrt(Math.max(rest, 1e-9)) : rest / other[j]!;
    }
    lower.push(row);
  }
  return lower;
}

function solve(lower: readonly Float64Array[], right: readonly number[]): Float64Array {
  const size = lower.length;
  const values = Float64Array.from(right);
  for (let i = 0; i < size; i++) values[i] = (values[i]! - dotUpTo(i, lower[i]!, values)) / lower[i]![i]!;
  for (let i = size - 1; i >= 0; i--) {
    const row = lower[i]!;
    const value = values[i]! / row[i]!;
    values[i] = value;
    for (let k = 0; k < i; k++) values[k]! -= row[k]! * value;
  }
  return values;
}

/** Four sums side by side: one alone waits for each addition to end before the next. */
function dotUpTo(end: number, a: Float64Array, b: Float64Array): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  let k = 0;
  for (; k + 3 < end; k += 4) {
    first += a[k]! * b[k]!;
    second += a[k + 1]! * b[k + 1]!;
    third += a[k + 2]! * b[k + 2]!;
    fourth += a[k + 3]! * b[k + 3]!;
  }
  for (; k < end; k++) first += a[k]! * b[k]!;
  return first + second + (third + fourth);
}
