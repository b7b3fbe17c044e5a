/** Merging beside everything else that moves evidence: no counter drifts, nothing deadlocks, and words that may not be learned stay nowhere. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as cron from '../../api/cron/safety.js';
import * as exchanges from '../../api/exchanges.js';
import * as pattern from '../../api/patterns/[id]/index.js';
import { setTransport } from '../../db/client.js';
import { call } from '../http/support/calls.js';
import { deliver, openThread, setLineEnvironment } from '../line/support/quo-line.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { connect } from './support.js';

let db: TestDatabase;
let customers = 0;
beforeAll(async () => {
  db = await createTestDatabase();
  setLineEnvironment();
  await db.use();
  await db.sql(`update pattern_learning_config set config_value = 'true' where config_key = 'enabled'`);
  return () => db.close();
});
beforeEach(async () => {
  setLineEnvironment();
  await db.use();
  await db.sql('delete from rate_limits');
});

/** One customer teaches one pattern. */
async function teach(question: string, reply: string) {
  const thread = openThread(++customers);
  await deliver(thread.asks(0, question));
  await deliver(thread.answers(2, reply));
  const [row] = await db.sql<{ id: string; pattern_id: string }>(
    'select id, pattern_id from exchanges where thread_id = $1',
    [thread.threadId],
  );
  return { exchangeId: row!.id, patternId: row!.pattern_id, threadId: thread.threadId };
}
const merge = (from: string, into: string) =>
  call(pattern.PATCH, `/api/patterns/${from}`, {
    body: { expectedVersion: 1, mergeInto: { id: into, expectedVersion: 1 } },
  });
const mark = (exchangeId: string) => call(exchanges.PATCH, '/api/exchanges', { body: { exchangeId, dontLearn: true } });
const runWatchdog = async () => (await call(cron.GET, '/api/cron/safety', { token: process.env.CRON_SECRET! })).body;

describe('A merge', () => {
  it('that commits while an exchange is being unlearned leaves every counter as its evidence: the watchdog is clean', async () => {
    const one = await teach('Do you rent zeppelins by the hour?', 'Zeppelins are rented by the whole day only.');
    const two = await teach('Is the upstairs gym room quiet?', 'The gym upstairs is quiet before noon.');
    let held: (() => void) | null = null;
    // The unlearning has read; the merge comes before it writes.
    setTransport(async (url, init) => {
      if (held === null && String(init.body).includes('v3pls_expect_revision')) {
        await new Promise<void>(resolve => {
          held = resolve;
        });
      }
      return db.transport(url, init);
    });
    const marking = mark(one.exchangeId);
    while (held === null) await new Promise(resolve => setTimeout(resolve, 5));
    expect((await merge(one.patternId, two.patternId)).status).toBe(200);
    (held as () => void)();
    expect((await marking).status).toBe(200);
    await db.use();
    expect((await db.sql('select exchange_count from decision_patterns where id = $1', [two.patternId]))[0]).toEqual({
      exchange_count: 1,
    });
    expect(await runWatchdog()).toMatchObject({ status: 'clean' });
  });

  it('and a rollback at the same moment: both are done, and neither waits for a deadlock', async () => {
    const one = await teach('Can I bring my parrot inside?', 'Parrots are welcome on the terrace.');
    const two = await teach('Where do I hang my coat?', 'Coats hang behind the door.');
    const holder = await connect(db.url);
    await holder.script(`begin; select from exchanges where id = '${one.exchangeId}' for update`);
    const merging = merge(one.patternId, two.patternId);
    await new Promise(resolve => setTimeout(resolve, 100));
    const rolling = db.sql<{ rollback: string }>(
      `with t as materialized (select v3pls_trip('manual', 'admin', null, '[]', '2s') as id)
       select i.rollback from t join incidents i on true where i.id = t.id`,
    );
    await new Promise(resolve => setTimeout(resolve, 100));
    await holder.script('rollback');
    await holder.close();
    expect((await merging).status).toBe(200);
    await rolling;
    expect(await db.sql(`select rollback from incidents order by opened_at desc limit 1`)).toEqual([
      { rollback: 'done' },
    ]);
    await db.sql(
      `with r as (insert into reasons (text) values ('over') returning id) insert into releases (actor, reason_id) select 'admin', id from r`,
    );
    await db.sql(`update pattern_learning_config set config_value = 'true' where config_key = 'enabled'`);
  });

  it('makes no old automatic text of the same words an incident: the words were not there when it was written', async () => {
    const words = 'We are closed for the lantern festival.';
    const one = await teach('Are you open at the lantern festival?', words);
    await db.sql(`update decision_patterns set first_seen = first_seen - interval '6 days' where id = $1`, [
      one.patternId,
    ]);
    const automatic = openThread(++customers).answers(-3 * 24 * 60, words, { userId: 'SYUauto' });
    await deliver(automatic);
    expect(await runWatchdog()).toMatchObject({ status: 'clean' });
  });

  it('keeps no words of an exchange that may not be learned afterwards', async () => {
    const one = await teach('What does a submarine pass cost?', 'The submarine pass is sold at the pier.');
    const two = await teach('Which lockers are free today?', 'The lockers by the stairs are free.');
    await merge(one.patternId, two.patternId);
    expect((await mark(one.exchangeId)).status).toBe(200);
    expect(await db.sql('select id from decision_patterns where id = $1', [one.patternId])).toEqual([]);
    expect(await db.sql('select exchange_count from decision_patterns where id = $1', [two.patternId])).toEqual([
      { exchange_count: 1 },
    ]);
    expect(await runWatchdog()).toMatchObject({ status: 'clean' });
  });
});

it('an old command is no permit in a later transaction of the same number', async () => {
  const { patternId } = await teach('Do you mend umbrellas?', 'We mend umbrellas while you wait.');
  await db.sql(`insert into watchdog_runs (status, checks, started_at) values ('clean', '[]', v3pls_now())`);
  await db.sql('update watchdog_lease set run_id = (select max(id) from watchdog_runs)');
  await db.sql(`insert into activations (pattern_id, version, actor) values ($1, 1, 'admin')`, [patternId]);
  await db.sql('update decision_patterns set is_active = false where id = $1', [patternId]);
  // As after a dump and a restore into a cluster whose numbers begin anew: the row's number is this transaction's.
  const session = await connect(db.url);
  await session.script(`begin; alter table activations disable trigger append_only;
    update activations set transaction = pg_current_xact_id(), recorded_at = recorded_at - interval '1 day' where pattern_id = '${patternId}'`);
  await expect(
    session.script(`update decision_patterns set is_active = true where id = '${patternId}'`),
  ).rejects.toMatchObject({ code: 'V3G04' });
  await session.close();
});
