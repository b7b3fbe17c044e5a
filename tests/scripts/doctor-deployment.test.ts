// What the doctor makes of a deployment's answers: every answer that may come from outside, judged by a pure function.
import { describe, expect, it } from 'vitest';
import { judgeSameDatabase } from '../../scripts/doctor/agreement.js';
import type { ApiAnswers } from '../../scripts/doctor/ask-api.js';
import { judgeDeployment, type Probe, type Probes, readClock } from '../../scripts/doctor/deployment.js';

describe('the database here', () => {
  const NOW = '2026-11-23T12:00:00.000Z';
  const ago = (minutes: number) => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();
  const facts = (lastRunAt: string | null, lastDeliveryAt: string | null): ApiAnswers => ({
    line: { now: NOW, lastDeliveryAt, silenceHours: 72, refused: [], quarantined: [] },
    watch: {
      ...{ now: NOW, lastRunAt, lastStatus: null, leaseUntil: null, intervalMinutes: 5 },
      ...{ isLatched: false, openIncidents: 0 },
    },
  });
  const statusOf = (here: ApiAnswers, there: ApiAnswers) => judgeSameDatabase(here, there).map(check => check.status);

  it('is the deployment’s when both tell the same moments, to the second', () => {
    expect(statusOf(facts(ago(3), ago(9)), facts(ago(3), ago(9)))).toEqual(['pass']);
    expect(statusOf(facts('2026-11-23T11:57:00.123456+00:00', null), facts('2026-11-23T11:57:00.123Z', null))).toEqual([
      'pass',
    ]);
  });

  it('is another one when either differs, and it is said how', () => {
    expect(statusOf(facts(ago(3), ago(9)), facts(ago(5), ago(9)))).toEqual(['fail']);
    expect(statusOf(facts(null, null), facts(null, ago(9)))).toEqual(['fail']);
    expect(judgeSameDatabase(facts(ago(3), null), facts(ago(3), ago(9)))).toMatchObject([
      { status: 'fail', measured: 'last delivery never here, 9 minutes ago there' },
    ]);
  });

  it('is not judged by what came while it was asked, nor by nothing', () => {
    expect(statusOf(facts(ago(5), ago(9)), facts(ago(-0.1), ago(9)))).toEqual(['pass']);
    expect(statusOf(facts(null, null), facts(null, null))).toEqual(['unknown']);
    expect(judgeSameDatabase(facts(null, null), {})).toEqual([]);
  });
});

const HEADERS: [string, string][] = [
  ['X-Frame-Options', 'DENY'],
  ['Strict-Transport-Security', 'max-age=63072000; includeSubDomains'],
];
const SENT_MS = Date.parse('2026-11-23T12:00:00Z');

const answer = (status: number, body: unknown = undefined, headers: Record<string, string> = {}): Probe => ({
  status,
  body,
  headers: new Headers(headers),
  sentMs: SENT_MS,
  cameMs: SENT_MS + 200,
});
const refused = answer(401, { code: 'unauthorized' });
const WELL: Probes = {
  health: answer(200, { status: 'ok' }),
  page: answer(200, undefined, Object.fromEntries(HEADERS)),
  anonymous: refused,
  cron: refused,
  webhook: refused,
};

function judge(changed: Partial<Probes>, isHobby = false) {
  const checks = judgeDeployment({ ...WELL, ...changed }, { headers: HEADERS, isHobby });
  return {
    statuses: checks.map(check => check.status),
    find: (id: string) => checks.find(check => check.id === `deployment.${id}`)!,
  };
}
const all = (probe: Probe) => judge({ health: probe, page: probe, anonymous: probe, cron: probe, webhook: probe });
const fiveFailures = Array(5).fill('fail');

