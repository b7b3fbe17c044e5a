// A run of the watchdog that is cut at every statement, before it and after it, or while it waits for a table in the middle of one:
// it leaves nothing or everything, and the next run completes what is to be done.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setTransport } from '../../db/client.js';
import { runWatchdog } from '../../lib/watch.js';
import { behindGuards } from '../safety/behind-guards.js';
import {
  connect,
  EXECUTED,
  insertActivePattern,
  makeReady,
  readState,
  type SafetyState,
  type Session,
} from '../safety/support.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { expectSound, findFaults } from './support/invariants.js';
import { type Cut, openKillable } from './support/killable.js';

const CRON_SECRET = 'cron-secret-of-the-tests';
const PATTERNS = 3;

let database: TestDatabase;
let db: Session;
let holder: Session;
beforeEach(async () => {
  database = await createTestDatabase();
  [db, holder] = await Promise.all([connect(database.url), connect(database.url)]);
});
afterEach(async () => {
  await Promise.all([db.close(), holder.close()]);
  await database.close();
});
afterAll(() => setTransport((url, init) => fetch(url, init)));

/** What a run finds: how it comes about, and what an undisturbed run answers. */
const SCENES: [name: string, set: () => Promise<unknown>, answer: 'rolled_back' | 'clean' | 'latched'][] = [
  [
    'hidden evidence and a waiting row',
    async () => {
      await db.script(
        `${behindGuards('pattern_execution_history', EXECUTED)}; insert into pattern_execution_queue default values`,
      );
    },
    'rolled_back',
  ],
  [
    'a rollback that is pending',
    () => db.script(`begin isolation level repeatable read; ${EXECUTED}; commit`),
    'rolled_back',
  ],
  [
    'a latch that no rollback followed',
    () => db.script(`insert into kill_switch_latches (source, actor) values ('manual', 'operator:olga')`),
    'rolled_back',
  ],
  ['nothing', async () => {}, 'clean'],
  ['a rollback that is done', () => db.script(EXECUTED), 'latched'],
];

async function setScene(set: () => Promise<unknown>) {
  await makeReady(db);
  for (let n = 0; n < PATTERNS; n++) await insertActivePattern(db);
  await set();
  return { state: await readState(db), trace: await readTrace(), faults: await findFaults(db) };
}

type Trace = { runs: number; rolledBack: number; clean: number; done: number; lease: number };

const readTrace = async () =>
  (
    await db.sql<Trace>(`select (select count(*)::int from watchdog_runs) as runs,
      (select count(*)::int from watchdog_runs where status = 'rolled_back') as "rolledBack",
      (select count(*)::int from watchdog_runs where status = 'clean') as clean,
      (select count(*)::int from incidents where rollback = 'done') as done, (select run_id::int from watchdog_lease) as lease`)
  )[0]!;

/** `faults`: what was planted for the run to find. */
type Before = { state: SafetyState; trace: Trace; faults: string[] };

/** Of the rollback: incident, snapshot, patterns, queue, learning and the run's record, or none of it. Of a clean run: record and lease. */
async function expectNothingOrEverything({ state, trace, faults }: Before): Promise<'nothing' | 'everything'> {
  const [now, left] = [await readState(db), await readTrace()];
  if (left.clean > trace.clean || left.done > trace.done) await expectSound(db);
  else expect(faults).toEqual(expect.arrayContaining(await findFaults(db)));
  if (left.clean > trace.clean) {
    expect(left.lease).toBeGreaterThan(trace.lease);
    return 'everything';
  }
  expect(left.lease).toBe(trace.lease);
  if (left.done > trace.done) {
    expect(left).toMatchObject({ done: trace.done + 1, rolledBack: trace.rolledBack + 1 });
    expect(now).toMatchObject({ active: 0, inForce: 0, latched: true, enabled: 'false', queued: 0, pending: 0 });
    return 'everything';
  }
  expect(left.rolledBack).toBe(trace.rolledBack);
  // The latch is a commit of its own, before the rollback: with it nothing is in force any more.
  const latch = now.latched ? { latched: true, inForce: 0 } : {};
  expect(now).toEqual({ ...state, ...latch });
  return 'nothing';
}

async function expectNextCompletes(answer: string, before: Before, left: 'nothing' | 'everything'): Promise<void> {
  await database.use();
  const { status } = await runWatchdog();
  expect(status).toBe(answer === 'rolled_back' && left === 'everything' ? 'latched' : answer);
  const now = await readState(db);
  expect(now).toMatchObject({ executable: 0, pending: 0, queued: 0, latched: answer !== 'clean' });
  if (answer === 'clean')
    expect(now).toMatchObject({ active: PATTERNS, inForce: PATTERNS, incidents: before.state.incidents });
  else {
    expect(now).toMatchObject({ active: 0, inForce: 0, enabled: 'false' });
    // One incident, however often it was begun.
    const opened = before.state.pending + (answer === 'latched' ? 1 : 0);
    expect(now.incidents).toBe(before.state.incidents + (opened > 0 ? 0 : 1));
  }
  await expectSound(db);
}

async function runCut(cut: Cut | null): Promise<string[]> {
  const { transport, steps, close } = await openKillable(database.url, cut);
  setTransport(transport);
  await runWatchdog().catch(() => {});
  await database.use();
  await close();
  return steps;
}

