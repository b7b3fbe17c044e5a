/**
 * Imports a line's history: stores its messages in bulk, then learns what they teach. The law: it says nothing of what would have
 * been said (no shadow decisions: figures on history come from the backtest), and everything that it learns is inactive.
 */
import { markOthers } from '../db/history.js';
import { followMarkedThreads } from './follow.js';
import { type LearnedHistory, learnHistory } from './learn-history.js';
import type { QuoMessage } from './quo/message.js';
import { type HistorySource, splitIntoBulks, storeBulkOf } from './store-history.js';

export { KillSwitchEngaged } from './learn-history.js';

export type StoredHistory = {
  stored: number;
  /** Were there already. */
  known: number;
  /** Of customers who were erased later than they wrote. */
  erased: number;
  threadIds: Set<string>;
  /** Unix milliseconds between which the new ones were written. */
  fromMs: number;
  toMs: number;
};
export type ImportReport = Pick<StoredHistory, 'stored' | 'known' | 'erased'> & { threads: number } & LearnedHistory;

export function emptyHistory(): StoredHistory {
  const times = { fromMs: Number.POSITIVE_INFINITY, toMs: Number.NEGATIVE_INFINITY };
  return { stored: 0, known: 0, erased: 0, threadIds: new Set(), ...times };
}

/**
 * Stores messages; begun again it skips what is there.
 * @param isWriting false: counts, and stores nothing
 */
export async function storeHistory(
  messages: readonly QuoMessage[],
  source: HistorySource,
  history: StoredHistory,
  isWriting = true,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<void> {
  let done = 0;
  for (const bulk of splitIntoBulks(messages)) {
    const { stored, known, erased, threadIds } = await storeBulkOf(bulk, source, isWriting);
    history.stored += stored.length;
    history.known += known;
    history.erased += erased;
    for (const id of threadIds) history.threadIds.add(id);
    const times = stored.length > 0 ? bulk.map(({ at }) => at.getTime()) : [];
    history.fromMs = Math.min(history.fromMs, ...times);
    history.toMs = Math.max(history.toMs, ...times);
    done += bulk.length;
    onProgress(done, messages.length);
  }
}

/**
 * Learns from what was stored. An import is somebody's decision: it also learns while `enabled` is off, and what closed while it
 * was; with the kill switch engaged it does not.
 * @throws KillSwitchEngaged
 */
export async function learnStored(
  { stored, known, erased, threadIds, fromMs, toMs }: StoredHistory,
  onProgress?: (done: number, total: number) => void,
): Promise<ImportReport> {
  const learned = await learnHistory([...threadIds], onProgress);
  if (stored > 0) await markOthers([...threadIds], { from: iso(fromMs), to: iso(toMs) });
  // Threads in which something was decided, and others that have a part in a broadcast.
  await followMarkedThreads(MARKED_THREADS, Number.POSITIVE_INFINITY);
  return { stored, known, erased, threads: threadIds.size, ...learned };
}

const MARKED_THREADS = 10_000;
const iso = (ms: number) => new Date(ms).toISOString();
