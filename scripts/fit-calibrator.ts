// Fits the constants of lib/learning/matcher.ts's calibrator on public intents and prints them; half a minute or two.
//   node --import tsx scripts/fit-calibrator.ts FOLDER     FOLDER/SET/train.jsonl.gz and val or dev.jsonl.gz
// What a business's line is like at its beginning and later: a few or many patterns, few or many examples of each, and always
// texts that belong to none.
import { existsSync } from 'node:fs';
import { matchText } from '../lib/learning/matcher.js';
import type { Model } from '../lib/learning/model.js';
import { type Labelled, makeRandom, readLabelled, shuffle, takeShots } from './intents/labelled.js';
import { fitLogistic, type Observation } from './intents/logistic.js';
import { teachLabels } from './intents/teach.js';
import { Refusal, runScript } from './server/refusal.js';

const SETS: [name: string, examples: number[]][] = [
  ['clinc', [10, 40]],
  ['hwu64', [10, 60]],
  ['multidogo_airline', [10, 80]],
  ['multidogo_fastfood', [10, 80]],
  ['multidogo_finance', [10, 80]],
];
/** Intents known, and examples of each: a line on its first days. */
const YOUNG: [labels: number, examples: number][] = [
  [1, 1],
  [1, 4],
  [2, 3],
  [4, 6],
  [10, 8],
  [25, 6],
];
const HIDDEN_SHARE = 0.18;
const TESTED = 700;
const TESTED_YOUNG = 40;
/** Weight of a group of observations: foreign trades overlap, so they count half. */
const WEIGHTS = { ordinary: 1_000, young: 700, foreign: 500 };

type Group = { weight: number; observations: Observation[] };

runScript(async () => {
  const folder = process.argv[2];
  if (!folder) throw new Refusal('usage: fit-calibrator.ts FOLDER_OF_INTENTS');
  const sets = SETS.map(([name, examples]) => ({ name, examples, ...readSet(folder, name) }));
  const groups: Group[] = [];
  for (const set of sets)
    for (const count of set.examples) groups.push(observeOrdinary(set, count), observeForeign(set, sets, count));
  groups.push(...YOUNG.map(([labels, count]) => observeYoung(sets, labels, count)));
  const total = groups.reduce((sum, group) => sum + group.observations.length, 0);
  const fitted = fitLogistic(
    groups.flatMap(({ weight, observations }) =>
      observations.map(o => ({ ...o, weight: weight / observations.length })),
    ),
  );
  console.log(`${total} observations`);
  console.log(Object.fromEntries(Object.entries(fitted).map(([name, value]) => [name, Number(value.toFixed(2))])));
});

type IntentSet = { name: string; train: Labelled[]; test: Labelled[] };

function readSet(folder: string, name: string): { train: Labelled[]; test: Labelled[] } {
  const file = ['val', 'dev'].map(part => `${folder}/${name}/${part}.jsonl.gz`).find(existsSync);
  if (!file) throw new Refusal(`${folder}/${name} has no val.jsonl.gz or dev.jsonl.gz.`);
  return {
    train: readLabelled(`${folder}/${name}/train.jsonl.gz`).filter(row => row.label !== null),
    test: readLabelled(file),
  };
}

function observe(model: Model, { text, label }: Labelled): Observation[] {
  const { best, explanation } = matchText(model, { customerText: text, previousOperatorText: '' });
  return best ? [{ signals: explanation.signals, isRight: label !== null && best.patternId === label }] : [];
}

function observeOrdinary({ train, test }: IntentSet, count: number): Group {
  const observations = [1, 2].flatMap(seed => {
    const random = makeRandom(seed * 77 + count);
    const hidden = new Set(listLabels(train).filter(() => random() < HIDDEN_SHARE));
    const model = teachLabels(
      takeShots(
        train.filter(row => !hidden.has(row.label!)),
        count,
        seed,
      ),
    );
    return shuffle(test, random)
      .slice(0, TESTED)
      .flatMap(row => observe(model, row));
  });
  return { weight: WEIGHTS.ordinary, observations };
}

function observeForeign({ name, train }: IntentSet, sets: readonly IntentSet[], count: number): Group {
  const model = teachLabels(takeShots(train, count, 9));
  const kind = (set: string) => set.split('_')[0];
  const observations = sets
    .filter(other => kind(other.name) !== kind(name))
    .flatMap(other => shuffle(other.test, makeRandom(count + 5)).slice(0, TESTED / 6))
    .flatMap(row => observe(model, { ...row, label: null }));
  return { weight: WEIGHTS.foreign, observations };
}

function observeYoung(sets: readonly IntentSet[], labels: number, count: number): Group {
  const observations = sets.flatMap(({ train, test }) =>
    [1, 2, 3, 4, 5, 6].flatMap(seed => {
      const random = makeRandom(seed * 991 + labels * 13 + count);
      const known = new Set(shuffle(listLabels(train), random).slice(0, labels));
      const model = teachLabels(
        takeShots(
          train.filter(row => known.has(row.label!)),
          count,
          seed,
        ),
      );
      const isKnown = (row: Labelled) => row.label !== null && known.has(row.label);
      const half = (rows: Labelled[]) => shuffle(rows, random).slice(0, TESTED_YOUNG);
      return [...half(test.filter(isKnown)), ...half(test.filter(row => !isKnown(row)))].flatMap(row =>
        observe(model, row),
      );
    }),
  );
  return { weight: WEIGHTS.young, observations };
}

function listLabels(rows: readonly Labelled[]): string[] {
  return [...new Set(rows.map(row => row.label!))];
}
