/** Monitoring as OpenMetrics: what a scraper reads is well formed by the specification's grammar, and says nothing that is not known. */
import { beforeAll, describe, expect, it } from 'vitest';
import * as cron from '../../api/cron/safety.js';
import * as monitoring from '../../api/monitoring.js';
import { type Monitoring, presentMonitoring } from '../../lib/monitor.js';
import { writeOpenMetrics } from '../../lib/open-metrics.js';
import { createLine, deliver, deliverBody, openThread, setLineEnvironment } from '../line/support/quo-line.js';
import { EXECUTED } from '../safety/support.js';
import type { TestDatabase } from '../support/postgres.js';
import { call } from './support/calls.js';
import { makeToken } from './support/people.js';

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const TEXT = '(?:[^\\n"\\\\]|\\\\[^\\n])*';
const LABEL = `[a-zA-Z_][a-zA-Z0-9_]*="${TEXT}"`;
const NUMBER = '[+-]?(?:[0-9]+(?:\\.[0-9]*)?|[0-9]*\\.[0-9]+)(?:e[+-]?[0-9]+)?|[+-]?inf(?:inity)?|nan';
const DESCRIPTOR = new RegExp(`^# (TYPE|UNIT|HELP) (${NAME}) (${TEXT})$`);
const SAMPLE = new RegExp(`^(${NAME})(?:\\{((?:${LABEL})(?:,${LABEL})*)?\\})? (${NUMBER})$`, 'i');

type Family = { type?: string; unit?: string; help?: string; samples: Map<string, number> };

/** The subset that an exposition without exemplars and timestamps can use; throws at the first line that is not of it. */
function parse(text: string): Map<string, Family> {
  const families = new Map<string, Family>();
  let current = '';
  const lines = text.split('\n');
  expect(lines.splice(-2), 'it ends with EOF').toEqual(['# EOF', '']);
  for (const line of lines) {
    const descriptor = DESCRIPTOR.exec(line);
    const sample = SAMPLE.exec(line);
    if (descriptor) {
      const [, kind, name, value] = descriptor as unknown as [string, 'TYPE' | 'UNIT' | 'HELP', string, string];
      if (name !== current) expect(families.has(name), `${name} is interleaved`).toBe(false);
      current = name;
      const family: Family = families.get(name) ?? { samples: new Map() };
      const key = kind.toLowerCase() as 'type' | 'unit' | 'help';
      expect(family[key], `${kind} of ${name} is given twice`).toBeUndefined();
      expect(family.samples.size, `${kind} of ${name} comes before its samples`).toBe(0);
      if (kind === 'UNIT') expect(name, 'a unit is the end of the name').toMatch(new RegExp(`_${value}$`));
      families.set(name, { ...family, [key]: value });
    } else if (sample) {
      const [, name, labels = '', number] = sample as unknown as [string, string, string | undefined, string];
      const family = families.get(current)!;
      const suffix = { gauge: '', counter: '_total' }[family.type!];
      expect(name, line).toBe(`${current}${suffix}`);
      expect(family.samples.has(labels), `${line} is given twice`).toBe(false);
      const names = [...labels.matchAll(new RegExp(`(?:^|,)([a-zA-Z0-9_]+)="${TEXT}"`, 'g'))].map(([, label]) => label);
      expect(new Set(names).size, `${line} repeats a label`).toBe(names.length);
      if (family.type === 'counter') expect(Number(number)).toBeGreaterThanOrEqual(0);
      family.samples.set(labels, Number(number));
    } else throw new Error(`not OpenMetrics: ${line}`);
  }
  return families;
}

let db: TestDatabase;
beforeAll(async () => {
  setLineEnvironment();
  db = await createLine();
  return () => db.close();
});

async function scrape(query = '', token = process.env.ADMIN_TOKEN!) {
  const response = await monitoring.GET(
    new Request(`http://localhost/api/monitoring?format=openmetrics${query}`, {
      headers: { authorization: `Bearer ${token}` },
    }),
  );
  const text = await response.text();
  return { status: response.status, type: response.headers.get('content-type'), text, families: parse(text) };
}
const sampleOf = (families: Map<string, Family>, name: string, labels = '') => families.get(name)?.samples.get(labels);

