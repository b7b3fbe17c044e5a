// What the doctor makes of what it measured, every outcome tried: pure functions, no database and no network.
import { describe, expect, it } from 'vitest';
import type { LineFacts, WatchFacts } from '../../db/doctor.js';
import { CATALOG } from '../../lib/safety/catalog.js';
import { readCatalog } from '../../lib/safety/catalog-check.js';
import { type Check, countStatuses, describeCounts, describeMinutes, listLines } from '../../scripts/doctor/check.js';
import {
  isPooledAddress,
  judgeAddress,
  judgeClocks,
  judgeConfiguration,
  judgeGuards,
  judgeMigrations,
  judgeRows,
} from '../../scripts/doctor/database.js';
import { judgeLine, OWN_PROBE_HEADERS } from '../../scripts/doctor/line.js';
import { judgeSchedule, judgeWatch } from '../../scripts/doctor/watch.js';
import { PLANS } from '../../scripts/server/cron-plan.js';

const NOW = '2026-11-23T12:00:00Z';
const ago = (minutes: number) => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();

describe('the database', () => {
  it('is Neon in production: pooled for the functions, unpooled for migrations', () => {
    expect(isPooledAddress('postgres://u:p@ep-cool-lake-123-pooler.eu-central-1.aws.neon.tech/db')).toBe(true);
    expect(isPooledAddress('postgres://u:p@ep-cool-lake-123.eu-central-1.aws.neon.tech/db-pooler')).toBe(false);
    expect(judgeAddress({ kind: 'neon', isPooled: true }).status).toBe('pass');
    expect(judgeAddress({ kind: 'neon', isPooled: false })).toMatchObject({
      status: 'unknown',
      todo: expect.stringContaining('pooled'),
    });
    for (const kind of ['postgres', 'embedded'] as const)
      expect(judgeAddress({ kind })).toMatchObject({ status: 'unknown', todo: expect.stringContaining('Neon') });
  });

  it('that cannot be reached fails; one that was not asked is unknown', () => {
    const none = { kind: 'none', why: 'no answer', todo: 'start it' } as const;
    expect(judgeAddress({ ...none, isFault: true }).status).toBe('fail');
    expect(judgeAddress({ ...none, isFault: false }).status).toBe('unknown');
  });

  it('is at the code’s level, else it is said which of the two is behind', () => {
    expect(judgeMigrations(12, 12).status).toBe('pass');
    for (const level of [11, 0, null])
      expect(judgeMigrations(level, 12)).toMatchObject({
        status: 'fail',
        todo: expect.stringContaining('npm run migrate'),
      });
    expect(judgeMigrations(13, 12)).toMatchObject({ status: 'fail', todo: expect.stringContaining('newer code') });
  });

  it('keeps the time within a minute, as far as can be told', () => {
    const clock = (aheadMs: number, plusMinusMs = 10) => judgeClocks([{ name: 'database', aheadMs, plusMinusMs }]);
    expect([clock(0).status, clock(-59_000).status, clock(61_000, 2_000).status]).toEqual(['pass', 'pass', 'pass']);
    expect([clock(61_000).status, clock(-3_600_000).status]).toEqual(['fail', 'fail']);
    expect(clock(-2_000).measured).toBe('database 2.0 s behind this machine (± 0.0)');
    expect(judgeClocks([]).status).toBe('unknown');
  });

  it('has every guard, or each missing one is named', () => {
    const facts = readCatalog(CATALOG);
    const whole = { major: 17, facts };
    expect(judgeGuards(whole)).toMatchObject({ status: 'pass', measured: expect.stringContaining('triggers') });
    const others = {
      'table theirs': 'r',
      'trigger theirs.more': 'off:1',
      'column decision_patterns.theirs': 'plain:1',
    };
    expect(judgeGuards({ major: 17, facts: { ...facts, ...others } }).status).toBe('pass');
    const { 'constraint decision_patterns.nothing_executes': _, ...rest } = facts;
    const broken = {
      ...rest,
      'trigger decision_patterns.guard_birth': 'off:1',
      'setting session_replication_role': '',
    };
    const check = judgeGuards({ major: 17, facts: { ...broken, 'function v3pls_now()': 'another' } });
    expect(check.status).toBe('fail');
    for (const fault of [
      'missing constraint decision_patterns.nothing_executes',
      'off trigger decision_patterns.guard_birth',
      'changed function v3pls_now()',
      'foreign setting session_replication_role',
    ])
      expect(check.measured).toContain(fault);
    expect(check.todo).toContain('alter table decision_patterns enable trigger guard_birth;');
    expect(judgeGuards({ major: 17, facts: rest }).todo).not.toContain('alter table');
  });

  it('holds no row that the watchdog would find', () => {
    expect(judgeRows({ violations: { executions: [], queue: [] }, pending: [] }).status).toBe('pass');
    const found = judgeRows({
      violations: { unapproved_active: ['x'], queue: null },
      pending: ['i'],
    });
    expect(found).toMatchObject({
      status: 'fail',
      measured: 'unapproved_active 1, queue unknown, rollbacks pending 1',
      todo: expect.stringContaining('GET /api/incidents'),
    });
  });

  it('has the plan’s configuration: shadow mode on, high thresholds, learning as it is', () => {
    const settings = (values: Record<string, boolean | number> = {}) => [
      { key: 'enabled', value: values.enabled ?? false, default: false },
      { key: 'shadow_mode', value: values.shadow_mode ?? true, default: true },
      { key: 'auto_execute_threshold', value: values.auto_execute_threshold ?? 0.95, default: 0.95 },
      { key: 'silence_hours', value: values.silence_hours ?? 72, default: 72 },
    ];
    expect(judgeConfiguration(settings())).toMatchObject({
      status: 'pass',
      measured: expect.stringContaining('learning off'),
    });
    expect(judgeConfiguration(settings({ enabled: true }))).toMatchObject({
      status: 'pass',
      measured: expect.stringContaining('learning on'),
    });
    expect(judgeConfiguration(settings({ shadow_mode: false })).status).toBe('fail');
    expect(judgeConfiguration(settings({ auto_execute_threshold: 0.9 })).status).toBe('fail');
    expect(judgeConfiguration(settings({ auto_execute_threshold: 0.99 })).status).toBe('pass');
    expect(judgeConfiguration(settings({ silence_hours: 96 }))).toMatchObject({
      status: 'unknown',
      measured: expect.stringContaining('silence_hours 96 (default 72)'),
    });
  });
});

