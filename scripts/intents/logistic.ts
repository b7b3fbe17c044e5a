// Weighted logistic regression by Newton's method, with a small ridge; for a handful of signals.

export type Observation = { signals: Record<string, number>; isRight: boolean };

const STEPS = 40;
const RIDGE = 1e-3;

/** @returns `offset` and a weight for each signal */
export function fitLogistic(rows: readonly (Observation & { weight: number })[]): Record<string, number> {
  const names = Object.keys(rows[0]!.signals);
  const inputs = rows.map(row => [1, ...names.map(name => row.signals[name]!)]);
  let weights = new Array<number>(names.length + 1).fill(0);
  for (let step = 0; step < STEPS; step++) {
    const gradient = weights.map(weight => -RIDGE * weight);
    const curvature = weights.map((_, i) => weights.map((__, j) => (i === j ? RIDGE : 0)));
    rows.forEach((row, r) => {
      const input = inputs[r]!;
      const chance = 1 / (1 + Math.exp(-input.reduce((sum, value, i) => sum + value * weights[i]!, 0)));
      const error = (Number(row.isRight) - chance) * row.weight;
      const spread = chance * (1 - chance) * row.weight;
      input.forEach((value, i) => {
        gradient[i]! += error * value;
        input.forEach((other, j) => {
          curvature[i]![j]! += spread * value * other;
        });
      });
    });
    const move = solve(curvature, gradient);
    weights = weights.map((weight, i) => weight + move[i]!);
  }
  return Object.fromEntries([['offset', weights[0]!], ...names.map((name, i) => [name, weights[i + 1]!])]);
}

/** Gauss and Jordan; the matrix is positive definite. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  rows.forEach((row, i) => {
    const pivot = row[i]!;
    for (let k = i; k < row.length; k++) row[k]! /= pivot;
    rows.forEach((other, j) => {
      const factor = other[i]!;
      if (j !== i) for (let k = i; k < row.length; k++) other[k]! -= factor * row[k]!;
    });
  });
  return rows.map(row => row.at(-1)!);
}
