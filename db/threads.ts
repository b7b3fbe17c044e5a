/** Threads as a noun: which of them wait to be followed again. */
import { sql } from 'drizzle-orm';
import { execute } from './client.js';

/** Oldest marks first. */
export async function listMarkedThreads(limit: number): Promise<string[]> {
  const rows = await execute<{ thread_id: string }>(
    sql`select thread_id from thread_marks order by recorded_at, thread_id limit ${limit}`,
  );
  return rows.map(row => row.thread_id);
}

/** Puts a thread that could not be followed behind the others. */
export async function postponeMark(threadId: string): Promise<void> {
  await execute(sql`update thread_marks set recorded_at = v3pls_now() where thread_id = ${threadId}`);
}