describe.each(SCENES)('A run that finds %s', (name, set, answer) => {
  it('cut before and after each of its statements leaves nothing or everything, and the next one completes it', async () => {
    await database.use();
    await setScene(set);
    const steps = await runCut(null);
    const left = { nothing: 0, everything: 0 };
    for (let step = 1; step <= steps.length; step++)
      for (const when of ['before', 'after'] as const) {
        const before = await setScene(set);
        await runCut({ step, when });
        const what = await expectNothingOrEverything(before);
        left[what] += 1;
        await expectNextCompletes(answer, before, what);
      }
    console.log(`${name}: ${steps.length} statements, cut before and after each: ${JSON.stringify(left)}`);
    expect(left.nothing).toBeGreaterThan(0);
    expect(steps.length).toBeGreaterThan(3);
  }, 120_000);
});

/** Every table of ours that one of these runs or its triggers write. */
const WRITTEN = [
  ...[
    'kill_switch_latches',
    'incidents',
    'incident_evidence',
    'audit_log',
    'decision_patterns',
    'pattern_learning_config',
  ],
  ...['pattern_execution_queue', 'watchdog_runs', 'watchdog_lease', 'watchdog_news'],
];

/** Resolves to the backend that waits for a lock, or null once the work is over. */
async function untilWaiting(work: Promise<unknown>): Promise<number | null> {
  let isOver = false;
  work.then(
    () => (isOver = true),
    () => (isOver = true),
  );
  for (;;) {
    const [row] = await db.sql<{ pid: number }>(
      `select a.pid from pg_stat_activity a join pg_locks l on l.pid = a.pid and not l.granted where a.datname = current_database()`,
    );
    if (row) return row.pid;
    if (isOver) return null;
  }
}

const kill = (pid: number) => db.sql('select pg_terminate_backend($1)', [pid]);
const hold = (table: string) => holder.script(`begin; lock table ${table} in share mode`);

describe.each(SCENES)('A run that finds %s', (name, set, answer) => {
  it('killed in the middle of a statement, at each table that it writes, leaves nothing or everything', async () => {
    await database.use();
    const killed: string[] = [];
    for (const table of WRITTEN) {
      const before = await setScene(set);
      await hold(table);
      const run = runWatchdog().catch(() => {});
      const pid = await untilWaiting(run);
      if (pid !== null) {
        await kill(pid);
        killed.push(table);
      }
      await holder.script('rollback');
      await run;
      const left = await expectNothingOrEverything(before);
      if (pid !== null) await expectNextCompletes(answer, before, left);
    }
    console.log(`${name}: killed while it waited for ${killed.join(', ')}`);
    expect(killed).toContain('watchdog_runs');
  }, 60_000);
});

describe('Evidence', () => {
  it('whose writer is killed in the middle leaves nothing, also not itself; sent again it is latched and rolled back', async () => {
    const killed: string[] = [];
    for (const table of WRITTEN) {
      const before = await setScene(async () => {});
      const writer = await connect(database.url);
      await hold(table);
      const writing = writer.script(EXECUTED).catch(() => {});
      const pid = await untilWaiting(writing);
      // Where it waits only its 80 ms, it may be over already.
      const isKilled =
        pid !== null && ['kill_switch_latches', 'incidents', 'incident_evidence', 'audit_log'].includes(table);
      if (isKilled) await kill(pid);
      await holder.script('rollback');
      await writing;
      await writer.close().catch(() => {});
      if (isKilled) {
        killed.push(table);
        expect(await readState(db)).toEqual(before.state);
        await expectSound(db);
        await db.script(EXECUTED);
      }
      expect(await readState(db)).toMatchObject({ inForce: 0, latched: true });
      await expectSound(db);
      await database.use();
      expect((await runWatchdog()).status).toMatch(/latched|rolled_back/);
      expect(await readState(db)).toMatchObject({ active: 0, pending: 0 });
    }
    console.log(`evidence: its writer killed while it waited for ${killed.join(', ')}`);
    expect(killed).toHaveLength(4);
  }, 60_000);
});

/** The cron's function in a process of its own. */
function startCron(): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  return spawn(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('cron-process.ts', import.meta.url))], {
    env: { PATH, HOME, DATABASE_URL: database.url, CRON_SECRET },
    stdio: 'ignore',
  });
}

describe('The process of the cron', () => {
  const [[, plant]] = SCENES as [(typeof SCENES)[number]];

  it.each([
    ['kill_switch_latches', 'its backend ended first'],
    ['incidents', 'the lock went first'],
    ['audit_log', 'its backend ended first'],
    ['decision_patterns', 'the lock went first'],
    ['pattern_execution_queue', 'its backend ended first'],
    ['watchdog_runs', 'the lock went first'],
  ])(
    'killed with -9 while it waits for %s, %s: nothing or everything, and the next run completes it',
    async (table, order) => {
      const before = await setScene(plant);
      await hold(table);
      const child = startCron();
      const exited = new Promise<string | null>(resolve => child.on('exit', (_code, signal) => resolve(signal)));
      const pid = await untilWaiting(exited);
      expect(pid).not.toBeNull();
      child.kill('SIGKILL');
      expect(await exited).toBe('SIGKILL');
      const isThere = async () =>
        (await db.sql('select 1 as one from pg_stat_activity where pid = $1', [pid])).length > 0;
      // The server looks every second whether anybody is still there.
      if (order.startsWith('its backend')) while (await isThere());
      await holder.script('rollback');
      while (await isThere());
      const left = await expectNothingOrEverything(before);
      console.log(`process killed at ${table}, ${order}: ${left}`);
      await expectNextCompletes('rolled_back', before, left);
    },
    60_000,
  );
});
