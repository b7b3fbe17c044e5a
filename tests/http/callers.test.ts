import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as config from '../../api/config.js';
import * as cron from '../../api/cron/safety.js';
import * as monitoring from '../../api/monitoring.js';
import * as patterns from '../../api/patterns/index.js';
import { countTrips } from '../../db/client.js';
import { setLineEnvironment } from '../line/support/quo-line.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { call, listenToLog } from './support/calls.js';

let db: TestDatabase;
let log: ReturnType<typeof listenToLog>;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.use();
  return () => db.close();
});
beforeEach(() => {
  setLineEnvironment();
  log = listenToLog();
});
afterEach(() => log.stop());

const READS: [string, (request: Request) => Promise<Response>, string][] = [
  ['the list', patterns.GET, '/api/patterns'],
  ['the configuration', config.GET, '/api/config'],
  ['monitoring', monitoring.GET, '/api/monitoring'],
];
const setting = async (key: string) =>
  (
    await db.sql<{ config_value: string }>('select config_value from pattern_learning_config where config_key = $1', [
      key,
    ])
  )[0]!.config_value;

describe('Who may call', () => {
  it.each(READS)(
    '%s is closed to everybody without the right token: 401, one body, no round trip',
    async (_, handler, path) => {
      const bodies = new Set<string>();
      const before = countTrips();
      const wrong: Record<string, string>[] = [
        {},
        { authorization: 'Bearer ' },
        { authorization: 'Bearer undefined' },
        { authorization: 'Bearer null' },
        { authorization: `Bearer ${process.env.ADMIN_TOKEN}x` },
        { authorization: `Bearer ${process.env.ADMIN_TOKEN!.slice(0, -1)}` },
        { authorization: `Basic ${process.env.ADMIN_TOKEN}` },
        { authorization: process.env.ADMIN_TOKEN! },
        { authorization: `Bearer ${'x'.repeat(10_000)}` },
      ];
      for (const headers of wrong) {
        const answer = await call(handler, path, { token: null, headers });
        expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
        expect(answer.headers.get('content-type')).toBe('application/problem+json');
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
        bodies.add(answer.text);
      }
      expect(bodies.size).toBe(1);
      expect(countTrips()).toBe(before);
      expect((await call(handler, path)).status).toBe(200);
    },
  );

  it('an anonymous caller is told nothing about keys, bodies or parameters', async () => {
    const answer = await call(config.PATCH, '/api/config?x=1', { token: null, rawBody: '{not json' });
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
  });

  it.each([undefined, '', 'short', 'x'.repeat(31)])('ADMIN_TOKEN "%s": 503, and it opens nothing', async value => {
    if (value === undefined) delete process.env.ADMIN_TOKEN;
    else process.env.ADMIN_TOKEN = value;
    for (const token of [value ?? 'undefined', 'undefined', '']) {
      const answer = await call(patterns.GET, '/api/patterns', { token });
      expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    }
  });

  it.each([undefined, '', 'fifteen letters'])(
    'CRON_SECRET "%s": 503, and "Bearer undefined" opens nothing',
    async value => {
      if (value === undefined) delete process.env.CRON_SECRET;
      else process.env.CRON_SECRET = value;
      for (const token of ['undefined', value ?? 'null', ''])
        expect(await call(cron.GET, '/api/cron/safety', { token })).toMatchObject({
          status: 503,
          body: { code: 'unavailable' },
        });
      expect(await db.sql('select id from watchdog_runs')).toEqual([]);
    },
  );

  it('the cron is opened by CRON_SECRET alone: the admin token is not it', async () => {
    for (const token of [null, 'undefined', process.env.ADMIN_TOKEN!])
      expect(await call(cron.GET, '/api/cron/safety', { token })).toMatchObject({ status: 401 });
    expect(await call(patterns.GET, '/api/patterns', { token: process.env.CRON_SECRET! })).toMatchObject({
      status: 401,
    });
    expect(await call(cron.GET, '/api/cron/safety', { token: process.env.CRON_SECRET! })).toMatchObject({
      status: 200,
      body: { status: 'clean' },
    });
  });

  it('a preview deployment runs no cron', async () => {
    process.env.VERCEL_ENV = 'preview';
    try {
      expect(await call(cron.GET, '/api/cron/safety', { token: process.env.CRON_SECRET! })).toMatchObject({
        status: 503,
      });
    } finally {
      delete process.env.VERCEL_ENV;
    }
  });
});

