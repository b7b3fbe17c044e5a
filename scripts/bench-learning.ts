/**
 * `npm run -s bench:learning`: the learning notes' table of what to reach, for the development sets, in one command: labelled
 * intents beside the peers, the eight lines, and speed. Markdown on standard output, progress on standard error.
 */
import { parseArgs } from 'node:util';
import { INTENTS_FOLDER } from './matching/exemplars.js';
import { STREAMS_FOLDER } from './matching/learning-cost.js';
import { describeMachine } from './matching/machine.js';
import { OWN } from './matching/own.js';
import { measureSpeed, readLearningCost } from './matching/speed.js';
import { arePeersInstalled, installPeers } from './peers/install.js';
import { choosePeers, PEERS } from './peers/list.js';
import { Refusal, runScript } from './server/refusal.js';
import { INTENT_SETS, measureSet, type SetResult } from './table/intent-sets.js';
import { measureLines } from './table/lines.js';
import { writeComparison, writeGoals, writeSets, writeSpeed } from './table/write-table.js';

const COMPARED = 'pg_trgm,MiniSearch,natural,nlp.js,fastText';
const USAGE = `npm run -s bench:learning -- [--quick] [--seeds K] [--peers NAMES|none] [--data FOLDER] [--streams FOLDER]

  --quick     a small run of a few minutes: one seed, part of the test rows, one line; its figures are for looking at
  --seeds     draws of the examples, where not all are used (default 3)
  --peers     ${PEERS.map(peer => peer.name).join(', ')}; ${COMPARED} unless told
  --data      folder of labelled intents (default ${INTENTS_FOLDER})
  --streams   folder of phone lines (default ${STREAMS_FOLDER})`;

/** `comparedRows`: the slowest peers take tens of milliseconds a row. */
const FULL = { ownRows: null, comparedRows: 1_000, lines: 8, sizes: [10_000, 100_000], queries: 500 };
const QUICK = { ownRows: 400, comparedRows: 200, lines: 1, sizes: [10_000], queries: 100 };

runScript(async () => {
  const { isQuick, seeds, peers, data, streams } = readArguments();
  const size = isQuick ? QUICK : FULL;
  if (peers.some(peer => peer.whyMissing()) && !arePeersInstalled()) installPeers();
  const reasons = peers.flatMap(({ name, whyMissing }) => {
    const why = whyMissing();
    return why ? [{ name, why }] : [];
  });
  const present = peers.filter(peer => reasons.every(({ name }) => name !== peer.name));
  const sets: SetResult[] = [];
  for (const set of INTENT_SETS) {
    if (isQuick && set.shots === null) continue;
    sets.push(await measureSet(set, present, { data, seeds, ...size }, say));
  }
  say('the lines');
  const lines = await measureLines(streams, size.lines);
  const speeds = await measureSpeed([OWN], size.sizes, { folder: data, queries: size.queries });
  say('what learning costs');
  const learning = await readLearningCost(streams, 10_000);
  const measurements = { sets, lines, speeds, learning };
  const words = process.argv.slice(2);
  const command = ['npm run -s bench:learning', ...(words.length > 0 ? ['--', ...words] : [])].join(' ');
  const title = `\`${command}\`, ${describeMachine()}. Floor and strong: the learning notes.`;
  console.log(
    [
      title,
      '',
      ...writeGoals(measurements),
      ...writeSets(sets),
      ...writeComparison(sets, reasons),
      ...writeSpeed(measurements),
    ].join('\n'),
  );
}, USAGE);

function readArguments() {
  const { values } = readOptions();
  const isQuick = values.quick!;
  const seeds = values.seeds ?? (isQuick ? '1' : '3');
  if (!/^[1-9]\d?$/.test(seeds)) throw new Refusal(`--seeds is a number from 1 to 99.\n${USAGE}`);
  const peers = choosePeers(values.peers!);
  if (!peers) throw new Refusal(`--peers names one that there is not.\n${USAGE}`);
  return { isQuick, seeds: Number(seeds), peers, data: values.data!, streams: values.streams! };
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        seeds: { type: 'string' },
        peers: { type: 'string', default: COMPARED },
        data: { type: 'string', default: INTENTS_FOLDER },
        streams: { type: 'string', default: STREAMS_FOLDER },
      },
    });
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\n${USAGE}`);
  }
}

function say(text: string): void {
  process.stderr.write(`${text} …\n`);
}
