// A run that cannot know: another schema than the code's, a question that fails, a database that writes nothing. It renews
// nothing and rolls nothing back; a guard that is gone does.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as cron from '../../api/cron/safety.js';
import { setTransport } from '../../db/client.js';
import { SCHEMA_LEVEL } from '../../db/level.js';
import { runWatchdog } from '../../lib/watch.js';
import { call } from '../http/support/calls.js';
import { setLineEnvironment } from '../line/support/quo-line.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { connect, insertActivePattern, insertPattern, makeReady, readState, release, type Session } from './support.js';

let database: TestDatabase;
let db: Session;
beforeEach(async () => {
  setLineEnvironment();
  database = await createTestDatabase();
  db = await connect(database.url);
  await database.use();
  await makeReady(db);
});
afterEach(async () => {
  await db.close();
  await database.close();
});

const runCron = () => call(cron.GET, '/api/cron/safety', { token: process.env.CRON_SECRET! });
const lastRun = async () =>
  (
    await db.sql<{ status: string; checks: unknown }>(
      'select status, checks from watchdog_runs order by id desc limit 1',
    )
  )[0]!;
const readLease = async () => (await db.sql('select renewed_at, run_id from watchdog_lease'))[0];
const MIGRATIONS: [what: string, statement: string][] = [
  ['newer', `insert into schema_migrations (level, tag) values (${SCHEMA_LEVEL + 1}, 'of_tomorrow')`],
  ['older', `delete from schema_migrations where level = ${SCHEMA_LEVEL}`],
];
/** What a migration might well do, and what an alarm at any other time would be. */
const CHANGED = `alter table pattern_execution_history disable trigger judge_evidence;
  insert into pattern_execution_queue default values;
  create or replace function v3pls_confidence(p_pattern uuid, p_version integer) returns numeric language sql stable
    as $$ select 0.77 $$`;

describe.each(MIGRATIONS)('a schema that is %s than the code', (what, migration) => {
  it('is unknown: 503 with Retry-After, recorded, the lease as it was, nothing latched and nothing rolled back', async () => {
    await insertActivePattern(db);
    const lease = await readLease();
    await db.script(`${CHANGED}; ${migration}`);
    const before = await readState(db);
    const answer = await runCron();
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(answer.body).toMatchObject({ code: 'unavailable', detail: expect.stringContaining(what) });
    expect(await readState(db)).toEqual(before);
    expect(before).toMatchObject({ active: 1, latched: false, incidents: 0, pending: 0 });
    expect(await readLease()).toEqual(lease);
    expect(await lastRun()).toEqual({ status: 'unknown', checks: [{ id: 'schema_level', violations: 1 }] });
  });

  it('is unknown also when it comes while the run is asking', async () => {
    await insertActivePattern(db);
    const before = await readState(db);
    let asked = 0;
    setTransport(async (url, init) => {
      const response = await database.transport(url, init);
      // The long question came second, and saw the migration's functions beside the rows and the level of before.
      if (++asked === 2) await db.script(migration);
      return response;
    });
    await db.script(CHANGED);
    await expect(runWatchdog()).rejects.toThrow(what);
    expect(await readState(db)).toEqual({ ...before, queued: 1 });
    expect((await lastRun()).status).toBe('unknown');
  });
});

