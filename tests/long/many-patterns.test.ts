// How long evidence, the kill switch and a rollback take with very many active patterns, by the clock and by the processor time of
// the session. Another program on this machine only adds, so what takes too long is measured again, three times at most; with
// ALL_TIMES=1 each is measured and printed three times (about 40 s more).
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { engageKillSwitch } from '../../db/watchdog.js';
import { runWatchdog } from '../../lib/watch.js';
import { behindGuards } from '../safety/behind-guards.js';
import { connect, EXECUTED, makeReady, readState, type Session } from '../safety/support.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const MOST_TIMES = 3;
const LEAST_TIMES = process.env.ALL_TIMES ? MOST_TIMES : 1;
const OFF = { active: 0, executable: 0, inForce: 0, latched: true, enabled: 'false', queued: 0, pending: 0 };

let database: TestDatabase;
let db: Awaited<ReturnType<typeof connect>>;
let holder: Session;
beforeEach(async () => {
  database = await createTestDatabase();
  await database.use();
  [db, holder] = await Promise.all([connect(database.url), connect(database.url)]);
});
afterEach(async () => {
  await Promise.all([db.close(), holder.close()]);
  await database.close();
});

async function insertPatterns(count: number): Promise<void> {
  const rows = `insert into decision_patterns (pattern_type, trigger_text, response_template)
    select 'faq', 'question number ' || n || '?', 'Answer number ' || n || '.' from generate_series(1, ${count}) n`;
  await db.script(`${behindGuards('decision_patterns', rows)}; analyze decision_patterns`);
}

/** As so many approvals would leave them: given one by one they take half a minute. */
const APPROVALS = `insert into activations (pattern_id, version, actor, content_hash, expires_at)
    select id, version, 'admin:ada', v3pls_content_hash(trigger_text, response_template, slots), v3pls_now() + interval '30 days'
    from decision_patterns where not is_active;
  insert into audit_log (actor, action, subject, details)
    select 'admin:ada', v.action, p.id::text, v.details from decision_patterns p
    cross join lateral (values
      ('activated', jsonb_build_object('version', p.version, 'expiresAt', v3pls_now() + interval '30 days',
        'contentHash', v3pls_content_hash(p.trigger_text, p.response_template, p.slots))),
      ('pattern_safety_changed', '{"isActive": true}')) v (action, details) where not p.is_active;
  update decision_patterns set is_active = true where not is_active`;
const approveAll = () =>
  db.script(
    `begin; ${behindGuards(['decision_patterns', 'activations'], APPROVALS)}; commit; analyze decision_patterns; analyze activations`,
  );

type Times = { wall: number; cpu: number };

async function timed(act: () => Promise<unknown>): Promise<Times> {
  const [cpu, start] = [readCpu(), performance.now()];
  await act();
  return { wall: performance.now() - start, cpu: readCpu() - cpu };
}

