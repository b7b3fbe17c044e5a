// The watchdog against a real PostgreSQL: what got past the guards is found, rolled back once, and kept as evidence; the
// lease is renewed only by a run that found nothing.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CheckId, TRIPPING } from '../../lib/safety/watchdog.js';
import { admitReplacedClock, runWatchdog, type WatchdogAnswer } from '../../lib/watch.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import {
  activate,
  connect,
  EXECUTED,
  insertActivePattern,
  insertPattern,
  insertReason,
  isActive,
  makeReady,
  readState,
  refusal,
  release,
  type Session,
} from './support.js';

let database: TestDatabase;
let db: Session;
beforeAll(async () => {
  database = await createTestDatabase();
  db = await connect(database.url);
  await database.use();
});
afterAll(async () => {
  await db.close();
  await database.close();
});

const readLease = async () =>
  (await db.sql<{ at: Date | null }>('select renewed_at as at from watchdog_lease'))[0]!.at?.getTime() ?? 0;

/** The checks that found something, apart from those that only tell. */
const tripped = ({ checks }: WatchdogAnswer) =>
  checks.filter(({ id, violations }) => violations > 0 && TRIPPING.includes(id as CheckId)).map(({ id }) => id);

/** What the owner of the tables can do, and the guards cannot see. */
const behindTheGuards = (table: string, statement: string) =>
  db.script(`alter table ${table} disable trigger user; ${statement}; alter table ${table} enable trigger user`);

/**
 * The whole of an alarm: found and rolled back with its evidence; then latched; clean after an admin's release.
 * @param repair what a rollback cannot mend: a guard that is gone, which is a fault of the catalog too
 */
async function expectAlarm(check: string, key?: string, repair?: { guard: string; sql: string }): Promise<string> {
  const lease = await readLease();
  const { incidents } = await readState(db);
  const found = await runWatchdog();
  expect(found.status).toBe('rolled_back');
  expect(tripped(found)).toEqual(repair ? [check, 'catalog'] : [check]);
  expect(await readState(db)).toMatchObject({
    active: 0,
    inForce: 0,
    enabled: 'false',
    latched: true,
    pending: 0,
    queued: 0,
  });
  expect((await readState(db)).incidents).toBe(incidents + 1);
  const evidence = await db.sql<{ check_id: string; key: string }>(
    'select check_id, key from incident_evidence where incident_id = $1 order by check_id desc',
    [found.incidentId],
  );
  const [fault] = repair
    ? evidence.splice(
        evidence.findIndex(row => row.check_id === 'catalog'),
        1,
      )
    : [];
  expect(fault?.key).toEqual(repair && expect.stringContaining(repair.guard));
  expect(evidence).toEqual([{ check_id: check, key: key ?? expect.any(String) }]);
  expect(await db.sql('select status, incident_id from watchdog_runs order by id desc limit 1')).toEqual([
    { status: 'rolled_back', incident_id: found.incidentId },
  ]);
  const next = await runWatchdog();
  expect(next.status).toBe('latched');
  expect(tripped(next)).toEqual(repair ? ['catalog'] : []);
  expect(await readLease()).toBe(lease);
  if (repair) await db.script(repair.sql);
  await release(db);
  expect((await runWatchdog()).status).toBe('clean');
  expect(await readLease()).toBeGreaterThan(lease);
  return evidence[0]!.key;
}

describe('a run of the watchdog', () => {
  it('on a fresh database is clean and renews the lease', async () => {
    expect(await readLease()).toBe(0);
    const answer = await runWatchdog();
    expect(answer.status).toBe('clean');
    expect(answer.checks.length).toBeGreaterThanOrEqual(16);
    expect(tripped(answer)).toEqual([]);
    expect(Date.now() - (await readLease())).toBeLessThan(10_000);
    const id = await insertPattern(db);
    await activate(db, id);
    expect(await isActive(db, id)).toBe(true);
    expect((await runWatchdog()).status).toBe('clean');
    expect(await isActive(db, id)).toBe(true);
  });
});

