/**
 * `npm run -s bench:match`: how long a match takes, what a matcher holds in memory and how long it loads, at several numbers of
 * exemplars, ours beside the peers on the same texts in the same run; and the CPU time of learning one exchange.
 */
import { parseArgs } from 'node:util';
import { INTENTS_FOLDER } from './matching/exemplars.js';
import { STREAMS_FOLDER } from './matching/learning-cost.js';
import { describeMachine } from './matching/machine.js';
import { OWN } from './matching/own.js';
import { measureSpeed, readLearningCost } from './matching/speed.js';
import { writeLearningCost, writeSpeedTables } from './matching/tables.js';
import { arePeersInstalled, installPeers } from './peers/install.js';
import { choosePeers, PEERS } from './peers/list.js';
import { Refusal, runScript } from './server/refusal.js';

const COMPARED = 'MiniSearch,Fuse.js,natural,pg_trgm';
const USAGE = `npm run -s bench:match -- [--sizes 1000,10000,100000] [--peers NAMES|none] [--queries N] [--json]

  --sizes     numbers of exemplars
  --peers     ${PEERS.map(peer => peer.name).join(', ')}; ${COMPARED} unless told
  --queries   texts that each is asked; a slow one is asked fewer (default 500)
  --data      folder of labelled intents (default ${INTENTS_FOLDER})
  --streams   folder of phone lines, for what learning costs (default ${STREAMS_FOLDER})
  --json      one JSON object`;

runScript(async () => {
  const { sizes, peers, queries, folder, streams, isJson } = readArguments();
  if (peers.some(peer => peer.whyMissing()) && !arePeersInstalled()) installPeers();
  const speeds = await measureSpeed([OWN, ...peers], sizes, { folder, queries });
  const exemplars = Math.min(10_000, Math.max(...sizes));
  process.stderr.write(`learning at ${exemplars} …\n`);
  const learning = await readLearningCost(streams, exemplars);
  const machine = describeMachine();
  if (isJson) console.log(JSON.stringify({ machine, queries, speeds, learning }));
  else console.log([machine, '', ...writeSpeedTables(speeds), ...writeLearningCost(learning)].join('\n'));
}, USAGE);

function readArguments() {
  const { values } = readOptions();
  const sizes = values.sizes!.split(',').map(text => readCount(text, 'sizes'));
  const peers = choosePeers(values.peers!);
  if (!peers) throw new Refusal(`--peers names one that there is not.\n${USAGE}`);
  const queries = readCount(values.queries!, 'queries');
  return { sizes, peers, queries, folder: values.data!, streams: values.streams!, isJson: values.json! };
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        sizes: { type: 'string', default: '1000,10000,100000' },
        peers: { type: 'string', default: COMPARED },
        queries: { type: 'string', default: '500' },
        data: { type: 'string', default: INTENTS_FOLDER },
        streams: { type: 'string', default: STREAMS_FOLDER },
        json: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\n${USAGE}`);
  }
}

function readCount(text: string, name: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text.trim())) throw new Refusal(`--${name} takes numbers from 1 to 999999.\n${USAGE}`);
  return Number(text);
}
