/**
 * Learns what whole threads teach, in the order of time: with the matcher in memory, and hundreds of exchanges a transaction. The
 * same pure decisions as for a delivery. The law: each transaction is whole, and begun again it does only what is left to do.
 */
import { createHash } from 'node:crypto';
import { readFailure } from '../db/errors.js';
import { findWords } from '../db/exchange-texts.js';
import {
  countThreadMessages,
  findBroadcastTexts,
  findLearning,
  findWholeThreads,
  type LessonsWritten,
  listTakenPatternIds,
  type WholeThread,
  writeLessons,
} from '../db/history-lessons.js';
import { rowIds } from './follow.js';
import { keepMatcher } from './keep-matcher.js';
import type { BroadcastText } from './learning/broadcast.js';
import { gatherBroadcasts } from './learning/broadcast.js';
import { takeWords } from './learning/follow-thread.js';
import {
  type Batch,
  compareSteps,
  openBatch,
  planSteps,
  reword,
  type Step,
  takeBack,
  teach,
} from './learning/lessons.js';
import { removePattern } from './learning/model.js';
import type { FollowSettings, WordsOf } from './learning/thread-view.js';
import { advanceMatcher, forgetMatcher, heldMatcher, knownRevision, loadMatcher, refreshMatcher } from './matcher.js';
import { requireSchema } from './require-schema.js';
import { readSettings } from './settings.js';

/** Exchanges of one transaction: others wait for it, a fifth of a second in the ordinary case. */
const STEPS = 200;
/** Exchanges between two moments in which other tasks of this process have their turn. */
const STEPS_AT_ONCE = 8;
/** Read in one statement. */
const MESSAGES_READ = 4_000;
const THREADS_READ = 300;
/** Other instances start from a packed state: reading what was learned since it costs them 0.3 ms an exchange. */
const PACK_EVERY = 4_000;
const PAUSE_MS = 50;

/** The kill switch is engaged: nothing is learned until an admin releases it. */
export class KillSwitchEngaged extends Error {
  override name = 'KillSwitchEngaged';
}

export type LearnedHistory = {
  learned: number;
  /** By code. */
  skipped: Record<string, number>;
  /** Questions that nobody answered. */
  open: number;
  patternsCreated: number;
};

type KnownThread = Pick<WholeThread, 'lineId' | 'version' | 'hasDecisions'>;

type Run = {
  settings: FollowSettings;
  /** In the order of time. */
  queue: Step[];
  threads: Map<string, KnownThread>;
  broadcasts: (threadId: string) => BroadcastText[];
  takenIds: Set<string>;
  learnedSincePack: number;
};

/**
 * @param threadIds whose messages are all stored
 * @throws KillSwitchEngaged; Unavailable where the database cannot be asked: what was written until then is whole
 */
