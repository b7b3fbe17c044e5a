/** Messages and bodies for the payload tests: an ordinary text and its reply, with what a test wants changed. */
import { expect } from 'vitest';
import { type QuoEvent, type QuoMessage, readEvent } from '../../lib/quo/payload.js';
import { encodeEvent, type QuoListItem } from '../../scripts/quo/encode.js';

export const LINE = '+15550002222';
export const CUSTOMER = '+15550001111';

export const makeItem = (changes: Partial<QuoListItem> = {}): QuoListItem => ({
  id: 'AC1',
  conversationId: 'CN1',
  phoneNumberId: 'PN1',
  direction: 'incoming',
  from: CUSTOMER,
  to: [LINE],
  text: 'Is it open? ☕',
  userId: null,
  status: 'received',
  createdAt: '2026-11-18T11:06:39.700Z',
  ...changes,
});
export const makeReply = (changes: Partial<QuoListItem> = {}) =>
  makeItem({ direction: 'outgoing', from: LINE, to: [CUSTOMER], userId: 'US7', status: 'delivered', ...changes });

export const read = (body: unknown): QuoEvent =>
  readEvent(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
export const readMessage = (body: unknown): QuoMessage => {
  const event = read(body);
  if (event.kind !== 'message') throw new Error(`not a message: ${JSON.stringify(event)}`);
  return event.message;
};

/** A 2026-03-30 body with some fields of its parts replaced; undefined removes one. */
export function makeStandard(
  changes: { envelope?: object; resource?: object; context?: object; reply?: boolean } = {},
) {
  const body = JSON.parse(encodeEvent(changes.reply ? makeReply() : makeItem(), 'standard'));
  Object.assign(body.data.resource, changes.resource);
  Object.assign(body.data.context, changes.context);
  return Object.assign(body, changes.envelope);
}
export const expectInvalid = (body: unknown, label?: string) =>
  expect(read(body), label).toMatchObject({ kind: 'unreadable', reason: 'invalid_message' });
