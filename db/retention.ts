/** Takes away texts that are past their retention: the database's clock and settings say which, a batch at a time. */
import { type SQL, sql } from 'drizzle-orm';
import { readResult } from './client.js';

export type Kept = 'exchanges' | 'messages' | 'deliveries' | 'unattended';

/**
 * Rows of one statement, whose locks are held for about 0.1 s. A text that nobody wrote is compared with every wording of every
 * pattern before it goes: measured, 0.25 s each at 5,000 patterns on a busy machine.
 */
const BATCHES: Record<Kept, number> = { exchanges: 200, messages: 200, deliveries: 200, unattended: 5 };

const BLANK: Record<Kept, (limit: number) => SQL> = {
  exchanges: limit => sql`select v3pls_blank_exchanges(${limit}) as result`,
  messages: limit => sql`select v3pls_blank_messages(${limit}) as result`,
  deliveries: limit => sql`select v3pls_blank_deliveries(${limit}) as result`,
  unattended: limit => sql`select v3pls_blank_unattended(${limit}) as result`,
};

/** Of these, the oldest that still have a text and should not. @returns how many, and whether there may be more */
export async function blankOldest(kept: Kept): Promise<{ blanked: number; hasMore: boolean }> {
  const limit = BATCHES[kept];
  const blanked = await readResult<number>(BLANK[kept](limit));
  return { blanked, hasMore: blanked === limit };
}