export async function learnHistory(
  threadIds: readonly string[],
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<LearnedHistory> {
  try {
    return await learn(await openRun(threadIds), onProgress);
  } catch (error) {
    // It may know what nobody wrote.
    forgetMatcher();
    throw error;
  }
}

type OnItsWay = { batch: Batch; written: Promise<LessonsWritten | null> };

async function learn(run: Run, onProgress: (done: number, total: number) => void): Promise<LearnedHistory> {
  const report: LearnedHistory = { learned: 0, skipped: {}, open: 0, patternsCreated: 0 };
  const total = run.queue.length;
  let onItsWay = null as OnItsWay | null;
  while (run.queue.length > 0 || onItsWay) {
    // The next ones are taught while the ones before are written.
    const next: Batch | null = run.queue.length > 0 ? await teachNext(run, onItsWay?.batch ?? null) : null;
    if (onItsWay) {
      const { batch, written } = onItsWay;
      const result = await written;
      onItsWay = null;
      if (!result) {
        await startAgain(run, next ? [next, batch] : [batch]);
        continue;
      }
      countBatch(batch, report, run);
      onProgress(total - run.queue.length - (next?.steps.length ?? 0), total);
      if (result.isLatched) throw new KillSwitchEngaged('The kill switch was engaged meanwhile.');
    }
    if (!next) continue;
    onItsWay = { batch: next, written: write(next, run) };
    // What may go with this transaction must not be joined, and what is packed must be written: nothing is taught meanwhile.
    if (next.bereft.size === 0 && run.learnedSincePack < PACK_EVERY) continue;
    const result = await onItsWay.written;
    if (!result) continue;
    for (const id of result.removed) removePattern(heldMatcher()!.model, id);
    if (run.learnedSincePack >= PACK_EVERY) await pack(run);
  }
  if (report.learned > 0) await pack(run);
  return report;
}

async function openRun(threadIds: readonly string[]): Promise<Run> {
  const { level, config, isLatched, learning } = await findLearning(knownRevision());
  requireSchema(level);
  if (isLatched) throw new KillSwitchEngaged('The kill switch is engaged.');
  if (!refreshMatcher(learning)) await loadMatcher();
  const { windowMinutes, matchThreshold } = readSettings(config);
  const run: Run = {
    settings: { isLearning: true, windowMinutes, matchThreshold, makesGoodOff: true },
    queue: [],
    threads: new Map(),
    broadcasts: gatherBroadcasts(await findBroadcastTexts()),
    takenIds: new Set(await listTakenPatternIds()),
    learnedSincePack: 0,
  };
  await plan(run, threadIds);
  return run;
}

/** Reads the threads as they are now, and puts what is left to do there into the queue. */
async function plan(run: Run, threadIds: readonly string[]): Promise<void> {
  for (const part of await listParts(threadIds)) {
    for (const thread of await findWholeThreads(part)) {
      const { id, lineId, version, hasDecisions, messages, exchanges, isGroup, dontLearn } = thread;
      run.threads.set(id, { lineId, version, hasDecisions });
      const view = { messages, isCut: false, isCutLater: false, isGroup, dontLearn, stored: exchanges, decisions: [] };
      for (const step of planSteps(id, { ...view, broadcastTexts: run.broadcasts(id) }, run.settings, rowIds))
        run.queue.push(step);
    }
  }
  run.queue.sort(compareSteps);
}

async function listParts(threadIds: readonly string[]): Promise<string[][]> {
  const counts = await countThreadMessages(threadIds);
  const parts: string[][] = [];
  let count = Number.POSITIVE_INFINITY;
  for (const id of threadIds) {
    const messages = counts[id] ?? 0;
    if (count + messages > MESSAGES_READ || parts.at(-1)!.length === THREADS_READ) {
      parts.push([]);
      count = 0;
    }
    parts.at(-1)!.push(id);
    count += messages;
  }
  return parts;
}

/** @param before on its way to the database: its texts stand nowhere yet */
async function teachNext(run: Run, before: Batch | null): Promise<Batch> {
  const batch = openBatch();
  const { model } = heldMatcher()!;
  const newPatternId = (key: string) => patternIdOf(key, id => model.patterns.has(id) || run.takenIds.has(id));
  for (const [index, step] of run.queue.splice(0, STEPS).entries()) {
    if (index % STEPS_AT_ONCE === 0) await new Promise(resolve => setImmediate(resolve));
    const wanted = teach(step, batch, model, newPatternId);
    if (wanted) await giveWords(wanted, batch, before);
  }
  return batch;
}

async function giveWords({ id, exchangeId }: WordsOf, batch: Batch, before: Batch | null): Promise<void> {
  const texts = batch.texts.get(exchangeId) ?? before?.texts.get(exchangeId) ?? (await findWords(exchangeId));
  const words = texts && takeWords(id, texts);
  if (words?.kind === 'words') reword(words, batch, heldMatcher()!.model);
}

/** The same exchange creates the same pattern, so that an import that was cut off and begun again ends as if it had not been. */
function patternIdOf(key: string, isTaken: (id: string) => boolean): string {
  for (let n = 0; ; n++) {
    const hex = createHash('sha256').update(`pattern:${n}:${key}`).digest('hex');
    const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
    if (!isTaken(id)) return id;
  }
}

/** @returns null where another writer was faster: nothing was written */
async function write(batch: Batch, run: Run): Promise<LessonsWritten | null> {
  const threadIds = [...new Set(batch.steps.map(({ threadId }) => threadId))];
  const isEvidence = batch.touched.size > 0;
  const revision = heldMatcher()!.revision;
  try {
    const written = await writeLessons({
      claims: threadIds.map(id => ({
        id,
        lineId: '',
        customer: '',
        isGroup: false,
        expectedVersion: run.threads.get(id)!.version,
        adopts: null,
      })),
      revision: isEvidence ? revision : null,
      created: [...batch.created.values()],
      worded: [...batch.worded.values()],
      withdrawn: batch.steps.flatMap(({ withdrawn }) => withdrawn.map(({ id }) => id)),
      exchanges: batch.steps.map(({ write, threadId }) => ({
        write,
        threadId,
        lineId: run.threads.get(threadId)!.lineId,
      })),
      bereft: [...batch.bereft],
      touched: [...batch.touched],
      marks: threadIds.filter(id => run.threads.get(id)!.hasDecisions),
    });
    for (const id of threadIds) run.threads.get(id)!.version += 1;
    if (isEvidence) advanceMatcher(revision + 1);
    return written;
  } catch (error) {
    const { kind, code } = readFailure(error);
    // 55P03: somebody held a lock for longer than is waited for.
    if (kind === 'conflict' || code === '55P03') return null;
    throw error;
  }
}

/** Takes back what was taught and not written, looks at what others did, and plans these threads anew. */
async function startAgain(run: Run, batches: Batch[]): Promise<void> {
  const isAsBefore = batches.map(takeBack).every(Boolean);
  if (!isAsBefore) forgetMatcher();
  await new Promise(resolve => setTimeout(resolve, Math.random() * PAUSE_MS));
  const { isLatched, learning } = await findLearning(knownRevision());
  if (isLatched) throw new KillSwitchEngaged('The kill switch was engaged meanwhile.');
  if (!refreshMatcher(learning)) await loadMatcher();
  const again = new Set(batches.flatMap(({ steps }) => steps.map(({ threadId }) => threadId)));
  run.queue = run.queue.filter(({ threadId }) => !again.has(threadId));
  await plan(run, [...again]);
}

function countBatch({ steps, created }: Batch, report: LearnedHistory, run: Run): void {
  report.patternsCreated += created.size;
  for (const { write } of steps) {
    const { patternId, skipped } = write;
    if (patternId) report.learned += 1;
    else if (skipped) report.skipped[skipped] = (report.skipped[skipped] ?? 0) + 1;
    else report.open += 1;
    if (patternId) run.learnedSincePack += 1;
  }
}

async function pack(run: Run): Promise<void> {
  await keepMatcher(true);
  run.learnedSincePack = 0;
}
