import { beforeEach, describe, expect, it } from 'vitest';
import { keepMatcher } from '../../lib/keep-matcher.js';
import { type CheckId, TRIPPING } from '../../lib/safety/watchdog.js';
import type { TestDatabase } from '../support/postgres.js';
import {
  bystanders,
  createErasableLine,
  dump,
  erase,
  findHits,
  leaveTraces,
  NUMBER,
  TRACES,
  talk,
  target,
} from './support/erasing.js';
import { count, deliver, type Item, readExchanges, runCron, START_MS } from './support/quo-line.js';

let db: TestDatabase;
beforeEach(async () => {
  db = await createErasableLine();
  return () => db.close();
});

const SPELLINGS = [
  '+15551000001',
  '+1 555 100 0001',
  '(555) 100-0001',
  '1-555-100-0001',
  '555.100.0001',
  'tel:+1-555-100-0001',
  '５５５ １００ ０００１',
  '\u202a+1\u00a0(555)\u00a0100\u20110001\u202c',
];

describe('Erasing a customer', () => {
  it.each(SPELLINGS)('%s: nothing of them is left in any table, with a delivery in flight', async spelling => {
    await talk();
    await leaveTraces(db);
    await keepMatcher(true);
    const before = findHits(await dump(db), TRACES);
    for (const table of [
      'messages',
      'deliveries',
      'exchanges',
      'decision_patterns',
      'pattern_versions',
      'reasons',
      'threads',
      'access_tokens',
      'pattern_execution_queue',
      'matcher_state',
    ])
      expect(
        before.filter(hit => hit.startsWith(`${table}: `)),
        table,
      ).not.toEqual([]);
    const late: Item = target.asks(50, 'one more zeppelin question from Quillfeather');
    const [inFlight, erased] = await Promise.all([deliver(late, { deliveryId: 'msg_in-flight' }), erase(spelling)]);
    expect(inFlight.status).toBe(200);
    expect(['accepted', 'ignored']).toContain(inFlight.body.status);
    expect(erased).toMatchObject({ threads: 1, patternsRemoved: 1, patternsRebuilt: 1 });
    expect(findHits(await dump(db), TRACES)).toEqual([]);
    // The same delivery, and the same text as another subscription or scheme sends it.
    expect((await deliver(late, { deliveryId: 'msg_in-flight' })).body.status).toBe('duplicate');
    expect(['duplicate', 'ignored']).toContain((await deliver(late, { dialect: 'v4' })).body.status);
    // Nor does an instance that learned from them put anything back.
    await keepMatcher(true);
    expect(findHits(await dump(db), TRACES)).toEqual([]);
    // The queue's row, which another program would have left, is all that the watchdog finds; the rest only tells.
    const { checks } = (await runCron()).body;
    const tripped = checks.filter(check => check.violations > 0 && TRIPPING.includes(check.id as CheckId));
    expect(tripped.map(check => check.id)).toEqual(['queue']);
  });

  it('every redelivery of every text of theirs is still a duplicate, in every dialect, and brings nothing back', async () => {
    const items = [target.asks(0, 'a zeppelin question'), target.answers(1, 'A marzipan answer for the zeppelin')];
    for (const item of items) await deliver(item, { deliveryId: `msg_${item.id}` });
    await db.sql(`insert into thread_marks (thread_id, reason) values ('CN1', 'unfinished')`);
    await erase(NUMBER);
    expect(await count(db, 'thread_marks')).toBe(0);
    for (const item of items) {
      expect((await deliver(item, { deliveryId: `msg_${item.id}` })).body.status).toBe('duplicate');
      for (const dialect of ['standard', 'v2', 'v3', 'v4', 'wrapped-v3'] as const)
        expect((await deliver(item, { dialect })).body.status).toBe('duplicate');
      // Another event of the same text.
      if (item.direction === 'outgoing')
        expect((await deliver({ ...item, status: 'undelivered' })).body.status).toBe('duplicate');
    }
    expect(await count(db, 'messages')).toBe(2);
    expect(await count(db, 'messages where text is not null')).toBe(0);
    expect(findHits(await dump(db), TRACES)).toEqual([]);
  });

  it('another event of an erased text is a duplicate even where the key is gone', async () => {
    const answer = target.answers(1, 'A marzipan answer for the zeppelin');
    await deliver(answer);
    await erase(NUMBER);
    delete process.env.PRIVACY_KEY;
    expect((await deliver({ ...answer, status: 'undelivered' })).body.status).toBe('duplicate');
    expect(findHits(await dump(db), TRACES)).toEqual([]);
  });

  it('what was written between two erasures and comes after the second is not taken in', async () => {
    await erase(NUMBER);
    const between = target.asks((Date.now() + 1 - START_MS) / 60_000, 'a zeppelin between');
    await new Promise(resolve => setTimeout(resolve, 20));
    await erase(NUMBER);
    expect((await deliver(between)).body.status).toBe('ignored');
  });

  it('a text from before that was never delivered is not taken in: it is counted, and nothing of it is kept', async () => {
    await deliver(target.asks(0, 'a zeppelin question'));
    await erase(NUMBER);
    for (const item of [target.asks(2, 'a zeppelin that came late'), target.answers(3, 'A late marzipan answer')]) {
      expect((await deliver(item, { deliveryId: `msg_${item.id}` })).body.status).toBe('ignored');
      expect((await deliver(item, { deliveryId: `msg_${item.id}` })).body.status).toBe('duplicate');
    }
    expect(await db.sql(`select outcome, reason, raw from deliveries where outcome = 'ignored'`)).toEqual([
      { outcome: 'ignored', reason: 'erased', raw: null },
      { outcome: 'ignored', reason: 'erased', raw: null },
    ]);
    expect(await count(db, 'messages')).toBe(1);
    expect(findHits(await dump(db), TRACES)).toEqual([]);
  });

  it('a number that nobody ever wrote from is erased too: what still arrives from before finds the tombstone', async () => {
    expect(await erase(NUMBER)).toEqual({
      threads: 0,
      messages: 0,
      deliveries: 0,
      exchanges: 0,
      mentions: 0,
      patternsRemoved: 0,
      patternsRebuilt: 0,
      switchedOff: [],
    });
    expect((await deliver(target.asks(0, 'a zeppelin question'))).body.status).toBe('ignored');
    expect((await deliver(bystanders[0]!.asks(0, 'is it open'))).body.status).toBe('accepted');
  });

  it('what they write after being erased is a new matter: stored, answered, learned, and erased again when asked', async () => {
    await talk();
    await erase(NUMBER);
    const soon = Date.now() + 60_000 - START_MS;
    const later = (minute: number) => soon / 60_000 + minute;
    expect((await deliver(target.asks(later(0), 'do you sell gift vouchers'))).body.status).toBe('accepted');
    expect((await deliver(target.answers(later(1), 'Vouchers are sold at the front desk'))).body.status).toBe(
      'accepted',
    );
    expect(await readExchanges(db, 'CN1')).toMatchObject([{ skipped: null, credited: true }]);
    expect(await db.sql(`select customer from threads where id = 'CN1'`)).toEqual([{ customer: NUMBER }]);
    expect((await runCron()).body).toMatchObject({ status: 'clean' });
    expect(await erase(NUMBER)).toMatchObject({ threads: 1, messages: 2, exchanges: 1, patternsRemoved: 1 });
    expect(findHits(await dump(db), [...TRACES, 'voucher'])).toEqual([]);
    expect((await deliver(target.asks(later(2), 'and vouchers by mail'))).body.status).toBe('accepted');
  });

  it('nothing of anybody else changes: every row of the bystanders is as it was', async () => {
    await talk();
    const rows = async () => {
      const threads = bystanders.map(thread => thread.threadId);
      const [row] = await db.sql<{ all: string }>(
        `select md5(concat(
          (select string_agg(to_jsonb(m)::text, ',' order by id) from messages m where thread_id = any ($1)),
          (select string_agg(to_jsonb(t)::text, ',' order by id) from threads t where id = any ($1)),
          (select string_agg(to_jsonb(e)::text, ',' order by id) from exchanges e where thread_id = any ($1)),
          (select string_agg(to_jsonb(s)::text, ',' order by id) from shadow_decisions s where thread_id = any ($1)),
          (select string_agg(to_jsonb(d)::text, ',' order by id) from deliveries d
            where message_id in (select id from messages where thread_id = any ($1))))) as all`,
        [threads],
      );
      return row!.all;
    };
    const before = await rows();
    await erase(NUMBER);
    expect(await rows()).toBe(before);
  });

  it('the audit says who erased and how much, and names the customer only by a keyed hash', async () => {
    await talk();
    const erased = await erase(NUMBER, 'token:42');
    const audit = await db.sql<{ actor: string; subject: string; details: object }>(
      `select actor, subject, details from audit_log where action = 'customer_erased'`,
    );
    expect(audit).toEqual([{ actor: 'token:42', subject: expect.stringMatching(/^[0-9a-f]{64}$/), details: erased }]);
    expect(await db.sql('select customer_key from erased_customers')).toEqual([{ customer_key: audit[0]!.subject }]);
  });

  it('a tombstone cannot be taken away by SQL', async () => {
    await erase(NUMBER);
    for (const statement of ['delete from erased_customers', 'truncate erased_customers'])
      await expect(db.sql(statement)).rejects.toMatchObject({ code: 'V3A01' });
  });

  it('without PRIVACY_KEY, or with a short one, nothing is erased and the sentence says why', async () => {
    await talk();
    const before = findHits(await dump(db), TRACES);
    for (const [value, sentence] of [
      ['', 'PRIVACY_KEY is not set.'],
      ['short', 'PRIVACY_KEY must have at least 32 characters.'],
    ] as const) {
      process.env.PRIVACY_KEY = value;
      await expect(erase(NUMBER)).rejects.toMatchObject({ name: 'Unavailable', message: sentence });
    }
    expect(findHits(await dump(db), TRACES)).toEqual(before);
  });

  it.each(['hello', '', '12', '020 7183 8750', '+1555', 'DROP TABLE threads'])(
    '"%s" is no number to erase, and the sentence says what to write',
    async text => {
      await expect(erase(text)).rejects.toMatchObject({
        code: 'invalid_input',
        extra: {
          errors: [{ pointer: '#/customer', detail: expect.stringMatching(/write .* like|write the number with/) }],
        },
      });
    },
  );
});