describe('What is accepted', () => {
  it.each(['colour', '__proto__', 'constructor', 'Limit', 'limit '])(
    'an unknown parameter "%s" is 422 and named',
    async key => {
      for (const [, handler, path] of READS) {
        const answer = await call(handler, `${path}?${encodeURIComponent(key)}=1`);
        expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
        expect(answer.body.errors.map((error: { pointer: string }) => error.pointer).join()).toContain(key);
      }
    },
  );

  it('a parameter given twice is 422, not the last of the two', async () => {
    expect(await call(patterns.GET, '/api/patterns?limit=1&limit=100')).toMatchObject({ status: 422 });
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=1e1',
    'limit=-1',
    'limit=',
    'status=on',
    'sort=name',
    'cursor=abc',
    `cursor=${Buffer.from('{"sort":"review","rank":0,"measure":1,"id":"x"}').toString('base64url')}`,
    `cursor=${Buffer.from('{"sort":"review","rank":1e99,"measure":1e308,"id":"00000000-0000-4000-8000-000000000000"}').toString('base64url')}`,
    `cursor=${Buffer.from('{"sort":"review","rank":3000000000,"measure":1,"id":"00000000-0000-4000-8000-000000000000"}').toString('base64url')}`,
    `q=${'x'.repeat(201)}`,
    `type=${'x'.repeat(65)}`,
  ])('the list refuses %s with 422', async query => {
    expect(await call(patterns.GET, `/api/patterns?${query}`)).toMatchObject({
      status: 422,
      body: { code: 'invalid_input' },
    });
  });

  it.each(['window=0h', 'window=24', 'window=10001d', 'window=1w', 'window=999999d', 'view=all'])(
    'monitoring refuses %s with 422',
    async query => {
      expect(await call(monitoring.GET, `/api/monitoring?${query}`)).toMatchObject({ status: 422 });
    },
  );

  it('a search for SQL or patterns finds nothing and breaks nothing', async () => {
    for (const q of ["'; drop table messages; --", '%', '_', '\\', '\u{1F9D7}', '\ud800'])
      expect((await call(patterns.GET, `/api/patterns?q=${encodeURIComponent(q.toWellFormed())}`)).status).toBe(200);
  });

  it.each(['q=%00', 'type=%00', 'type=a%00b'])('a NUL in %s is refused or finds nothing, never a 500', async query => {
    expect([200, 422]).toContain((await call(patterns.GET, `/api/patterns?${query}`)).status);
  });

  it.each(['', '{', 'null x', '\u0000', '{"values":{"enabled":true},}'])(
    'a body that is no JSON ("%s") is 400',
    async rawBody => {
      expect(await call(config.PATCH, '/api/config', { rawBody })).toMatchObject({
        status: 400,
        body: { code: 'malformed' },
      });
    },
  );

  it('a body that is no UTF-8 is 400, one that is too large 413', async () => {
    const request = new Request('http://localhost/api/config', {
      method: 'PATCH',
      headers: { authorization: `Bearer ${process.env.ADMIN_TOKEN}` },
      body: Uint8Array.from([0x22, 0xff, 0x22]),
    });
    expect((await config.PATCH(request)).status).toBe(400);
    expect(await call(config.PATCH, '/api/config', { rawBody: `"${'x'.repeat(64 * 1024)}"` })).toMatchObject({
      status: 413,
    });
  });

  it.each([
    ['{"values":{"enabled":true},"reason":"r","colour":1}', 'colour'],
    ['{"values":{"colour":1},"reason":"r"}', 'colour'],
    ['{"values":{"enabled":true,"__proto__":{"shadow_mode":false}},"reason":"r"}', '__proto__'],
    ['{"values":{"enabled":true},"reason":"r","__proto__":{"x":1}}', '__proto__'],
    ['{"values":{"enabled":true},"reason":"r","constructor":{"x":1}}', 'constructor'],
    ['{"__proto__":{"values":{"enabled":true}},"reason":"r"}', '__proto__'],
    ['{"values":{"enabled":true},"reason":{"__proto__":1}}', '__proto__'],
    ['{"values":{}}', 'values'],
    ['[]', ''],
    ['null', ''],
  ])('an unknown or missing key in %s is 422 and named', async (rawBody, key) => {
    const answer = await call(config.PATCH, '/api/config', { rawBody });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer).join()).toContain(key);
    expect(await setting('enabled')).toBe('false');
  });
});

