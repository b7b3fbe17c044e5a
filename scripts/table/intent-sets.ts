// Labelled intents, ours and the peers on the same split: what each answers, counted by the functions behind bench:intents.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Answered, type Figures, measure } from '../intents/figures.js';
import { type Labelled, makeRandom, readLabelled, shuffle, takeShots } from '../intents/labelled.js';
import { OWN } from '../matching/own.js';
import type { Matcher, Peer, Taught } from '../peers/peer.js';

export type IntentSet = {
  key: string;
  title: string;
  folder: string;
  /** Examples of each label; null: all there are, and so one seed. */
  shots: number | null;
  /** Texts as people write them while they chat, with their typos. */
  isNoisy: boolean;
};

export type SetResult = {
  set: IntentSet;
  rows: number;
  seeds: number;
  own: Figures;
  /** Of all that were compared, ours among them: on `comparedRows` rows, the same for everybody. */
  compared: { name: string; accuracy: number; coverageAt95: number }[];
  comparedRows: number;
};

export const INTENT_SETS: readonly IntentSet[] = [
  { key: 'clinc10', title: 'CLINC150', folder: 'clinc', shots: 10, isNoisy: false },
  { key: 'clinc', title: 'CLINC150', folder: 'clinc', shots: null, isNoisy: false },
  { key: 'hwu64', title: 'HWU64', folder: 'hwu64', shots: 10, isNoisy: false },
  { key: 'airline', title: 'MultiDoGO airline', folder: 'multidogo_airline', shots: 100, isNoisy: true },
  { key: 'fastfood', title: 'MultiDoGO fastfood', folder: 'multidogo_fastfood', shots: 100, isNoisy: true },
  { key: 'finance', title: 'MultiDoGO finance', folder: 'multidogo_finance', shots: 100, isNoisy: true },
];

/**
 * @param limits test rows: of ours (null: all) and of the comparison; a part is drawn by the seed
 * @param say is told what is being measured
 */
export async function measureSet(
  set: IntentSet,
  peers: readonly Peer[],
  options: { data: string; seeds: number; ownRows: number | null; comparedRows: number },
  say: (text: string) => void,
): Promise<SetResult> {
  const { train, test } = readSet(path.join(options.data, set.folder));
  const seeds = set.shots === null ? 1 : options.seeds;
  const own: Figures[] = [];
  const others = new Map<string, Figures[]>();
  let rows = 0;
  let comparedRows = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const taught = (set.shots === null ? train : takeShots(train, set.shots, seed)) as Taught[];
    const order = shuffle([...test.keys()], makeRandom(seed)).slice(0, options.ownRows ?? test.length);
    // In the file's order, as bench:intents has them: its recalibration draws its own order from that.
    const asked = [...order].sort((a, b) => a - b);
    const compared = new Set(order.slice(0, options.comparedRows));
    const comparedPlaces = asked.filter(place => compared.has(place));
    [rows, comparedRows] = [asked.length, compared.size];
    for (const peer of [OWN, ...peers]) {
      say(`${set.title}, ${set.shots ?? 'all'} examples, seed ${seed}: ${peer.name}`);
      const matcher = await peer.learn(taught);
      const places = peer === OWN ? asked : comparedPlaces;
      const answers = await askAll(
        matcher,
        places.map(place => test[place]!),
      );
      await matcher.close();
      if (peer === OWN) own.push(measure(answers, seed));
      const same = answers.filter((_, i) => compared.has(places[i]!));
      others.set(peer.name, [...(others.get(peer.name) ?? []), measure(same, seed)]);
    }
  }
  return {
    set,
    rows,
    seeds,
    own: averageFigures(own),
    compared: [...others].map(([name, figures]) => ({
      name,
      accuracy: average(figures.map(one => one.accuracy)),
      coverageAt95: average(figures.map(one => one.coverageAt95)),
    })),
    comparedRows,
  };
}

/** By how much we are ahead of the peers' mean, and of the best of them, over all sets; shares of 1. */
export function findLead(
  results: readonly SetResult[],
  figure: 'accuracy' | 'coverageAt95',
): { mean: number; best: number } | null {
  const leads = results.flatMap(({ compared }) => {
    const own = compared.find(({ name }) => name === OWN.name)!;
    const peers = compared.filter(other => other !== own).map(other => other[figure]);
    return peers.length === 0 ? [] : [{ mean: own[figure] - average(peers), best: own[figure] - Math.max(...peers) }];
  });
  if (leads.length === 0) return null;
  return { mean: average(leads.map(lead => lead.mean)), best: average(leads.map(lead => lead.best)) };
}

function readSet(folder: string): { train: Labelled[]; test: Labelled[] } {
  const outOfScope = path.join(folder, 'oos_test.jsonl.gz');
  return {
    train: readLabelled(path.join(folder, 'train.jsonl.gz')).filter(row => row.label !== null),
    test: [
      ...readLabelled(path.join(folder, 'test.jsonl.gz')),
      ...(existsSync(outOfScope) ? readLabelled(outOfScope) : []),
    ],
  };
}

async function askAll(matcher: Matcher, rows: readonly Labelled[]): Promise<Answered[]> {
  const answers: Answered[] = [];
  for (const { text, label } of rows) {
    const answer = await matcher.answer(text);
    answers.push({
      isInScope: label !== null,
      isRight: label !== null && answer.label === label,
      confidence: answer.score,
    });
  }
  return answers;
}

function averageFigures(runs: readonly Figures[]): Figures {
  const names = Object.keys(runs[0]!) as (keyof Figures)[];
  const entries = names.map(name => {
    const values = runs.map(run => run[name]).filter(value => value !== null);
    return [name, values.length === 0 ? null : average(values)];
  });
  return Object.fromEntries(entries) as Figures;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
