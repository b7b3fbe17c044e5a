// Fits the constants of lib/learning/calibrator.ts on public intents and prints them; some minutes.
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

/** With how many examples an intent each set is taught, and what its texts weigh: all intents known, and some hidden. */
const SETS: { name: string; examples: number[]; known: number; hidden: number }[] = [
  { name: 'clinc', examples: [10, 25, 80], known: 600, hidden: 1_000 },
  { name: 'hwu64', examples: [10, 25, 80], known: 2_000, hidden: 400 },
  { name: 'multidogo_airline', examples: [10, 100], known: 800, hidden: 250 },
  { name: 'multidogo_fastfood', examples: [10, 100], known: 800, hidden: 250 },
  { name: 'multidogo_finance', examples: [10, 100], known: 800, hidden: 250 },
];
/** Intents known, and examples of each: a line on its first days, where half of the texts belong to none. */
const YOUNG: { labels: number; examples: number; weight: number }[] = [
  { labels: 1, examples: 1, weight: 1_000 },
  { labels: 1, examples: 4, weight: 1_000 },
  { labels: 2, examples: 3, weight: 1_000 },
  { labels: 4, examples: 6, weight: 1_000 },
  { labels: 10, examples: 8, weight: 1_000 },
  { labels: 25, examples: 6, weight: 1_000 },
  { labels: 10, examples: 40, weight: 2_500 },
  { labels: 40, examples: 12, weight: 2_500 },
];
const HIDDEN_SHARE = 0.18;
const TESTED = 350;
const TESTED_YOUNG = 25;
/** Texts of other trades: easy to tell, and few of what a line gets. */
const FOREIGN_WEIGHT = 60;

type Group = { weight: number; observations: Observation[] };

runScript(async () => {
  const folder = process.argv[2];
  if (!folder) throw new Refusal('usage: fit-calibrator.ts FOLDER_OF_INTENTS');
  const sets = SETS.map(set => ({ ...set, ...readSet(folder, set.name) }));
  const groups: Group[] = [];
  for (const set of sets)
    for (const count of set.examples) {
      groups.push({ weight: set.known, observations: observeOrdinary(set, count, 0) });
      groups.push({ weight: set.hidden, observations: observeOrdinary(set, count, HIDDEN_SHARE) });
      groups.push({ weight: FOREIGN_WEIGHT, observations: observeForeign(set, sets, count) });
    }
  for (const { labels, examples, weight } of YOUNG)
    groups.push({ weight, observations: observeYoung(sets, labels, examples) });
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
  const foreign = ['oos_train', 'oos_val'].map(part => `${folder}/${name}/${part}.jsonl.gz`).filter(existsSync);
  return {
    train: readLabelled(`${folder}/${name}/train.jsonl.gz`).filter(row => row.label !== null),
    test: [file, ...foreign].flatMap(each => readLabelled(each, true)),
  };
}

function observe(model: Model, { text, label }: Labelled): Observation[] {
  const { best, explanation } = matchText(model, { customerText: text, previousOperatorText: '' });
  return best ? [{ signals: explanation.signals, isRight: label !== null && best.patternId === label }] : [];
}

function observeOrdinary({ train, test }: IntentSet, count: number, hiddenShare: number): Observation[] {
  return [1, 2].flatMap(seed => {
    const random = makeRandom(seed * 77 + count);
    const hidden = new Set(listLabels(train).filter(() => random() < hiddenShare));
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
}

function observeForeign({ name, train }: IntentSet, sets: readonly IntentSet[], count: number): Observation[] {
  const model = teachLabels(takeShots(train, count, 9));
  const kind = (set: string) => set.split('_')[0];
  return sets
    .filter(other => kind(other.name) !== kind(name))
    .flatMap(other => shuffle(other.test, makeRandom(count + 5)).slice(0, TESTED / 6))
    .flatMap(row => observe(model, { ...row, label: null }));
}

function observeYoung(sets: readonly IntentSet[], labels: number, count: number): Observation[] {
  return sets.flatMap(({ train, test }) =>
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
}

function listLabels(rows: readonly Labelled[]): string[] {
  return [...new Set(rows.map(row => row.label!))];
}
