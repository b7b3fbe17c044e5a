/** Takes away texts that are past their retention: the database's clock and settings say which, a batch at a time. */
import { type SQL, sql } from 'drizzle-orm';
import { readResult } from './client.js';

/** Rows of one statement: its locks are held for about 0.1 s. */
export const BATCH = 200;

export type Kept = 'exchanges' | 'messages' | 'deliveries';

const blank: Record<Kept, SQL> = {
  exchanges: sql`select v3pls_blank_exchanges(${BATCH}) as result`,
  messages: sql`select v3pls_blank_messages(${BATCH}) as result`,
  deliveries: sql`select v3pls_blank_deliveries(${BATCH}) as result`,
};

/** The oldest of these rows that still have a text and should not. @returns how many; fewer than `BATCH` where none is left */
export function blankOldest(kept: Kept): Promise<number> {
  return readResult(blank[kept]);
}
