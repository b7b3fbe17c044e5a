// What the watchdog tells and does not act on: pure functions first, then what a run shows of a real database.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AlertFacts, type AlertId, countAlerts, PROBE_HEADERS } from '../../lib/safety/alerts.js';
import { runWatchdog } from '../../lib/watch.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { connect, renewLease, type Session } from './support.js';

const NOW = '2026-11-23T12:00:00Z';
const NOW_MS = Date.parse(NOW);
const at = (minutes: number) => new Date(NOW_MS + minutes * 60_000).toISOString();

const well: AlertFacts = {
  now: NOW,
  clockMs: NOW_MS,
  lastRun: { status: 'clean', at: at(-5) },
  leaseUntil: at(6),
  leaseMinutes: 11,
  refused: [],
  quarantined: 0,
  isSilent: false,
};
const alertsOf = (
  changed: Partial<AlertFacts>,
  asked = { sentMs: NOW_MS - 40, cameMs: NOW_MS + 40 },
  isMeasured = true,
) =>
  Object.entries(countAlerts({ ...well, ...changed }, asked, isMeasured))
    .filter(([, count]) => count > 0)
    .map(([id, count]) => `${id} ${count}`);

describe('an alert', () => {
  it('is none where all is well', () => {
    expect(alertsOf({})).toEqual([]);
  });

  it.each([
    ['there was no run before', null],
    ['the run before is older than a lease', { status: 'clean', at: at(-11.1) }],
    ['the run before failed', { status: 'failed', at: at(-5) }],
    ['the run before knew nothing', { status: 'unknown', at: at(-5) }],
  ])('says when %s', (_what, lastRun) => {
    expect(alertsOf({ lastRun })).toEqual(['previous_run 1']);
  });

  it('is none for a run before that latched, or that is as old as a lease', () => {
    expect(alertsOf({ lastRun: { status: 'latched', at: at(-10.9) } })).toEqual([]);
  });

  it.each([
    ['never given', null],
    ['over', at(-0.1)],
    ['longer than any that is given now', at(12.1)],
  ])('says when the lease is %s', (_what, leaseUntil) => {
    expect(alertsOf({ leaseUntil })).toEqual(['lease 1']);
  });

  it('says when the clocks of function and database are more than a minute apart, however long the answer took', () => {
    const asked = { sentMs: NOW_MS - 20_000, cameMs: NOW_MS };
    expect(alertsOf({ clockMs: NOW_MS - 79_000 }, asked)).toEqual([]);
    expect(alertsOf({ clockMs: NOW_MS + 59_000 }, asked)).toEqual([]);
    expect(alertsOf({ clockMs: NOW_MS - 81_000 }, asked)).toEqual(['clock 1']);
    expect(alertsOf({ clockMs: NOW_MS + 61_000 }, asked)).toEqual(['clock 1']);
  });

  it('counts refused deliveries, those with a signature apart, and not what the doctor sent itself', () => {
    const refused = [
      { reason: 'no_signature:none', count: 5 },
      { reason: 'bad_signature:openphone-signature', count: 2 },
      { reason: `bad_signature:${PROBE_HEADERS}`, count: 9 },
    ];
    expect(alertsOf({ refused })).toEqual(['refused_by_signature 2', 'refused 7']);
  });

  it('counts what could not be understood, and says silence', () => {
    expect(alertsOf({ quarantined: 3, isSilent: true })).toEqual(['silence 1', 'quarantine 3']);
  });

  it('says when PostgreSQL is one on which definitions were never compared', () => {
    expect(alertsOf({}, undefined, false)).toEqual(['catalog_definitions 1']);
  });
});

describe('a run', () => {
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

  const shown = async () => {
    const { status, checks } = await runWatchdog();
    expect(status).toBe('clean');
    return Object.fromEntries(checks.filter(({ violations }) => violations > 0).map(row => [row.id, row.violations]));
  };

  it('without one before it says so, is clean, and the next one has nothing to say', async () => {
    expect(await shown()).toEqual({ previous_run: 1, lease: 1 });
    expect(await shown()).toEqual({});
  });

  it('shows every alert, is clean with all of them, and keeps them with its record', async () => {
    await db.script(`
      insert into delivery_counts (hour, outcome, reason, count) values
        (date_trunc('hour', v3pls_now()), 'refused', 'no_signature:none', 3),
        (date_trunc('hour', v3pls_now()) - interval '1 hour', 'refused', 'bad_signature:openphone-signature', 4),
        (date_trunc('hour', v3pls_now()) - interval '2 hours', 'refused', 'bad_signature:openphone-signature', 50),
        (date_trunc('hour', v3pls_now()), 'duplicate', '', 60);
      insert into deliveries (id, scheme, outcome, reason) values ('d1', 'standard', 'quarantined', 'invalid_message');
      insert into watchdog_runs (status, checks, started_at) values ('failed', '[]', v3pls_now())`);
    const expected: Partial<Record<AlertId, number>> = {
      previous_run: 1,
      refused_by_signature: 4,
      refused: 7,
      quarantine: 1,
    };
    expect(await shown()).toEqual(expected);
    const [run] = await db.sql<{ checks: { id: string; violations: number }[] }>(
      'select checks from watchdog_runs order by id desc limit 1',
    );
    for (const [id, violations] of Object.entries(expected)) expect(run!.checks).toContainEqual({ id, violations });
  });

  it('says silence once a delivery is older than silence_hours', async () => {
    await renewLease(db);
    await db.script(`update deliveries set recorded_at = v3pls_now() - interval '73 hours';
      delete from delivery_counts`);
    expect(await shown()).toEqual({ silence: 1 });
  });
});
