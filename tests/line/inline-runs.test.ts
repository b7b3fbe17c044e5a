/** Where no cron ran for an interval, a delivery lets the watchdog run after its answer; ordinary runs look at what is new. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetMatcher } from '../../lib/matcher.js';
import type { TestDatabase } from '../support/postgres.js';
import { count, createLine, deliver, openThread, runCron } from './support/quo-line.js';

let db: TestDatabase;
beforeEach(async () => {
  forgetMatcher();
  db = await createLine();
  await db.sql(`update inline_runs set claimed_at = '-infinity'`);
  return () => db.close();
});

type Run = { status: string; whole: boolean };
const runs = () => db.sql<Run>('select status, is_whole as whole from watchdog_runs order by id');
/** As if the last run and the last claim were an hour ago: the test's clock. */
const letTimePass = (minutes: number) =>
  db.sql(`create or replace function v3pls_now() returns timestamptz language sql stable set search_path = pg_catalog
    as $$ select now() + interval '${minutes} minutes' $$`);
const settle = (n: number) => vi.waitFor(async () => expect(await runs()).toHaveLength(n), { timeout: 5_000 });
const health = () =>
  db.sql<{ fresh: boolean }>('select coalesce(v3pls_now() <= v3pls_lease_until(), false) as fresh from watchdog_lease');

describe('A delivery on a plan with one cron a day', () => {
  it('lets the watchdog run after its answer, once an interval, and the lease is fresh', async () => {
    const thread = openThread(1);
    expect((await deliver(thread.asks(0, 'what does a day pass cost'))).status).toBe(200);
    await settle(1);
    for (let minute = 1; minute < 6; minute++) await deliver(thread.asks(minute, `and number ${minute}`));
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(await runs()).toEqual([{ status: 'clean', whole: true }]);
    expect(await health()).toEqual([{ fresh: true }]);
  });

  it('of twenty at once one does it', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => deliver(openThread(i).asks(0, `question ${i}`))));
    await settle(1);
    await new Promise(resolve => setTimeout(resolve, 150));
    expect(await runs()).toHaveLength(1);
    expect(await count(db, 'messages')).toBe(20);
  });

  it('does nothing of the kind while the cron runs in time', async () => {
    await runCron();
    await deliver(openThread(1).asks(0, 'what does a day pass cost'));
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(await runs()).toHaveLength(1);
  });

  it('a forged activation that no cron saw is rolled back after the next text of any customer', async () => {
    const thread = openThread(1);
    await deliver(thread.asks(0, 'what does a day pass cost'));
    await deliver(thread.answers(1, 'A day pass costs twelve dollars'));
    await settle(1);
    await db.sql(`alter table decision_patterns disable trigger all`);
    await db.sql(`update decision_patterns set is_active = true`);
    await db.sql(`alter table decision_patterns enable trigger all`);
    await db.sql(`update inline_runs set claimed_at = '-infinity'`);
    await db.sql(`alter table watchdog_runs disable trigger all`);
    await db.sql(`update watchdog_runs set finished_at = finished_at - interval '1 hour'`);
    await db.sql(`alter table watchdog_runs enable trigger all`);
    await deliver(openThread(2).asks(5, 'is anybody there'));
    await settle(2);
    expect((await runs()).at(-1)).toMatchObject({ status: 'rolled_back' });
    expect(await count(db, 'decision_patterns where is_active')).toBe(0);
  });

  it('somebody who holds the claim delays no text', async () => {
    const client = new (await import('pg')).default.Client({ connectionString: db.url });
    await client.connect();
    await client.query('begin');
    await client.query('select from inline_runs for update');
    const startedMs = performance.now();
    expect((await deliver(openThread(1).asks(0, 'what does a day pass cost'))).body.status).toBe('accepted');
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    await client.query('rollback');
    await client.end();
    expect(await runs()).toHaveLength(0);
  });
});

describe('An ordinary run', () => {
  it('reads what is new; whole tables once a day, and after anything that was not clean', async () => {
    await runCron();
    await runCron();
    expect(await runs()).toEqual([
      { status: 'clean', whole: true },
      { status: 'clean', whole: false },
    ]);
    await db.sql(
      `insert into pattern_execution_history (pattern_id, was_auto_executed) values (gen_random_uuid(), true)`,
    );
    await runCron();
    await runCron();
    const [third, fourth] = (await runs()).slice(2);
    expect(third!.whole || fourth!.whole).toBe(true);
  });

  it('a day later it reads everything again', async () => {
    await runCron();
    await runCron();
    await letTimePass(25 * 60);
    const { admitReplacedClock } = await import('../../lib/watch.js');
    admitReplacedClock(true);
    try {
      await runCron();
    } finally {
      admitReplacedClock(false);
    }
    expect((await runs()).map(run => run.whole)).toEqual([true, false, true]);
  });

  it.each([
    ['a counter', `update decision_patterns set exchange_count = exchange_count + 1`, 'counters'],
    ['an exchange', `update exchanges set pattern_id = null where pattern_id is not null`, 'counters'],
  ])('finds %s that somebody changed since, and what was looked at is off the list', async (_, change, check) => {
    const thread = openThread(1);
    await deliver(thread.asks(0, 'what does a day pass cost'));
    await deliver(thread.answers(1, 'A day pass costs twelve dollars'));
    await settle(1);
    await runCron();
    await runCron();
    expect(await count(db, 'watchdog_news')).toBe(0);
    expect((await runs()).at(-1)).toEqual({ status: 'clean', whole: false });
    await db.sql(change);
    const { body } = await runCron();
    expect(body.status).toBe('rolled_back');
    expect(body.checks.find(({ id }) => id === check)!.violations).toBe(1);
  });

  it('finds a text of nobody that says what a pattern says, and compares each only once', async () => {
    const thread = openThread(1);
    await deliver(thread.asks(0, 'what does a day pass cost'));
    await deliver(thread.answers(1, 'A day pass costs twelve dollars'));
    await runCron();
    const nobody = { userId: null } as const;
    await deliver(openThread(2).answers(10, 'Our newsletter is out', nobody));
    await runCron();
    expect(await count(db, 'messages where watched_at is not null')).toBe(1);
    await deliver(openThread(3).answers(20, 'A day pass costs twelve dollars', nobody));
    const { body } = await runCron();
    expect(body.status).toBe('rolled_back');
    expect(body.checks.find(({ id }) => id === 'ground_truth')!.violations).toBe(1);
  });
});
