// Exemplars and queries for measuring speed: public intents, each label a pattern. From CLINC150, HWU64 and the three trades of
// MultiDoGO come some 43,000 distinct texts of 320 labels; beyond that number variants are made of them, by a seed: one word
// changed for one of another text with the same label, one letter lost, doubled or swapped with its neighbour, until the text
// is new. So they stay as distinct, as long and as alike as what people write.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { makeRandom, readLabelled, shuffle } from '../intents/labelled.js';
import type { Taught } from '../peers/peer.js';
import { Refusal } from '../server/refusal.js';
import { groupBy } from './group.js';
import { misspell } from './misspell.js';

export const INTENTS_FOLDER = '../shared/data/intents';
const SETS = ['clinc', 'hwu64', 'multidogo_airline', 'multidogo_fastfood', 'multidogo_finance'];
const SEED = 20_261;
/** Attempts at a new text of one source; a very short one has few variants. */
const ATTEMPTS = 20;

/** @returns `size` distinct texts; a smaller size is the beginning of a larger one */
export function makeExemplars(folder: string, size: number): Taught[] {
  const random = makeRandom(SEED);
  const byText = new Map<string, Taught>();
  for (const row of readSets(folder, 'train')) if (!byText.has(row.text)) byText.set(row.text, row);
  const originals = shuffle([...byText.values()], random);
  if (originals.length === 0) throw new Refusal(`${folder} holds no training texts.`);
  const exemplars = originals.slice(0, size);
  const sameLabel = groupBy(originals, row => row.label);
  for (let misses = 0; exemplars.length < size; ) {
    const source = originals[Math.floor(random() * originals.length)]!;
    const variant = makeVariant(source, sameLabel.get(source.label)!, byText, random);
    if (variant) exemplars.push(variant);
    else if (++misses > size) throw new Refusal(`${folder} has too few texts to make ${size} distinct ones of them.`);
  }
  return exemplars;
}

/** Texts of the test sets, known and out of scope, drawn by a seed. */
export function drawQueries(folder: string, count: number): string[] {
  const texts = [...new Set(readSets(folder, 'test').map(row => row.text))];
  return shuffle(texts, makeRandom(SEED + 1)).slice(0, count);
}

function readSets(folder: string, part: 'train' | 'test'): Taught[] {
  return SETS.flatMap(set =>
    [`${part}.jsonl.gz`, ...(part === 'test' ? ['oos_test.jsonl.gz'] : [])]
      .map(name => path.join(folder, set, name))
      .filter(existsSync)
      .flatMap(file => readLabelled(file, true))
      .flatMap(({ text, label }) =>
        part === 'test' || label !== null ? [{ text, label: `${set} ${label ?? ''}` }] : [],
      ),
  );
}

function makeVariant(
  source: Taught,
  alike: readonly Taught[],
  known: Map<string, Taught>,
  random: () => number,
): Taught | null {
  const draw = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)]!;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const words = source.text.split(' ');
    const place = Math.floor(random() * words.length);
    words[place] = draw(draw(alike).text.split(' '));
    const misspelt = Math.floor(random() * words.length);
    words[misspelt] = misspell(words[misspelt]!, random);
    const text = words.join(' ').trim();
    if (text === '' || known.has(text)) continue;
    const variant = { text, label: source.label };
    known.set(text, variant);
    return variant;
  }
  return null;
}