describe('what got past the guards', () => {
  beforeEach(async () => {
    await makeReady(db);
    await insertActivePattern(db);
  });

  it('an execution that was hidden from the trigger is found', async () => {
    await behindTheGuards('pattern_execution_history', EXECUTED);
    expect(await readState(db)).toMatchObject({ active: 1, inForce: 1, latched: false });
    await expectAlarm('executions');
  });

  it('a hidden execution without an approver, or in an unknown mode, is found', async () => {
    const values = `(was_auto_executed, approved_by, execution_mode) values (false, 'US1', 'autopilot')`;
    await behindTheGuards('pattern_execution_history', `insert into pattern_execution_history ${values}`);
    await expectAlarm('executions');
    await makeReady(db);
    await behindTheGuards('pattern_execution_history', 'insert into pattern_execution_history default values');
    await expectAlarm('executions');
  });

  it('a pattern that was activated behind the guards is found', async () => {
    const id = await insertPattern(db);
    await behindTheGuards('decision_patterns', `update decision_patterns set is_active = true where id = '${id}'`);
    expect(await expectAlarm('unapproved_active')).toBe(id);
    expect(await isActive(db, id)).toBe(false);
  });

  it('an active pattern whose words were changed behind the guards is found, and is in force for nobody meanwhile', async () => {
    const id = await insertActivePattern(db);
    await behindTheGuards(
      'decision_patterns',
      `update decision_patterns set response_template = 'Pay me.' where id = '${id}'`,
    );
    expect(await isActive(db, id)).toBe(true);
    expect(await db.sql('select 1 as one from patterns_in_force where id = $1', [id])).toEqual([]);
    expect(await expectAlarm('unapproved_active')).toBe(id);
  });

  it('a pattern that may execute, its CHECK dropped, is found', async () => {
    const id = await insertPattern(db);
    const [check] = await db.sql<{ text: string }>(
      `select pg_get_constraintdef(oid) as text from pg_constraint where conname = 'nothing_executes'`,
    );
    await db.script(`alter table decision_patterns drop constraint nothing_executes;
      update decision_patterns set auto_executable = true where id = '${id}'`);
    const repair = `alter table decision_patterns add constraint nothing_executes ${check!.text}`;
    expect(await expectAlarm('pattern_safety_columns', id, { guard: 'nothing_executes', sql: repair })).toBe(id);
  });

  it.each(['pending', 'cancelled'])(
    'a queue row is found, also one that is %s: this version writes none',
    async status => {
      const [row] = await db.sql<{ id: string }>(
        'insert into pattern_execution_queue (status) values ($1) returning id',
        [status],
      );
      expect(await expectAlarm('queue')).toBe(row!.id);
      expect(await db.sql('select status from pattern_execution_queue where id = $1', [row!.id])).toEqual([
        { status: 'cancelled' },
      ]);
    },
  );

  it('a missing setting is found, and reads as the safest meanwhile', async () => {
    await behindTheGuards(
      'pattern_learning_config',
      `delete from pattern_learning_config where config_key = 'activation_days'`,
    );
    expect(await db.sql(`select v3pls_setting('activation_days') as days`)).toEqual([{ days: '1' }]);
    await expectAlarm('configuration', 'missing:activation_days');
    const reason = await insertReason(db);
    await db.sql(
      `insert into config_changes (config_key, new_value, actor, reason_id) values ('activation_days', '30', 'admin:ada', $1)`,
      [reason],
    );
  });

  it('shadow mode off, its CHECK dropped, is found and switched on again', async () => {
    const [check] = await db.sql<{ text: string }>(
      `select pg_get_constraintdef(oid) as text from pg_constraint where conname = 'config_value_typed'`,
    );
    await db.script('alter table pattern_learning_config drop constraint config_value_typed');
    await behindTheGuards(
      'pattern_learning_config',
      `update pattern_learning_config set config_value = 'false' where config_key = 'shadow_mode'`,
    );
    await expectAlarm('configuration', 'value:shadow_mode', {
      guard: 'config_value_typed',
      sql: `alter table pattern_learning_config add constraint config_value_typed ${check!.text}`,
    });
    expect(await db.sql(`select v3pls_setting('shadow_mode') as value`)).toEqual([{ value: 'true' }]);
  });

  it.each(['exchange_count', 'agreed_count', 'execution_count'])('a forged %s is found', async column => {
    const id = await insertPattern(db);
    await db.sql(`update decision_patterns set ${column} = 40 where id = $1`, [id]);
    expect(await expectAlarm('counters')).toMatch(id);
  });

  it('a pending rollback is completed by the next run', async () => {
    await db.script(`begin isolation level repeatable read; ${EXECUTED}; commit`);
    expect(await readState(db)).toMatchObject({ active: 1, inForce: 0, pending: 1 });
    const answer = await runWatchdog();
    expect(answer.status).toBe('rolled_back');
    const [row] = await db.sql('select rollback from incidents where id = $1', [answer.incidentId]);
    expect(row).toEqual({ rollback: 'done' });
    expect(await readState(db)).toMatchObject({ active: 0, enabled: 'false', pending: 0, latched: true });
    expect((await runWatchdog()).status).toBe('latched');
    await release(db);
    expect((await runWatchdog()).status).toBe('clean');
  });

  it.each(['manual', 'evidence'])(
    'a kill switch (%s) that its rollback never followed is rolled back by the next run, in the name of who engaged it',
    async source => {
      await db.sql('insert into kill_switch_latches (source, actor) values ($1, $2)', [source, 'operator:olga']);
      const { incidents } = await readState(db);
      expect(await readState(db)).toMatchObject({ active: 1, inForce: 0, enabled: 'true', latched: true, pending: 0 });
      expect(await refusal(release(db))).toBe('V3G03');
      const answer = await runWatchdog();
      expect(answer.status).toBe('rolled_back');
      expect(tripped(answer)).toEqual([]);
      const [row] = await db.sql('select source, actor, rollback, snapshot from incidents where id = $1', [
        answer.incidentId,
      ]);
      expect(row).toMatchObject({ source, actor: 'operator:olga', rollback: 'done' });
      expect(row!.snapshot).toMatchObject({ patterns: [{ isActive: true }], config: { enabled: 'true' } });
      expect(await readState(db)).toMatchObject({ active: 0, enabled: 'false', pending: 0, latched: true });
      expect((await runWatchdog()).status).toBe('latched');
      expect((await readState(db)).incidents).toBe(incidents + 1);
      await release(db);
      expect((await runWatchdog()).status).toBe('clean');
    },
  );

  it('a kill switch with nothing left on is latched, and no incident', async () => {
    await db.script(`update decision_patterns set is_active = false;
      update pattern_learning_config set config_value = 'false' where config_key = 'enabled';
      insert into kill_switch_latches (source, actor) values ('manual', 'operator:olga')`);
    const { incidents } = await readState(db);
    expect((await runWatchdog()).status).toBe('latched');
    expect((await readState(db)).incidents).toBe(incidents);
  });

  it('learning that a person switches on again before the release stays on, and is no incident', async () => {
    await db.script(EXECUTED);
    await db.sql(`update pattern_learning_config set config_value = 'true' where config_key = 'enabled'`);
    expect((await runWatchdog()).status).toBe('latched');
    expect(await readState(db)).toMatchObject({ enabled: 'true', latched: true });
  });

  it('a kill switch engaged by somebody who commits late, behind an incident and its release, is rolled back too', async () => {
    const late = await connect(database.url);
    try {
      await late.script(`begin; insert into kill_switch_latches (source, actor) values ('manual', 'operator:olga')`);
      await db.script(EXECUTED);
      await makeReady(db);
      await insertActivePattern(db);
      await late.script('commit');
      expect(await readState(db)).toMatchObject({ active: 1, inForce: 0, latched: true });
      expect((await runWatchdog()).status).toBe('rolled_back');
      expect(await readState(db)).toMatchObject({ active: 0, enabled: 'false', latched: true, pending: 0 });
    } finally {
      await late.close();
    }
  });

  it('what the trigger already rolled back is no second incident', async () => {
    await db.script(EXECUTED);
    const { incidents } = await readState(db);
    expect((await runWatchdog()).status).toBe('latched');
    expect((await readState(db)).incidents).toBe(incidents);
  });
});

describe('time', () => {
  const setClock = (expression: string) =>
    db.script(`create or replace function v3pls_now() returns timestamptz language sql stable parallel safe
      as $$ select ${expression} $$`);
  beforeAll(() => admitReplacedClock(true));
  afterAll(() => admitReplacedClock(false));

  it('an expired activation is in force no longer, and falls back at the next run without an incident', async () => {
    await makeReady(db);
    const id = await insertActivePattern(db);
    const { incidents } = await readState(db);
    await setClock(`pg_catalog.now() + interval '29 days 23 hours'`);
    expect((await readState(db)).inForce).toBe(1);
    expect((await runWatchdog()).status).toBe('clean');
    expect(await isActive(db, id)).toBe(true);
    await setClock(`pg_catalog.now() + interval '30 days 1 minute'`);
    expect(await readState(db)).toMatchObject({ active: 1, inForce: 0 });
    expect((await runWatchdog()).status).toBe('clean');
    expect(await readState(db)).toMatchObject({ active: 0, latched: false, enabled: 'true', incidents });
    await setClock('pg_catalog.now()');
  });
});
