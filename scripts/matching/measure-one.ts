// One matcher at one size, in a process of its own, so that neither memory nor compiled code of another counts:
//   node --expose-gc --import tsx scripts/matching/measure-one.ts '{"task": …}'      prints one line of JSON
import { readFileSync, writeFileSync } from 'node:fs';
import { findPeer } from '../peers/list.js';
import type { Matcher, Peer } from '../peers/peer.js';
import { drawQueries, makeExemplars } from './exemplars.js';
import { OWN } from './own.js';
import { quantile } from './quantile.js';

export type Task = {
  task: 'learn' | 'load';
  name: string;
  folder: string;
  size: number;
  queries: number;
  /** Where `learn` writes and `load` reads the packed state. */
  file: string;
};

export type Matches = {
  asked: number;
  p50Ms: number;
  p95Ms: number;
  /** CPU time of this process a match, the mean: other work on the machine does not count. null where another process answers. */
  cpuMs: number | null;
  heldBytes: number;
};

export type Measured = {
  /** null where this process learned nothing. */
  learnMs: number | null;
  loadMs: number | null;
  packedBytes: number | null;
  /** null where nothing was asked, because the state is asked after loading. */
  matches: Matches | null;
};

const WARM_UP = 50;
const WARM_UP_LIMIT_MS = 2_000;
/** A slow matcher is asked fewer times. */
const ASKING_LIMIT_MS = 15_000;
const FEWEST = 5;

if (process.argv[2]?.startsWith('{')) {
  const measured = await measureTask(JSON.parse(process.argv[2]) as Task);
  process.stdout.write(`${JSON.stringify(measured)}\n`, () => process.exit(0));
}

async function measureTask(task: Task): Promise<Measured> {
  const peer = task.name === OWN.name ? OWN : findPeer(task.name)!;
  peer.loadCode();
  return task.task === 'learn' ? measureLearning(peer, task) : measureLoading(peer, task);
}

async function measureLearning(peer: Peer, { folder, size, queries, file }: Task): Promise<Measured> {
  const rows = makeExemplars(folder, size);
  const before = countHeld();
  const startedMs = performance.now();
  const matcher = await peer.learn(rows);
  const learnMs = performance.now() - startedMs;
  const packed = matcher.pack();
  if (packed) writeFileSync(file, packed);
  const matches = packed ? null : await ask(matcher, folder, queries, before);
  await matcher.close();
  return { learnMs, loadMs: null, packedBytes: packed?.length ?? null, matches };
}

async function measureLoading(peer: Peer, { folder, queries, file }: Task): Promise<Measured> {
  const before = countHeld();
  const { matcher, loadMs, packedBytes } = await openFile(peer, file);
  const matches = queries === 0 ? null : await ask(matcher, folder, queries, before);
  await matcher.close();
  return { learnMs: null, loadMs, packedBytes, matches };
}

/** By itself, so that the file's bytes are held afterwards only where the matcher holds them. */
async function openFile(peer: Peer, file: string) {
  const packed = readFileSync(file);
  const startedMs = performance.now();
  const matcher = await peer.open(packed);
  return { matcher, loadMs: performance.now() - startedMs, packedBytes: packed.length };
}

async function ask(matcher: Matcher, folder: string, queries: number, before: number): Promise<Matches> {
  const texts = drawQueries(folder, queries + WARM_UP);
  const warmUntilMs = performance.now() + WARM_UP_LIMIT_MS;
  for (const text of texts.slice(0, WARM_UP)) {
    await matcher.answer(text);
    if (performance.now() > warmUntilMs) break;
  }
  const times: number[] = [];
  const cpu = process.cpuUsage();
  const stopMs = performance.now() + ASKING_LIMIT_MS;
  for (const text of texts.slice(-queries)) {
    const startedMs = performance.now();
    const answer = matcher.answer(text);
    if (answer instanceof Promise) await answer;
    times.push(performance.now() - startedMs);
    if (times.length >= FEWEST && performance.now() > stopMs) break;
  }
  const { user, system } = process.cpuUsage(cpu);
  const cpuMs = (user + system) / 1_000 / times.length;
  // After asking: what a matcher makes when it is first asked is held from then on.
  const elsewhere = await matcher.heldElsewhere();
  return {
    asked: times.length,
    p50Ms: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    cpuMs: elsewhere === null ? cpuMs : null,
    heldBytes: elsewhere ?? countHeld() - before,
  };
}

function countHeld(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
