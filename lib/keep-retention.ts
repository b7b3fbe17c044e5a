/**
 * Retention, as the settings have it: texts of messages, raw deliveries, and what exchanges quote. The law: only texts go. Rows,
 * ids, credits and patterns' own words stay, and what is left over waits for the next run.
 */
import { blankOldest, type Kept } from '../db/retention.js';

/** The words that learning holds go first: they are the same texts once more. What takes long goes last. */
const ORDER: readonly Kept[] = ['exchanges', 'messages', 'deliveries', 'unattended'];

/** @returns how many rows were blanked @throws what the database throws; what was blanked before stays so */
export async function keepRetention(budgetMs: number): Promise<number> {
  const startedMs = performance.now();
  let total = 0;
  for (const kept of ORDER) {
    for (;;) {
      if (performance.now() - startedMs > budgetMs) return total;
      const { blanked, hasMore } = await blankOldest(kept);
      total += blanked;
      if (!hasMore) break;
    }
  }
  return total;
}