describe('the watchdog', () => {
  const facts = (changed: Partial<WatchFacts> = {}): WatchFacts => ({
    now: NOW,
    lastRunAt: ago(3),
    lastStatus: 'clean',
    leaseUntil: ago(-8),
    intervalMinutes: 5,
    isLatched: false,
    openIncidents: 0,
    ...changed,
  });
  const watch = (changed: Partial<WatchFacts>, schedule: string = PLANS.pro) =>
    judgeWatch(facts(changed), schedule).map(check => check.status);

  it('runs every five minutes on Pro; on Hobby it is said what once a day means', () => {
    expect(judgeSchedule(PLANS.pro, 5)).toMatchObject({
      status: 'pass',
      measured: expect.stringContaining('Vercel Pro'),
    });
    const hobby = judgeSchedule(PLANS.hobby, 5);
    expect(hobby.status).toBe('unknown');
    for (const words of ['once a day', '11 minutes', '"stale"', '"action":"check"'])
      expect(hobby.todo).toContain(words);
    expect(judgeSchedule('*/15 * * * *', 5).status).toBe('fail');
    expect(judgeSchedule('*/15 * * * *', 15).status).toBe('pass');
    expect([judgeSchedule(undefined, 5).status, judgeSchedule('soon', 5).status]).toEqual(['fail', 'fail']);
  });

  it('ran lately and holds a lease, or it is said why it does not', () => {
    expect(watch({})).toEqual(['pass', 'pass']);
    expect(watch({ lastRunAt: null, leaseUntil: null })[0]).toBe('fail');
    expect(watch({ lastRunAt: ago(40), leaseUntil: ago(29) })[0]).toBe('fail');
    expect(judgeWatch(facts({ lastStatus: 'latched', leaseUntil: ago(29) }), PLANS.pro)[0]).toMatchObject({
      status: 'fail',
      todo: expect.stringContaining('incident'),
    });
  });

  it('with a Hobby schedule may be hours old, and not days', () => {
    expect(watch({ lastRunAt: ago(600), leaseUntil: ago(589) }, PLANS.hobby)[0]).toBe('unknown');
    expect(watch({ lastRunAt: ago(3_000), leaseUntil: ago(2_989) }, PLANS.hobby)[0]).toBe('fail');
  });

  it('has stopped nothing', () => {
    expect(watch({ isLatched: true })[1]).toBe('fail');
    expect(watch({ openIncidents: 1 })[1]).toBe('fail');
  });
});