describe('A scrape', () => {
  it('of a database that knows nothing yet leaves out what is not known, and invents no zero for it', async () => {
    const { status, type, families } = await scrape();
    expect([status, type]).toEqual([200, 'application/openmetrics-text; version=1.0.0; charset=utf-8']);
    for (const name of [
      'v3pls_watchdog_lease_seconds',
      'v3pls_watchdog_last_run_timestamp_seconds',
      'v3pls_watchdog_violations',
      'v3pls_last_delivery_timestamp_seconds',
      'v3pls_kill_switch_since_timestamp_seconds',
      'v3pls_pattern_confidence_ratio',
      'v3pls_shadow_coverage_ratio',
      'v3pls_exchanges_skipped',
    ])
      expect(families.has(name), name).toBe(false);
    expect(sampleOf(families, 'v3pls_kill_switch_engaged')).toBe(0);
    expect(sampleOf(families, 'v3pls_patterns')).toBe(0);
    expect(sampleOf(families, 'v3pls_automatic_executions')).toBe(0);
  });

  it('says what monitoring says, for the same window', async () => {
    const { asks, answers, number } = openThread(1);
    await deliver(asks(0, 'what does a day pass cost'));
    await deliver(answers(1, 'A day pass costs twelve dollars'));
    await deliver(asks(5, 'STOP'));
    await deliver(answers(6, 'You are off the list then'));
    await deliverBody('{"broken');
    expect((await call(cron.GET, '/api/cron/safety', { token: process.env.CRON_SECRET! })).body.status).toBe('clean');
    const { body } = await call(monitoring.GET, '/api/monitoring?window=7d');
    const { families, text } = await scrape('&window=7d');
    const inWindow = (name: string, label?: string, key?: string) =>
      sampleOf(families, name, `${label ? `${label}="${key}",` : ''}window="7d"`);
    for (const outcome of ['accepted', 'duplicate', 'ignored', 'quarantined', 'refused'])
      expect(inWindow('v3pls_deliveries', 'outcome', outcome), outcome).toBe(body.deliveries[outcome]);
    expect(inWindow('v3pls_exchanges_learned')).toBe(body.learning.learned);
    expect(inWindow('v3pls_exchanges_skipped', 'reason', 'opt_out')).toBe(1);
    expect(inWindow('v3pls_shadow_decisions')).toBe(body.shadow.decisions);
    expect(inWindow('v3pls_shadow_judgements', 'agreement', 'agreed')).toBe(body.shadow.agreed);
    expect(inWindow('v3pls_shadow_coverage_ratio')).toBe(body.shadow.coverage);
    expect(inWindow('v3pls_workload_saved_seconds')).toBe(body.milestones.workloadSaved.seconds);
    expect(sampleOf(families, 'v3pls_patterns')).toBe(1);
    expect(sampleOf(families, 'v3pls_active_patterns')).toBe(0);
    expect(sampleOf(families, 'v3pls_pattern_confidence_ratio')).toBe(0.5);
    expect(sampleOf(families, 'v3pls_learning_enabled')).toBe(1);
    expect(sampleOf(families, 'v3pls_last_delivery_timestamp_seconds')).toBe(Date.parse(body.deliveries.lastAt) / 1000);
    for (const { id, violations } of body.watchdog.checks)
      expect(sampleOf(families, 'v3pls_watchdog_violations', `check="${id}"`), id).toBe(violations);
    // A delivery that could not be understood is told, and the run was clean.
    expect(sampleOf(families, 'v3pls_watchdog_violations', 'check="quarantine"')).toBe(1);
    const lease = sampleOf(families, 'v3pls_watchdog_lease_seconds');
    expect(lease).toBeGreaterThan(600);
    expect(lease).toBeLessThanOrEqual(660);
    expect(text).not.toContain(number);
    expect(text).not.toContain('day pass');
  });

  it('counts what is of a window as a gauge, for it falls again, and only what never falls as a counter', async () => {
    const { families } = await scrape();
    const counters = [...families].filter(([, { type }]) => type === 'counter').map(([name]) => name);
    expect(counters).toEqual(['v3pls_automatic_executions']);
    for (const [name, { type, help, unit, samples }] of families) {
      expect(['gauge', 'counter'], name).toContain(type);
      expect(help, name).toBeTruthy();
      expect(unit, name).toBe(/_(seconds|ratio)$/.exec(name)?.[1]);
      for (const labels of samples.keys()) if (labels.includes('window="')) expect(type, name).toBe('gauge');
    }
  });

  it('shows the kill switch, the incident and the execution behind it', async () => {
    await db.sql(EXECUTED);
    const { families } = await scrape();
    expect(sampleOf(families, 'v3pls_kill_switch_engaged')).toBe(1);
    expect(sampleOf(families, 'v3pls_open_incidents')).toBe(1);
    expect(sampleOf(families, 'v3pls_learning_enabled')).toBe(0);
    expect(sampleOf(families, 'v3pls_automatic_executions')).toBe(1);
    const since = sampleOf(families, 'v3pls_kill_switch_since_timestamp_seconds')!;
    expect(Math.abs(Date.now() / 1000 - since)).toBeLessThan(60);
  });

  it('may be made by a viewer, by nobody without a token, and not as health', async () => {
    expect((await scrape('', await makeToken(db, 'viewer'))).status).toBe(200);
    expect(await call(monitoring.GET, '/api/monitoring?format=openmetrics', { token: null })).toMatchObject({
      status: 401,
    });
    for (const query of ['format=prometheus', 'format=openmetrics&view=health'])
      expect(await call(monitoring.GET, `/api/monitoring?${query}`)).toMatchObject({ status: 422 });
  });
});

