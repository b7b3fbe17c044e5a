// Counters are recounted from their evidence, also when two writers do it at once: else the watchdog would see a forgery.
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { encodeEvent } from '../../scripts/quo/encode.js';
import type { TestDatabase } from '../support/postgres.js';
import {
  createLine,
  deliver,
  deliverBody,
  openThread,
  readExchanges,
  runCron,
  setLearning,
} from './support/quo-line.js';

let db: TestDatabase;
beforeEach(async () => {
  db = await createLine();
});
afterEach(() => db.close());

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: db.url });
  await client.connect();
  return client;
}

it('one who learns and one who only judges, at the same moment, count the same', async () => {
  const thread = openThread(1);
  await deliver(thread.asks(0, 'what does a day pass cost'));
  await deliver(thread.answers(1, 'A day pass costs twelve dollars'));
  const [pattern] = await db.sql<{ id: string }>('select id from decision_patterns');
  const [learner, judge] = [await connect(), await connect()];
  for (let round = 0; round < 10; round++) {
    await learner.query('begin');
    await learner.query('select v3pls_expect_revision((select revision from learning_state))');
    await learner.query(
      `insert into exchanges (key, thread_id, line_id, customer_message_ids, operator_message_ids, started_at, answered_at, pattern_id)
       values ($2, 'CN1', 'PN1', '{x}', '{y}', now(), now(), $1)`,
      [pattern!.id, `round ${round}`],
    );
    await learner.query('select v3pls_refresh_patterns(array[$1]::uuid[])', [pattern!.id]);
    await judge.query('begin');
    const pid = (await judge.query('select pg_backend_pid() as pid')).rows[0].pid as number;
    const judged = judge.query('select v3pls_refresh_patterns(array[$1]::uuid[])', [pattern!.id]);
    // The barrier: the judge waits for the learner's locks.
    for (;;) {
      const [waiting] = await db.sql<{ n: number }>('select cardinality(pg_blocking_pids($1)) as n', [pid]);
      if (waiting!.n > 0) break;
    }
    await learner.query('commit');
    await judged;
    await judge.query('commit');
  }
  await Promise.all([learner.end(), judge.end()]);
  expect(await db.sql('select exchange_count from decision_patterns')).toEqual([{ exchange_count: 11 }]);
  expect((await runCron()).body.status).toBe('clean');
});

it('an answer that came while learning was off is learning_off for good, even if its question comes later', async () => {
  const thread = openThread(1);
  const question = thread.asks(0, 'what does a day pass cost');
  await setLearning(db, false);
  await deliver(thread.answers(1, 'A day pass costs twelve dollars'));
  await setLearning(db, true);
  await deliver(question);
  expect((await readExchanges(db)).map(exchange => exchange.skipped)).toEqual(['learning_off']);
});

it('the id of a thread that nobody named says nothing about the number', async () => {
  const ids = new Set<string>();
  for (const line of [db, await createLine()]) {
    await line.use();
    const body = JSON.parse(encodeEvent(openThread(1).asks(0, 'what does a day pass cost'), 'v4'));
    delete body.data.deepLink;
    await deliverBody(JSON.stringify(body), { scheme: 'legacy' });
    const [thread] = await line.sql<{ id: string }>('select id from threads');
    ids.add(thread!.id);
    if (line !== db) await line.close();
  }
  expect(ids.size).toBe(2);
  await db.use();
});

it('a pattern says which of its blanks can be filled from the conversation', async () => {
  const thread = openThread(1);
  await deliver(thread.asks(0, 'can i come at 5:45pm today for the ropes'));
  await deliver(thread.answers(1, 'Sure, see you at 5:45pm then, the side door code is 4471#'));
  const [pattern] = await db.sql<{ response_template: string; slots: { name: string; fillable: boolean }[] }>(
    'select response_template, slots from decision_patterns',
  );
  expect(pattern!.response_template).not.toContain('4471');
  const named = new Set([...pattern!.response_template.matchAll(/{{([a-z]+)}}/g)].map(match => match[1]));
  expect(new Set(pattern!.slots.map(slot => slot.name))).toEqual(named);
  expect(pattern!.slots.find(slot => slot.name === 'code')).toMatchObject({ fillable: false });
});
