// Every matcher at every size, each in a process of its own, one after the other; and what learning costs.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Peer } from '../peers/peer.js';
import type { LearningCost } from './learning-cost.js';
import type { Matches, Measured, Task } from './measure-one.js';

export type Speed = {
  name: string;
  size: number;
  /** Why there are no figures, as a clause; null where there are. */
  missing: string | null;
  learnMs: number | null;
  loadMs: number | null;
  packedBytes: number | null;
  matches: Matches | null;
};

/** Cold loads are judged by the fastest: a busy machine only adds. */
const LOADS = 3;
/** A matcher that takes longer at one size is given up there. */
const LIMIT_MS = 120_000;
const LEARNING_LIMIT_MS = 300_000;
const HEAP_MB = 8_192;
const tsx = fileURLToPath(import.meta.resolve('tsx'));
const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export async function measureSpeed(
  matchers: readonly Peer[],
  sizes: readonly number[],
  options: { folder: string; queries: number },
): Promise<Speed[]> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'v3pls-match-'));
  const speeds: Speed[] = [];
  try {
    for (const size of sizes)
      for (const { name, whyMissing } of matchers) {
        process.stderr.write(`${name} at ${size} …\n`);
        const file = path.join(scratch, `state-${speeds.length}`);
        const missing = whyMissing();
        const unmeasured = { name, size, learnMs: null, loadMs: null, packedBytes: null, matches: null };
        const task = { name, size, ...options, file };
        speeds.push(missing ? { ...unmeasured, missing } : await measureMatcher(task, unmeasured));
        rmSync(file, { force: true });
      }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return speeds;
}

export async function readLearningCost(folder: string, exemplars: number): Promise<LearningCost | null> {
  return runNode<LearningCost | null>([script('./learning-cost.ts'), folder, String(exemplars)], LEARNING_LIMIT_MS);
}

async function measureMatcher(task: Omit<Task, 'task'>, unmeasured: Omit<Speed, 'missing'>): Promise<Speed> {
  const run = (words: Partial<Task>) =>
    runNode<Measured>([script('./measure-one.ts'), JSON.stringify({ ...task, ...words })]);
  try {
    const learned = await run({ task: 'learn' });
    const { learnMs, packedBytes } = learned;
    if (learned.matches) return { ...unmeasured, missing: null, learnMs, matches: learned.matches };
    const loads = [await run({ task: 'load' })];
    while (loads.length < LOADS) loads.push(await run({ task: 'load', queries: 0 }));
    const loadMs = Math.min(...loads.map(load => load.loadMs!));
    return { ...unmeasured, missing: null, learnMs, loadMs, packedBytes, matches: loads[0]!.matches };
  } catch (error) {
    const { killed, message } = error as { killed?: boolean; message: string };
    const lines = message.trim().split('\n');
    const reason = killed
      ? `took longer than ${LIMIT_MS / 1_000} seconds`
      : (lines.find(line => /^\w*Error/.test(line)) ?? lines.at(-1)!);
    return { ...unmeasured, missing: reason };
  }
}

function runNode<T>(words: string[], limitMs = LIMIT_MS): Promise<T> {
  const flags = ['--expose-gc', `--max-old-space-size=${HEAP_MB}`, '--import', tsx];
  const options = { timeout: limitMs, maxBuffer: 1 << 24, killSignal: 'SIGKILL' as const };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [...flags, ...words], options, (error, stdout) =>
      error ? reject(error) : resolve(JSON.parse(stdout.trim().split('\n').at(-1)!) as T),
    );
  });
}
