/** Threads as a noun: which of them wait to be followed again. */
import { sql } from 'drizzle-orm';
import { openClient } from './client.js';

/** Oldest marks first. */
export async function listMarkedThreads(limit: number): Promise<string[]> {
  const { rows } = await openClient().execute<{ thread_id: string }>(
    sql`select thread_id from thread_marks order by recorded_at, thread_id limit ${limit}`,
  );
  return rows.map(row => row.thread_id);
}
