import { beforeAll, describe, expect, it } from 'vitest';
import * as cron from '../../api/cron/safety.js';
import * as monitoring from '../../api/monitoring.js';
import {
  createLine,
  deliver,
  deliverBody,
  openThread,
  setLearning,
  setLineEnvironment,
  sign,
} from '../line/support/quo-line.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { call } from './support/calls.js';

let db: TestDatabase;
beforeAll(async () => {
  setLineEnvironment();
  db = await createTestDatabase();
  await db.use();
  return () => db.close();
});

const health = async () => {
  const { status, body } = await call(monitoring.GET, '/api/monitoring?view=health', { token: null });
  return [status, body.status];
};
const setClock = (ahead: string) =>
  db.sql(`create or replace function v3pls_now() returns timestamptz language sql stable parallel safe
    as $$ select pg_catalog.now() + interval '${ahead}' $$`);
const runWatchdog = () => call(cron.GET, '/api/cron/safety', { token: process.env.CRON_SECRET! });

describe('Health says the first thing that is wrong', () => {
  it('stale, before the watchdog ever ran', async () => {
    expect(await health()).toEqual([503, 'stale']);
  });

  it('ok after a clean run, also with learning off and before any delivery', async () => {
    expect((await runWatchdog()).body.status).toBe('clean');
    expect(await health()).toEqual([200, 'ok']);
  });

  it('silent when the last authentic delivery is older than silence_hours; refused ones break no silence', async () => {
    await deliver(openThread(1).asks(0, 'hello there'));
    expect(await health()).toEqual([200, 'ok']);
    await db.sql(`update deliveries set recorded_at = recorded_at - interval '73 hours'`);
    expect(await health()).toEqual([503, 'silent']);
    const forged = { ...sign('{}', 'standard'), 'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}` };
    expect((await deliverBody('{}', { headers: forged })).status).toBe(401);
    expect(await health()).toEqual([503, 'silent']);
  });

  it('stale before silent, when the lease has run out: two intervals and a minute', async () => {
    await setClock('10 minutes 50 seconds');
    expect(await health()).toEqual([503, 'silent']);
    await setClock('11 minutes 10 seconds');
    expect(await health()).toEqual([503, 'stale']);
  });

  it('incident before stale, while the kill switch is engaged or an incident is open', async () => {
    await db.sql(`insert into pattern_execution_history (pattern_id, was_auto_executed)
      values ('00000000-0000-4000-8000-000000000001', true)`);
    expect(await health()).toEqual([503, 'incident']);
    await setClock('0 seconds');
    expect(await health()).toEqual([503, 'incident']);
    expect((await runWatchdog()).body.status).not.toBe('clean');
    expect(await health()).toEqual([503, 'incident']);
  });

  it('unavailable before incident, when the schema is older than the code', async () => {
    await db.sql('delete from schema_migrations where level = (select max(level) from schema_migrations)');
    expect(await health()).toEqual([503, 'unavailable']);
  });
});

describe('Monitoring', () => {
  it('counts what happened to deliveries, patterns and decisions, and invents nothing', async () => {
    const fresh = await createLine();
    await setLearning(fresh, false);
    const empty = (await call(monitoring.GET, '/api/monitoring?window=24h')).body;
    expect(empty).toMatchObject({
      window: '24h',
      executions: { total: 0, automatic: 0 },
      deliveries: { accepted: 0, ignored: 0, quarantined: 0, lastAt: null },
      shadow: { decisions: 0, judged: 0, agreed: 0, disagreed: 0, coverage: null },
      learning: { enabled: false, learned: 0, skipped: {} },
      killSwitch: { engaged: false },
      incidents: { open: 0 },
    });
    await setLearning(fresh, true);
    const { asks, answers } = openThread(1);
    await deliver(asks(0, 'what does a day pass cost'));
    await deliver(answers(1, 'A day pass costs twelve dollars'));
    await deliver(asks(5, 'STOP'));
    await deliver(answers(6, 'You are off the list then'));
    await deliver(answers(7, 'We got your text', { userId: 'SYU1' }));
    await deliverBody('{"id":"EVcall","type":"call.completed"}');
    await deliverBody('{"broken');
    const counted = (await call(monitoring.GET, '/api/monitoring?window=10000d')).body;
    expect(counted).toMatchObject({
      window: '10000d',
      patterns: { perDay: [{ created: 1, avgConfidence: 0.5, active: 0 }], top: [{ exchanges: 1, customers: 1 }] },
      executions: { total: 0, automatic: 0 },
      deliveries: { accepted: 5, ignored: 1, quarantined: 1 },
      shadow: { decisions: 2, judged: 0 },
      learning: { enabled: true, learned: 1, skipped: { opt_out: 1, not_a_person: 1 } },
    });
    expect(JSON.stringify(counted)).not.toContain(openThread(1).number);
    await db.use();
    await fresh.close();
  });
});