describe('a deployment', () => {
  it('that refuses strangers, forged deliveries and forged crons, and says ok, is well', () => {
    expect(judge({}).statuses).toEqual(Array(5).fill('pass'));
  });

  it('behind Vercel’s own protection is not taken for one that refuses strangers', () => {
    const { statuses, find } = all(answer(401));
    expect(statuses).toEqual(fiveFailures);
    expect(find('webhook').todo).toContain('Deployment Protection');
  });

  it('that sends callers on fails, for neither Quo nor the cron follows', () => {
    const { statuses, find } = all(answer(307, undefined, { location: 'https://www.example.com/' }));
    expect(statuses).toEqual(fiveFailures);
    expect(find('cron').measured).toBe('sends on to https://www.example.com/');
  });

  it('that does not answer fails with the sentence why', () => {
    const { statuses, find } = all('Nothing answers at https://desk.example.com.');
    expect(statuses).toEqual(fiveFailures);
    expect(find('health').todo).toBe('Nothing answers at https://desk.example.com.');
  });

  it.each(['anonymous', 'cron', 'webhook'] as const)('that is open to anybody at one place (%s) fails', id => {
    expect(judge({ [id]: answer(200, {}) }).find(id)).toMatchObject({
      status: 'fail',
      todo: expect.stringContaining('open to anybody'),
    });
    expect(judge({ [id]: answer(404, { code: 'not_found' }) }).find(id).status).toBe('fail');
  });

  it('that lacks a secret says which, in its own words', () => {
    const unavailable = answer(503, { code: 'unavailable', detail: 'No webhook secret is set.' });
    expect(judge({ webhook: unavailable }).find('webhook')).toMatchObject({
      status: 'fail',
      measured: 'answered 503: No webhook secret is set.',
      todo: expect.stringContaining('QUO_WEBHOOK_SECRETS'),
    });
  });

  it.each([
    ['incident', 'GET /api/incidents'],
    ['unavailable', 'npm run migrate'],
    ['stale', 'no clean run'],
    ['silent', 'Quo'],
  ])('whose health says %s is told what that means', (word, meaning) => {
    const health = answer(503, { status: word });
    expect(judge({ health }).find('health')).toMatchObject({ status: 'fail', measured: word });
    expect(judge({ health }).find('health').todo).toContain(meaning);
  });

  it('with a cron once a day may be stale, and nothing else', () => {
    expect(judge({ health: answer(503, { status: 'stale' }) }, true).find('health').status).toBe('unknown');
    expect(judge({ health: answer(503, { status: 'incident' }) }, true).find('health').status).toBe('fail');
  });

  it('whose health is no health answer is at another address', () => {
    for (const health of [answer(200, undefined), answer(200, { status: 'fine' }), answer(404, { code: 'not_found' })])
      expect(judge({ health }).find('health')).toMatchObject({
        status: 'fail',
        todo: expect.stringContaining('address'),
      });
    for (const stranger of [answer(200, undefined), answer(200, { status: 'fine' }), answer(404)])
      expect(all(stranger).statuses).toEqual(['fail', ...Array(4).fill('unknown')]);
    // A crash is no sign of somebody else: what is open beside it is open.
    expect(judge({ health: answer(500), cron: answer(200, {}) }).find('cron').status).toBe('fail');
  });

  it('has vercel.json’s headers; of the one for https the platform may write a stricter line', () => {
    const page = (headers: Record<string, string>) => judge({ page: answer(200, undefined, headers) }).find('headers');
    expect(page({}).measured).toBe('missing or different: X-Frame-Options, Strict-Transport-Security');
    const strict = 'max-age=63072000; includeSubDomains; preload';
    expect(page({ 'x-frame-options': 'DENY', 'strict-transport-security': strict }).status).toBe('pass');
    expect(page({ 'x-frame-options': 'SAMEORIGIN', 'strict-transport-security': strict }).status).toBe('fail');
    expect(page({ 'x-frame-options': 'DENY', 'strict-transport-security': 'max-age=60' }).status).toBe('fail');
    expect(judge({ page: answer(503) }).find('headers').status).toBe('unknown');
  });

  it('tells its clock to the second', () => {
    expect(readClock(answer(200, undefined, { date: 'Mon, 23 Nov 2026 12:02:00 GMT' }))).toEqual({
      name: 'deployment',
      aheadMs: 120_400,
      plusMinusMs: 600,
    });
    expect([readClock('no answer'), readClock(answer(200))]).toEqual([null, null]);
  });
});
