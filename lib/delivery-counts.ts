/** Counts of deliveries that leave no row. Written after the answer and at most every few seconds, so that nobody can fill the database with refusals. */
import { waitUntil } from '@vercel/functions';
import { outsideBudget } from '../db/client.js';
import { addDeliveryCounts } from '../db/deliveries.js';

const FLUSH_EVERY_MS = 5_000;

let counts = new Map<string, number>();
let flushing: Promise<void> | null = null;
let flushedMs = Number.NEGATIVE_INFINITY;

/** @param reason a code, never a text */
export function countLater(outcome: 'duplicate' | 'refused', reason: string): void {
  const key = `${outcome} ${reason}`;
  counts.set(key, (counts.get(key) ?? 0) + 1);
  flushing ??= flush();
  waitUntil(flushing);
}

async function flush(): Promise<void> {
  const waitMs = Math.max(0, flushedMs + FLUSH_EVERY_MS - performance.now());
  await new Promise(resolve => setTimeout(resolve, waitMs).unref());
  const taken = counts;
  counts = new Map();
  flushing = null;
  flushedMs = performance.now();
  const rows = [...taken].map(([key, count]) => ({
    outcome: key.split(' ')[0]!,
    reason: key.split(' ')[1] ?? '',
    count,
  }));
  // A lost count is a lost number, nothing else: the delivery was answered.
  await outsideBudget(() => addDeliveryCounts(rows)).catch(() => undefined);
}