describe('The text', () => {
  const write = async (change: (monitoring: Monitoring) => Monitoring) =>
    parse(writeOpenMetrics(change(await presentMonitoring('24h')), new Date('2026-12-05T12:00:00Z')));

  it('keeps quotes, backslashes and line ends of a label in their place', async () => {
    const families = await write(value => ({
      ...value,
      learning: { ...value.learning, skipped: { 'a "b" \\ c\nd,e="f"} 1': 3, plain: 4 } },
    }));
    expect(Object.fromEntries(families.get('v3pls_exchanges_skipped')!.samples)).toEqual({
      'reason="a \\"b\\" \\\\ c\\nd,e=\\"f\\"} 1",window="24h"': 3,
      'reason="plain",window="24h"': 4,
    });
  });

  it('goes by the clock that it is given: a lease that has ended is negative', async () => {
    const families = await write(value => ({
      ...value,
      watchdog: { ...value.watchdog, leaseUntil: '2026-12-05T11:59:30.500Z' },
    }));
    expect(sampleOf(families, 'v3pls_watchdog_lease_seconds')).toBe(-29.5);
  });

  it('leaves out what is no number, and checks that no run of ours recorded', async () => {
    const families = await write(value => ({
      ...value,
      shadow: { ...value.shadow, coverage: Number.NaN },
      watchdog: {
        ...value.watchdog,
        lastRunAt: 'yesterday',
        checks: [null, 5, { id: 7, violations: 1 }, { id: 'queue', violations: 1 }, { id: 'queue', violations: 2 }],
      },
    }));
    expect(families.has('v3pls_shadow_coverage_ratio')).toBe(false);
    expect(families.has('v3pls_watchdog_last_run_timestamp_seconds')).toBe(false);
    expect(Object.fromEntries(families.get('v3pls_watchdog_violations')!.samples)).toEqual({ 'check="queue"': 2 });
    expect(
      (await write(value => ({ ...value, watchdog: { ...value.watchdog, checks: 'none' } }))).size,
    ).toBeGreaterThan(5);
  });
});
