/**
 * A release migrates the schema while the old code still runs and texts still arrive: whenever its commit comes, nothing is
 * latched, nothing is rolled back, no text is lost, and the lease is renewed only by a run that had asked before.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setTransport } from '../../db/client.js';
import { SCHEMA_LEVEL } from '../../db/level.js';
import { forgetMatcher } from '../../lib/matcher.js';
import { runWatchdog } from '../../lib/watch.js';
import { count, deliver, openThread, setLineEnvironment } from '../line/support/quo-line.js';
import { connect, insertActivePattern, makeReady, readState, type Session } from '../safety/support.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

/** As a migration may well do it; at the old level each of these is an alarm. */
const CHANGES = `alter table decision_patterns add column colour text not null default 'grey';
  drop trigger guard_birth on decision_patterns;
  create trigger guard_birth_anew before insert on decision_patterns for each row execute function v3pls_guard_birth();
  create or replace function v3pls_confidence(p_pattern uuid, p_version integer) returns numeric language sql stable
    as $$ select 0.77 $$;
  alter table pattern_learning_config drop constraint config_value_typed;
  do $$ begin execute replace(pg_get_functiondef('v3pls_config_rules()'::regprocedure), '(''shadow_mode''',
    '(''colour'', ''grey'', ''grey'', ''neither'', ''A colour''), (''shadow_mode'''); end $$;
  insert into pattern_execution_queue (status) values ('cancelled')`;
const NEXT_LEVEL = `insert into schema_migrations (level, tag) values (${SCHEMA_LEVEL + 1}, 'of_tomorrow')`;

let database: TestDatabase;
let db: Session;
beforeEach(async () => {
  setLineEnvironment();
  forgetMatcher();
  database = await createTestDatabase();
  db = await connect(database.url);
  await database.use();
  await makeReady(db);
  expect((await runWatchdog()).status).toBe('clean');
  await insertActivePattern(db);
});
afterEach(async () => {
  await db.close();
  await database.close();
});

const STANDS = {
  active: 1,
  executable: 0,
  inForce: 1,
  latched: false,
  enabled: 'true',
  queued: 0,
  incidents: 0,
  pending: 0,
};
const tryRun = () =>
  runWatchdog().then(
    answer => answer.status as string,
    error => (String(error).includes('newer') ? 'unknown' : `failed: ${error}`),
  );
const readLease = async () => (await db.sql('select renewed_at, run_id from watchdog_lease'))[0];

/** Lets the migration commit before the n-th round trip of a run. @returns how the run ended, and how many trips it made */
async function runWithCommitBefore(n: number): Promise<{ status: string; trips: number }> {
  let trips = 0;
  setTransport(async (url, init) => {
    trips += 1;
    if (trips === n) await db.script(`${CHANGES}; ${NEXT_LEVEL}`);
    return database.transport(url, init);
  });
  const status = await tryRun();
  await database.use();
  return { status, trips };
}

describe('A release that migrates the schema under running old code', () => {
  it.each([1, 2, 3, 4, 5, 6])('that commits before round trip %i of a run rolls nothing back', async n => {
    const { status, trips } = await runWithCommitBefore(n);
    // What was asked before the commit was clean; what was asked after it is not known.
    expect(status).toBe(n <= 3 ? 'unknown' : 'clean');
    expect(trips, 'the run goes on behind the commit').toBeGreaterThanOrEqual(n);
    const lease = await readLease();
    for (let run = 0; run < 3; run++) expect(await tryRun()).toBe('unknown');
    expect(await readState(db)).toEqual(STANDS);
    expect(await readLease()).toEqual(lease);
  });

  it('while runs and deliveries of the old code wait for its locks: all of them end, and nothing is latched', async () => {
    const migrator = await connect(database.url);
    try {
      await migrator.script(`begin; ${CHANGES}; ${NEXT_LEVEL}`);
      const lease = await readLease();
      const runs = [tryRun(), tryRun()];
      const texts = [1, 2].map(customer => deliver(openThread(customer).asks(0, `do you rent clubs ${customer}`)));
      const waiting =
        'select count(distinct pid)::int as n from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())';
      while ((await db.sql<{ n: number }>(waiting))[0]!.n < 2);
      await migrator.script('commit');
      expect(await Promise.all(runs)).toEqual(['unknown', 'unknown']);
      expect((await Promise.all(texts)).map(({ status }) => status)).toEqual([200, 200]);
      expect(await count(database, 'messages')).toBe(2);
      expect(await readState(db)).toEqual(STANDS);
      expect(await readLease()).toEqual(lease);
    } finally {
      await migrator.close();
    }
  });

  it('while a delivery is due to let the watchdog run: that run is unknown too, and the text is stored', async () => {
    await db.script(`${CHANGES}; ${NEXT_LEVEL}; update inline_runs set claimed_at = '-infinity';
      alter table watchdog_runs disable trigger user;
      update watchdog_runs set finished_at = finished_at - interval '1 hour';
      alter table watchdog_runs enable trigger user`);
    expect((await deliver(openThread(1).asks(0, 'do you rent clubs'))).status).toBe(200);
    const last = 'select status from watchdog_runs order by id desc limit 1';
    await expect.poll(async () => (await db.sql(last))[0], { timeout: 5_000 }).toEqual({ status: 'unknown' });
    expect(await readState(db)).toEqual(STANDS);
  });

  it('is an alarm where the same changes come without a migration', async () => {
    await db.script(CHANGES);
    expect(await tryRun()).toBe('rolled_back');
    expect(await readState(db)).toMatchObject({ active: 0, latched: true, enabled: 'false', incidents: 1 });
  });
});
