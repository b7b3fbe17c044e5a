/** Counts of deliveries that leave no row. Written after the answer and at most every few seconds, so that nobody can fill the database with refusals. */
import { waitUntil } from '@vercel/functions';
import { outsideBudget } from '../db/client.js';
import { addDeliveryCounts } from '../db/deliveries.js';

const FLUSH_EVERY_MS = 5_000;

let counts = new Map<string, number>();
let flushedMs = Number.NEGATIVE_INFINITY;

/**
 * Counted now, written with the first count after the pause: nobody waits for a timer, and what an instance that ends had
 * not written is a number lost, nothing else.
 * @param reason a code, never a text
 */
export function countLater(outcome: 'duplicate' | 'refused', reason: string): void {
  const key = `${outcome} ${reason}`;
  counts.set(key, (counts.get(key) ?? 0) + 1);
  if (performance.now() - flushedMs < FLUSH_EVERY_MS) return;
  flushedMs = performance.now();
  waitUntil(flushCounts());
}

/** Writes what was counted. Monitoring asks for it first, so that it shows what its own instance knows. Never throws. */
export async function flushCounts(): Promise<void> {
  const rows = [...counts].map(([name, count]) => ({
    outcome: name.split(' ')[0]!,
    reason: name.split(' ')[1] ?? '',
    count,
  }));
  counts = new Map();
  if (rows.length > 0) await outsideBudget(() => addDeliveryCounts(rows)).catch(() => undefined);
}
