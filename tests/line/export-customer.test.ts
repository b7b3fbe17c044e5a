import { beforeAll, describe, expect, it } from 'vitest';
import { erasure } from '../../lib/erase-customer.js';
import { customerParameter, exportCustomer } from '../../lib/export-customer.js';
import type { TestDatabase } from '../support/postgres.js';
import {
  bystanders,
  createErasableLine,
  erase,
  leaveTraces,
  NUMBER,
  SHARED_QUESTION,
  talk,
  target,
} from './support/erasing.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createErasableLine();
  await talk();
  await leaveTraces(db);
  return () => db.close();
});

describe('Exporting what is held of a customer', () => {
  it('has their texts, the raw deliveries decoded, exchanges, decisions and the patterns they taught', async () => {
    const held = await exportCustomer('(555) 100-0001');
    expect(held).toMatchObject({
      customer: NUMBER,
      erasedAt: null,
      threads: [{ threadId: target.threadId, isGroup: false }],
    });
    expect(held.messages.map(message => [message.direction, message.at])).toEqual([
      ['incoming', '2026-09-14T15:00:00.000Z'],
      ['outgoing', '2026-09-14T15:01:00.000Z'],
      ['incoming', '2026-09-14T15:10:00.000Z'],
      ['outgoing', '2026-09-14T15:11:00.000Z'],
    ]);
    expect(held.exchanges).toMatchObject([{ skipped: null }, { customerText: SHARED_QUESTION }]);
    expect(held.decisions).toHaveLength(2);
    expect(held.patterns).toMatchObject([
      { isTheirTrigger: true, isTheirTemplate: true, exchangesOfOthers: 0 },
      { triggerText: SHARED_QUESTION, isTheirTrigger: true, isTheirTemplate: false, exchangesOfOthers: 2 },
    ]);
    const accepted = held.deliveries.filter(delivery => delivery.outcome === 'accepted');
    expect(accepted.map(delivery => (delivery.event as { type: string }).type).slice(0, 2)).toEqual([
      'message.received',
      'message.delivered',
    ]);
    // Broken deliveries that hold the number, as the text that they are.
    const quarantined = held.deliveries.filter(delivery => delivery.outcome === 'quarantined');
    expect(quarantined.map(delivery => typeof delivery.event)).toEqual(['string', 'string', 'object']);
    expect(held.mentions.messageIds).toHaveLength(1);
  });

  it('has nothing of anybody else, and of a stranger nothing at all', async () => {
    const text = JSON.stringify({ ...(await exportCustomer(NUMBER)), deliveries: [], patterns: [] });
    for (const { number, threadId } of bystanders) {
      expect(text).not.toContain(number);
      expect(text).not.toContain(`"${threadId}"`);
    }
    expect(await exportCustomer('+442071838750')).toEqual({
      customer: '+442071838750',
      erasedAt: null,
      threads: [],
      messages: [],
      deliveries: [],
      exchanges: [],
      decisions: [],
      patterns: [],
      mentions: { messageIds: [] },
    });
  });

  it('after erasing there is nothing but the moment', async () => {
    await erase(NUMBER);
    const { erasedAt, ...rest } = await exportCustomer(NUMBER);
    expect(erasedAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const empty = { deliveries: [], patterns: [], mentions: { messageIds: [] } };
    expect(rest).toEqual({ customer: NUMBER, threads: [], messages: [], exchanges: [], decisions: [], ...empty });
  });
});

describe('What callers send', () => {
  it('the number becomes E.164 whatever its spelling; anything else is refused where it stands', () => {
    expect(erasure.parse({ customer: '(555) 123-4567' })).toEqual({ customer: '+15551234567' });
    for (const body of [{}, { customer: 5551234567 }, { customer: 'x' }, { customer: '+15551234567', all: true }])
      expect(erasure.safeParse(body).success).toBe(false);
    expect(erasure.safeParse({ customer: '12' }).error!.issues).toMatchObject([
      { path: ['customer'], message: expect.stringContaining('no phone number') },
    ]);
  });

  it('in an address a bare plus arrives as a blank, and is read as the plus that it was', () => {
    const query = (search: string) => customerParameter.parse(new URLSearchParams(search).get('customer'));
    expect(query('customer=+442071838750')).toBe('+442071838750');
    expect(query('customer=%2B442071838750')).toBe('+442071838750');
    expect(query('customer=+15551234567')).toBe('+15551234567');
    // Ten digits are North American, blank or not: never another country's by accident.
    expect(query('customer=+5551234567')).toBe('+15551234567');
  });
});