describe('a question that fails', () => {
  it('because a table is gone is an alarm in the catalog’s name, once, until it is mended and released', async () => {
    await insertActivePattern(db);
    await db.script('alter table shadow_judgements rename to elsewhere');
    const found = await runWatchdog();
    expect(found.status).toBe('rolled_back');
    expect(await db.sql('select check_id, key from incident_evidence')).toEqual([
      { check_id: 'catalog', key: expect.stringMatching(/^missing table shadow_judgements @\d+$/) },
    ]);
    expect(await readState(db)).toMatchObject({ active: 0, latched: true, enabled: 'false' });
    expect((await runWatchdog()).status).toBe('latched');
    await db.script('alter table elsewhere rename to shadow_judgements');
    await release(db);
    expect((await runWatchdog()).status).toBe('clean');
  });

  it('because nobody can see any more what is engaged engages the kill switch once; the rollback follows when a run can see', async () => {
    await insertActivePattern(db);
    await db.script('alter table releases rename to elsewhere');
    const latches = async () =>
      (await db.sql<{ n: number }>('select count(*)::int as n from kill_switch_latches'))[0]!.n;
    const before = await latches();
    for (let time = 0; time < 2; time += 1) {
      await expect(runWatchdog()).rejects.toThrow();
      expect((await lastRun()).status).toBe('failed');
      expect(await readState(db)).toMatchObject({ active: 1, inForce: 0, latched: true });
    }
    expect(await latches()).toBe(before + 1);
    await db.script('alter table elsewhere rename to releases');
    expect((await runWatchdog()).status).toBe('rolled_back');
    expect(await readState(db)).toMatchObject({ active: 0, latched: true, enabled: 'false', pending: 0 });
  });

  it('for another reason is a failed run: recorded, not clean, and no alarm', async () => {
    await insertActivePattern(db);
    const lease = await readLease();
    await db.script(`insert into watchdog_runs (status, checks, started_at) values ('clean', '[]', v3pls_now())`);
    const before = await readState(db);
    setTransport(async (url, init) => {
      const isLong = String(init.body).includes('ground_truth_sightings');
      const body = isLong ? JSON.stringify({ query: 'select 1 / 0', params: [] }) : init.body!;
      return database.transport(url, { ...init, body });
    });
    await expect(runWatchdog()).rejects.toThrow();
    expect((await lastRun()).status).toBe('failed');
    expect(await readState(db)).toEqual(before);
    expect(await readLease()).toEqual(lease);
    await database.use();
    const { status, checks } = await runWatchdog();
    expect(status).toBe('clean');
    expect(checks).toContainEqual({ id: 'previous_run', violations: 1 });
  });

  it('nor is one that cannot write what it found: the kill switch stands, and the run is tried again', async () => {
    const id = await insertPattern(db);
    await db.sql('update decision_patterns set agreed_count = 40 where id = $1', [id]);
    setTransport(async (url, init) => {
      const isTrip = String(init.body).includes('v3pls_trip');
      const body = isTrip ? JSON.stringify({ query: 'select 1 / 0', params: [] }) : init.body!;
      return database.transport(url, { ...init, body });
    });
    await expect(runWatchdog()).rejects.toThrow();
    expect((await lastRun()).status).toBe('failed');
    expect(await readState(db)).toMatchObject({ latched: true, incidents: 0 });
    await database.use();
    expect((await runWatchdog()).status).toBe('rolled_back');
  });
});

describe('a guard that is off', () => {
  it('is named, rolled back once, latched while it stays off, and an alarm again when it is released unmended', async () => {
    await insertActivePattern(db);
    await db.script('alter table pattern_execution_history disable trigger judge_evidence');
    const faults = () => db.sql<{ key: string }>('select key from incident_evidence order by key');
    const fault = 'off trigger pattern_execution_history.judge_evidence';
    const lease = await readLease();
    expect((await runWatchdog()).status).toBe('rolled_back');
    expect(await faults()).toEqual([{ key: expect.stringContaining(fault) }]);
    for (let time = 0; time < 3; time += 1) {
      const { status, checks } = await runWatchdog();
      expect(status).toBe('latched');
      expect(checks).toContainEqual({ id: 'catalog', violations: 1 });
    }
    expect(await readState(db)).toMatchObject({ active: 0, latched: true, incidents: 1, pending: 0 });
    await release(db);
    expect((await runWatchdog()).status).toBe('rolled_back');
    expect(await readState(db)).toMatchObject({ incidents: 2, latched: true });
    expect((await faults()).length).toBe(2);
    expect(await readLease()).toEqual(lease);
    await db.script('alter table pattern_execution_history enable trigger judge_evidence');
    expect((await runWatchdog()).status).toBe('latched');
    await release(db);
    expect((await runWatchdog()).status).toBe('clean');
  });

  it('is another incident beside one that is known', async () => {
    await db.script('alter table pattern_execution_history disable trigger judge_evidence');
    expect((await runWatchdog()).status).toBe('rolled_back');
    await db.script('alter table decision_patterns disable trigger guard_birth');
    expect((await runWatchdog()).status).toBe('rolled_back');
    expect((await runWatchdog()).status).toBe('latched');
  });

  it('the database’s clock, replaced without the tests’ leave, is named too', async () => {
    await db.script(`create or replace function v3pls_now() returns timestamptz language sql stable parallel safe
      as $$ select pg_catalog.now() + interval '1 day' $$`);
    expect((await runWatchdog()).status).toBe('rolled_back');
    expect(await db.sql('select key from incident_evidence')).toEqual([
      { key: expect.stringContaining('changed function v3pls_now()') },
    ]);
  });
});