describe('the line', () => {
  const line = (changed: Partial<LineFacts>) => {
    const facts = { now: NOW, lastDeliveryAt: ago(30), silenceHours: 72, refused: [], quarantined: [], ...changed };
    const [silence, refusals, quarantine] = judgeLine(facts);
    return { silence: silence!, refusals: refusals!, quarantine: quarantine! };
  };
  const refused = (reason: string, lastHour: string | null = ago(60)) => ({
    refused: [{ reason, count: 4, lastHour }],
  });

  it('is silent after silence_hours, and not known to work before the first delivery', () => {
    expect(line({}).silence).toMatchObject({ status: 'pass', measured: '30 minutes ago, silence_hours is 72' });
    expect(line({ lastDeliveryAt: ago(72 * 60 + 1) }).silence.status).toBe('fail');
    expect(line({ lastDeliveryAt: null }).silence).toMatchObject({
      status: 'unknown',
      todo: expect.stringContaining('webhook'),
    });
  });

  it.each([
    ['no_secret_for_scheme:webhook-id+webhook-timestamp+webhook-signature', 'no whsec_… secret'],
    ['no_secret_for_scheme:openphone-signature', 'no legacy secret'],
    ['bad_signature:webhook-id+webhook-timestamp+webhook-signature', 'that of the new webhook'],
    ['bad_signature:openphone-signature', 'that of the legacy webhook'],
    ['stale_timestamp:openphone-signature', 'wrong clock'],
    ['malformed_header:webhook-signature', 'changed on the way'],
  ])('that refuses with %s says what that means', (reason, hint) => {
    expect(line(refused(reason)).refusals).toMatchObject({ status: 'unknown', todo: expect.stringContaining(hint) });
    expect(line({ ...refused(reason), lastDeliveryAt: ago(120) }).refusals.status).toBe('fail');
    expect(line({ ...refused(reason), lastDeliveryAt: null }).refusals.status).toBe('fail');
  });

  it('that strangers probe is well, and so is what the doctor sent itself', () => {
    expect(line(refused('no_signature:none')).refusals).toMatchObject({
      status: 'pass',
      measured: expect.stringContaining('a monitor pointed at the wrong address'),
    });
    expect(line(refused(`bad_signature:${OWN_PROBE_HEADERS}`)).refusals).toMatchObject({
      status: 'pass',
      measured: 'none',
    });
  });

  it('that cannot read a delivery says which', () => {
    expect(line({ quarantined: [{ reason: 'invalid_message', count: 2 }] }).quarantine).toMatchObject({
      status: 'unknown',
      measured: '2 × invalid_message',
    });
  });
});

describe('the report', () => {
  it('has a line for each check, and under what is not well what to do', () => {
    const check = { id: 'a', title: 'A', measured: 'm', todo: null };
    const checks: Check[] = [
      { ...check, status: 'pass' },
      { ...check, status: 'fail', todo: 'do this' },
      { ...check, status: 'unknown' },
    ];
    expect(listLines(checks)).toEqual(['✓ A: m', '✗ A: m', '    do this', '? A: m']);
    expect(describeCounts(countStatuses(checks))).toBe('1 pass, 1 fail, 1 unknown');
  });

  it('says lengths of time as people do', () => {
    expect([1, 119, 120, 2_880, 14_400].map(describeMinutes)).toEqual([
      '1 minute',
      '119 minutes',
      '2 hours',
      '2 days',
      '10 days',
    ]);
  });
});