describe('Changing the configuration', () => {
  const change = (values: Record<string, unknown>, reason?: string) =>
    call(config.PATCH, '/api/config', { body: { values, ...(reason === undefined ? {} : { reason }) } });

  it('shadow mode off is 409 blocked by the gate no_sender, with or without a reason', async () => {
    for (const reason of [undefined, 'we want to']) {
      const answer = await change({ shadow_mode: false }, reason);
      expect(answer).toMatchObject({ status: 409, body: { code: 'blocked', gates: [{ id: 'no_sender', ok: false }] } });
    }
    expect(await change({ enabled: true, shadow_mode: false }, 'both')).toMatchObject({ status: 409 });
    expect([await setting('shadow_mode'), await setting('enabled')]).toEqual(['true', 'false']);
  });

  it('loosening needs a reason: 422 without, 200 with, and the audit names who, what and why', async () => {
    expect(await change({ auto_execute_threshold: 0.9 })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '#/reason' }] },
    });
    expect(await change({ auto_execute_threshold: 0.9 }, '   ')).toMatchObject({ status: 422 });
    const answer = await change({ auto_execute_threshold: 0.9, silence_hours: 24 }, 'a quiet week');
    expect(answer).toMatchObject({ status: 200, body: { values: { auto_execute_threshold: 0.9, silence_hours: 24 } } });
    expect(
      await db.sql(`select a.actor, a.subject, a.details, r.text from audit_log a left join reasons r on r.id = a.reason_id
        where a.action = 'config_changed' order by a.subject`),
    ).toEqual([
      { actor: 'admin', subject: 'auto_execute_threshold', details: { old: '0.95', new: '0.9' }, text: 'a quiet week' },
      { actor: 'admin', subject: 'silence_hours', details: { old: '72', new: '24' }, text: 'a quiet week' },
    ]);
  });

  it('tightening needs none, and a change is all or nothing', async () => {
    expect((await change({ review_min_customers: 5 })).status).toBe(200);
    expect((await change({ review_min_customers: 6, min_executions_for_auto: 5 })).status).toBe(422);
    expect([await setting('review_min_customers'), await setting('min_executions_for_auto')]).toEqual(['5', '20']);
  });

  it.each([
    { enabled: 'true' },
    { enabled: 1 },
    { enabled: null },
    { shadow_mode: 'false' },
    { auto_execute_threshold: '0.9' },
    { auto_execute_threshold: 1.01 },
    { auto_execute_threshold: 0.49 },
    { auto_execute_threshold: 0.99999 },
    { min_executions_for_auto: 1.5 },
    { min_executions_for_auto: -1 },
    { silence_hours: 1e9 },
    { business_timezone: 'Mars/Olympus' },
    { business_timezone: "UTC'; drop table messages" },
    { match_threshold: null },
  ])('a wrong type or range, %o, is 422 and changes nothing', async values => {
    const before = await db.sql('select config_key, config_value from pattern_learning_config order by 1');
    expect(await change(values, 'a reason')).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    expect(await db.sql('select config_key, config_value from pattern_learning_config order by 1')).toEqual(before);
  });

  it('a reason with letters that PostgreSQL cannot keep is refused or kept readable, never a 500', async () => {
    const statuses = [];
    for (const reason of ['a\0b', 'a\ud800b']) {
      statuses.push((await change({ enabled: true }, reason)).status);
      await change({ enabled: false });
    }
    for (const status of statuses) expect([200, 422]).toContain(status);
  });
});
