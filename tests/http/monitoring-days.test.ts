/** Monitoring by days: what is counted for a day, whose day it is, and the plan's own list beside it. */
import { beforeAll, describe, expect, it } from 'vitest';
import * as config from '../../api/config.js';
import * as monitoring from '../../api/monitoring.js';
import { createLine, deliver, deliverBody, openThread, sign } from '../line/support/quo-line.js';
import type { TestDatabase } from '../support/postgres.js';
import { call } from './support/calls.js';
import { deliverAll, OTHER_REPLY, QUESTION, REPLY } from './support/marking.js';

/** 23:30 UTC on the 14th of September 2026: the 15th already in Auckland, the 14th still in Denver. */
const LATE_EVENING_MS = Date.UTC(2026, 8, 14, 23, 30);

let db: TestDatabase;
beforeAll(async () => {
  db = await createLine();
  return () => db.close();
});

const read = async (window = '10000d') => (await call(monitoring.GET, `/api/monitoring?window=${window}`)).body;
const set = async (values: Record<string, unknown>) =>
  expect((await call(config.PATCH, '/api/config', { body: { values, reason: 'a test' } })).status).toBe(200);
const sum = (rows: Record<string, number>[], key: string) => rows.reduce((total, row) => total + row[key]!, 0);

describe('Shadow mode by days', () => {
  it('of a line that knows nothing has no day, and no first delivery', async () => {
    const { shadow, deliveries } = await read();
    expect([shadow.perDay, deliveries.perDay, deliveries.firstAt]).toEqual([[], [], null]);
  });

  it('counts turns, what it would have answered, and how that compared, on the day the customer wrote', async () => {
    const first = openThread(1, Date.UTC(2026, 8, 13, 15));
    const second = openThread(2, LATE_EVENING_MS);
    const third = openThread(3, LATE_EVENING_MS);
    await deliverAll([
      first.asks(0, QUESTION),
      first.answers(1, REPLY),
      second.asks(0, QUESTION),
      second.answers(1, REPLY),
      third.asks(2, QUESTION),
      third.answers(3, OTHER_REPLY),
      third.asks(5, 'STOP'),
    ]);
    expect((await read()).shadow.perDay).toEqual([
      { date: '2026-09-14', turns: 3, covered: 2, judged: 2, agreed: 1, disagreed: 1 },
      { date: '2026-09-13', turns: 1, covered: 0, judged: 0, agreed: 0, disagreed: 0 },
    ]);
  });

  it('adds up to what the window says', async () => {
    const { shadow } = await read();
    for (const key of ['judged', 'agreed', 'disagreed']) expect(sum(shadow.perDay, key), key).toBe(shadow[key]);
    expect(sum(shadow.perDay, 'covered') / sum(shadow.perDay, 'turns')).toBe(shadow.coverage);
  });

  it('leaves out days before the window', async () => {
    expect((await read('24h')).shadow.perDay).toEqual([]);
  });

  it('goes by the time zone of the business', async () => {
    await set({ business_timezone: 'Pacific/Auckland' });
    expect((await read()).shadow.perDay.map(({ date }: { date: string }) => date)).toEqual([
      '2026-09-15',
      '2026-09-14',
    ]);
    await set({ business_timezone: 'UTC' });
  });
});

describe('Deliveries by days', () => {
  it('are counted by outcome on the day on which they came, the refused and the doubled too', async () => {
    const again = openThread(4).asks(0, 'do you rent bikes');
    await deliver(again, { deliveryId: 'msg_once' });
    expect((await deliver(again, { deliveryId: 'msg_once' })).body.status).toBe('duplicate');
    expect((await deliverBody('{"broken')).body.status).toBe('quarantined');
    const forged = { ...sign('{}', 'standard'), 'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}` };
    expect((await deliverBody('{}', { headers: forged })).status).toBe(401);
    await db.sql(`update deliveries set recorded_at = recorded_at - interval '3 days' where id in
      (select id from deliveries where outcome = 'accepted' order by id limit 2)`);
    const { deliveries } = await read();
    expect(deliveries.perDay).toHaveLength(2);
    expect(deliveries.perDay[1]).toMatchObject({ accepted: 2, duplicate: 0, ignored: 0, quarantined: 0, refused: 0 });
    expect(deliveries.perDay[0]).toMatchObject({ duplicate: 1, quarantined: 1, refused: 1 });
    for (const outcome of ['accepted', 'duplicate', 'ignored', 'quarantined', 'refused'])
      expect(sum(deliveries.perDay, outcome), outcome).toBe(deliveries[outcome]);
    expect(deliveries.firstAt < deliveries.lastAt).toBe(true);
  });
});

it("The plan's list names every line of Day 1, Week 1 and Month 1, with what was measured", async () => {
  const { milestones } = await read();
  const ids = (list: { id: string }[]) => list.map(({ id }) => id);
  expect(ids(milestones.day1)).toEqual(['learning_enabled', 'no_auto_executions', 'patterns_visible', 'all_inactive']);
  expect(ids(milestones.week1)).toEqual([
    'patterns_created',
    'average_confidence',
    'no_auto_executions',
    'patterns_reviewed',
  ]);
  expect(ids(milestones.month1)).toEqual([
    'patterns_learned',
    'top_patterns',
    'ready_for_activation',
    'workload_measured',
  ]);
  expect(milestones.month1[2]).toEqual({ id: 'ready_for_activation', ok: false, measured: 0, required: 1 });
  expect(milestones.month1[3]).toEqual({ id: 'workload_measured', ok: true, measured: 1, required: 1 });
  await set({ review_min_customers: 2 });
  expect((await read()).milestones.month1[2]).toMatchObject({ ok: true, measured: 1 });
});
