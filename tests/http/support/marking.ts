/** Marking exchanges and threads "don't learn", and what the database says of it afterwards. */
import { expect } from 'vitest';
import * as exchanges from '../../../api/exchanges.js';
import { count, deliver, type Item, openThread, runCron } from '../../line/support/quo-line.js';
import type { TestDatabase } from '../../support/postgres.js';
import { type Answer, call } from './calls.js';

export const QUESTION = 'what does a day pass cost';
export const REPLY = 'A day pass costs twelve dollars';
export const OTHER_QUESTION = 'is the upstairs gym room quiet';
export const OTHER_REPLY = 'The upstairs room is quiet in the morning hours';

export async function deliverAll(items: Item[]): Promise<void> {
  for (const item of items) expect((await deliver(item)).body.status).toBe('accepted');
}

export function mark(body: Record<string, unknown>, token?: string): Promise<Answer> {
  return call(exchanges.PATCH, '/api/exchanges', token === undefined ? { body } : { body, token });
}

export type Row = {
  id: string;
  skipped: string | null;
  dontLearn: boolean;
  patternId: string | null;
  words: string | null;
};

/** The thread's exchanges that stand, in time order. */
export function readRows(db: TestDatabase, threadId: string): Promise<Row[]> {
  return db.sql<Row>(
    `select id, skipped, dont_learn as "dontLearn", pattern_id as "patternId", reply_text as words
     from exchanges where thread_id = $1 and not is_withdrawn order by started_at, id`,
    [threadId],
  );
}

export function readPatterns(db: TestDatabase) {
  return db.sql<{ id: string; exchange_count: number; agreed_count: number }>(
    'select id, exchange_count, agreed_count from decision_patterns order by created_at, id',
  );
}

export function readMarkAudit(db: TestDatabase) {
  return db.sql(`select a.actor, a.action, a.subject, r.text as reason from audit_log a left join reasons r on r.id = a.reason_id
    where a.action in ('dont_learn', 'may_learn') order by a.id`);
}

/** Everything is as the marks say: nothing waits for the next run, and no count is off. */
export async function expectSettled(db: TestDatabase): Promise<void> {
  expect(await count(db, 'thread_marks')).toBe(0);
  expect((await runCron()).body.status).toBe('clean');
}

/** Both customers ask the same and get the same answer; the second time the decision agrees. */
export async function learnTwice(db: TestDatabase) {
  const first = openThread(1);
  const second = openThread(2, Date.UTC(2026, 8, 15, 15));
  await deliverAll([first.asks(0, QUESTION), first.answers(1, REPLY)]);
  await deliverAll([second.asks(0, QUESTION), second.answers(1, REPLY)]);
  const [one] = await readRows(db, first.threadId);
  const [two] = await readRows(db, second.threadId);
  return { first, second, one: one!, two: two!, patternId: one!.patternId! };
}

/** Thousands of courtesies after everything that was delivered, a minute apart. */
export async function talkForLong(db: TestDatabase, threadId: string, texts: number): Promise<void> {
  await db.sql(
    `insert into messages (id, thread_id, line_id, direction, text, actor_id, is_person, status, event_at)
     select 'AClong' || n, $1, 'PNline', case n % 2 when 0 then 'incoming' else 'outgoing' end, 'thanks',
       case n % 2 when 1 then 'USanna' end, true, 'received', timestamptz '2026-09-15 00:00:00+00' + n * interval '1 minute'
     from generate_series(1, $2::int) n`,
    [threadId, texts],
  );
}