/** Milliseconds of processor time of the session's backend so far, in steps of ten; NaN where the server is not on this machine. */
function readCpu(): number {
  try {
    const fields = readFileSync(`/proc/${db.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}

const show = (ms: number) => (ms < 10 ? ms.toFixed(1) : ms.toFixed(0));

const wallOf = ({ wall }: Times) => wall;
/** Work that waits for nobody takes as long as its processor time; the rest is other programs of this machine. */
const workOf = ({ wall, cpu }: Times) => (Number.isNaN(cpu) ? wall : cpu);

async function expectWithin(limitMs: number, what: string, act: () => Promise<Times>, of: (times: Times) => number) {
  const all: Times[] = [];
  const fastest = () => Math.min(...all.map(of));
  while (all.length < LEAST_TIMES || (all.length < MOST_TIMES && fastest() >= limitMs)) all.push(await act());
  console.log(`${what}: ${all.map(({ wall, cpu }) => `${show(wall)} ms (processor ${cpu})`).join(', ')}`);
  expect(fastest(), what).toBeLessThan(limitMs);
}

const lastRollback = async () =>
  (
    await db.sql<{ n: number }>(
      `select jsonb_array_length(changed -> 'patterns') as n from incidents order by recorded_at desc limit 1`,
    )
  )[0]!.n;

/** All approved, the kill switch released. */
async function start(count: number): Promise<void> {
  await makeReady(db);
  await approveAll();
  expect(await readState(db)).toMatchObject({ active: count, inForce: count, latched: false });
}

/** Evidence with nothing in its way. @returns how long it took until everything was off */
async function execute(count: number): Promise<Times> {
  await start(count);
  const times = await timed(() => db.script(EXECUTED));
  expect(await readState(db)).toMatchObject(OFF);
  expect(await lastRollback()).toBe(count);
  return times;
}

/** The act while others hold these tables; what it left is in force for nobody, and the next run switches it off. */
async function actBehind(tables: string, act: () => Promise<unknown>, left: { pending: number }): Promise<Times> {
  await holder.script(`begin; lock table ${tables} in access exclusive mode`);
  const times = await timed(act);
  await holder.script('rollback');
  expect(await readState(db)).toMatchObject({ active: TEN_THOUSAND, inForce: 0, latched: true, ...left });
  const { wall } = await timed(async () => expect((await runWatchdog()).status).toBe('rolled_back'));
  console.log(`  completed by the next run in ${show(wall)} ms`);
  expect(await readState(db)).toMatchObject(OFF);
  return times;
}

const TEN_THOUSAND = 10_000;
const HUNDRED_THOUSAND = 100_000;

describe('With 10,000 active patterns', () => {
  beforeEach(() => insertPatterns(TEN_THOUSAND));

  it('evidence is latched and rolled back in its own transaction in under a second', async () => {
    const what = '10,000 active patterns: evidence, latched and rolled back';
    await expectWithin(1_000, what, () => execute(TEN_THOUSAND), workOf);
  }, 120_000);

  it('a run that finds nothing, whole tables and news alone, leaves each of them on', async () => {
    await start(TEN_THOUSAND);
    for (const which of ['whole', 'ordinary']) {
      const { wall } = await timed(async () => expect((await runWatchdog()).status).toBe('clean'));
      console.log(`10,000 active patterns: the ${which} run ${show(wall)} ms`);
      expect(await readState(db)).toMatchObject({ active: TEN_THOUSAND, inForce: TEN_THOUSAND, latched: false });
    }
  }, 120_000);

  it('with every other table locked the kill switch is engaged in under 100 ms, and the next run rolls back', async () => {
    const names = await db.sql<{ name: string }>(
      `select quote_ident(relname) as name from pg_class
       where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'kill_switch_latches'`,
    );
    const others = names.map(({ name }) => name).join(', ');
    const engage = () => engageKillSwitch('manual', 'operator:olga');
    const act = async () => {
      await start(TEN_THOUSAND);
      return actBehind(others, engage, { pending: 0 });
    };
    await expectWithin(100, `${names.length} other tables locked: the kill switch`, act, wallOf);
  }, 120_000);

  it('with what a rollback needs locked, evidence is stored and latched in its 80 ms, and the next run rolls back', async () => {
    const needed = 'decision_patterns, pattern_learning_config, pattern_execution_queue';
    const act = async () => {
      await start(TEN_THOUSAND);
      return actBehind(needed, () => db.script(EXECUTED), { pending: 1 });
    };
    await expectWithin(200, 'patterns, settings and queue locked: evidence, latched', act, wallOf);
  }, 120_000);
});

describe('With 100,000 active patterns', () => {
  it('evidence is latched and rolled back in its own transaction within 8 s', async () => {
    await insertPatterns(HUNDRED_THOUSAND);
    const what = '100,000 active patterns: evidence, latched and rolled back';
    await expectWithin(8_000, what, () => execute(HUNDRED_THOUSAND), workOf);
  }, 180_000);
});
