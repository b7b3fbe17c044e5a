// Labelled texts from files, and a few of each label by a seed.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Refusal } from '../server/refusal.js';

export type Labelled = { text: string; label: string | null };

/** @param mayLackLabel also lines without one: texts that are all out of scope. Throws a Refusal that names the file and the line. */
export function readLabelled(file: string, mayLackLabel = false): Labelled[] {
  let text: string;
  try {
    const bytes = readFileSync(file);
    text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').replace(/^\uFEFF/, '');
  } catch {
    throw new Refusal(`${file} cannot be read.`);
  }
  return text
    .split('\n')
    .flatMap((line, i) => (line.trim() === '' ? [] : [readLine(line, `${file}:${i + 1}`, mayLackLabel)]));
}

function readLine(line: string, where: string, mayLackLabel: boolean): Labelled {
  try {
    const { text, label } = JSON.parse(line) as { text?: unknown; label?: unknown };
    if (
      typeof text === 'string' &&
      (typeof label === 'string' || label === null || (label === undefined && mayLackLabel))
    )
      return { text, label: label ?? null };
  } catch {
    // Said below.
  }
  throw new Refusal(`${where} is not {"text": "...", "label": "..." or null}.`);
}

/** `count` texts of each label, drawn by the seed; all of them where there are fewer. */
export function takeShots(rows: readonly Labelled[], count: number, seed: number): Labelled[] {
  const random = makeRandom(seed);
  const byLabel = new Map<string, Labelled[]>();
  for (const row of rows) byLabel.set(row.label!, [...(byLabel.get(row.label!) ?? []), row]);
  return [...byLabel.values()].flatMap(list => shuffle(list, random).slice(0, count));
}

export function shuffle<T>(list: readonly T[], random: () => number): T[] {
  const shuffled = [...list];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
  }
  return shuffled;
}

/** mulberry32: small, seeded, good enough to draw with. */
export function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
