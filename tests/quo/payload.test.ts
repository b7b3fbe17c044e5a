/** One text, four dialects, one QuoMessage. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeEvent, type QuoDialect } from '../../scripts/quo/encode.js';
import { CUSTOMER, expectInvalid, LINE, makeItem, makeReply, makeStandard, read, readMessage } from './factories.js';
import vectors from './vectors.json' with { type: 'json' };

const DIALECTS: QuoDialect[] = ['standard', 'v2', 'v3', 'v4', 'wrapped-v3'];
describe.each(DIALECTS)('the %s dialect', dialect => {
  test("a customer's text", () => {
    expect(readMessage(encodeEvent(makeItem(), dialect))).toEqual({
      id: 'AC1',
      direction: 'incoming',
      text: 'Is it open? ☕',
      hasMedia: false,
      lineId: 'PN1',
      threadId: 'CN1',
      from: CUSTOMER,
      to: [LINE],
      customers: [CUSTOMER],
      isGroup: false,
      actorId: null,
      isPerson: true,
      status: 'received',
      at: new Date('2026-11-18T11:06:39.700Z'),
    });
  });

  test("an operator's reply, delivered, failed or undelivered", () => {
    for (const status of ['delivered', 'failed', 'undelivered']) {
      const event = read(encodeEvent(makeReply({ status }), dialect));
      expect(event).toMatchObject({
        kind: 'message',
        eventType: `message.${status}`,
        message: { direction: 'outgoing', from: LINE, customers: [CUSTOMER], actorId: 'US7', isPerson: true, status },
      });
    }
  });

  test("a text of Quo's own system, or of nobody named, has no person behind it", () => {
    expect(readMessage(encodeEvent(makeReply({ userId: 'SYU1' }), dialect))).toMatchObject({
      actorId: 'SYU1',
      isPerson: false,
    });
    expect(readMessage(encodeEvent(makeReply({ userId: null }), dialect))).toMatchObject({
      actorId: null,
      isPerson: false,
    });
  });

  test('a group text: its recipients are the customers of a reply', () => {
    const to = ['+15550009999', CUSTOMER];
    expect(readMessage(encodeEvent(makeReply({ to }), dialect))).toMatchObject({
      to,
      customers: [CUSTOMER, '+15550009999'],
      isGroup: true,
    });
  });

  test('a picture without words', () => {
    const item = makeItem({ text: null, media: [{ url: 'https://example.test/a.jpg', type: 'image/jpeg' }] });
    expect(readMessage(encodeEvent(item, dialect))).toMatchObject({ text: '', hasMedia: true });
  });

  test('without a line id our own number names the line', () => {
    expect(readMessage(encodeEvent(makeItem({ phoneNumberId: null }), dialect)).lineId).toBe(LINE);
    expect(readMessage(encodeEvent(makeReply({ phoneNumberId: null }), dialect)).lineId).toBe(LINE);
  });

  test('the envelope id is the event id', () => {
    expect(read(encodeEvent(makeItem(), dialect)).eventId).toMatch(/^EVL?AC1$/);
  });
});

describe('what real deliveries do', () => {
  test('the bodies of the fixed vectors', () => {
    const standard = readMessage(vectors.standard.body);
    expect(standard).toMatchObject({ id: 'ACtest1', text: 'Is it open? ☕', lineId: 'PNtest', threadId: 'CNtest' });
    const legacy = readMessage(vectors.legacy.body);
    expect({ ...legacy, id: standard.id, at: standard.at }).toEqual(standard);
    expect(read(vectors.standardWebhooksSpecVector.body)).toMatchObject({ kind: 'unreadable', reason: 'not_an_event' });
  });

  test('v4 texts say `to` as a plain string live and as an array in the docs', () => {
    const live = JSON.parse(encodeEvent(makeItem(), 'v4'));
    expect(live.data.object.to).toBe(LINE);
    const documented = structuredClone(live);
    documented.data.object.to = [LINE];
    expect(readMessage(documented)).toEqual(readMessage(live));
  });

  test('v4 texts name the conversation only in the deep link', () => {
    const body = JSON.parse(encodeEvent(makeItem(), 'v4'));
    expect(body.data.object.conversationId).toBeUndefined();
    expect(readMessage(body).threadId).toBe('CN1');
    for (const deepLink of [
      undefined,
      null,
      7,
      'https://my.quo.com/inbox/PN1',
      'https://my.quo.com/c/AC1',
      '/c/CN1!x',
    ]) {
      body.data.deepLink = deepLink;
      expect(readMessage(body).threadId, String(deepLink)).toBeNull();
    }
  });

  test('createdBy counts before userId, which may be the owner of the number', () => {
    const body = JSON.parse(encodeEvent(makeReply(), 'v3'));
    body.data.object.userId = 'USowner';
    expect(readMessage(body).actorId).toBe('US7');
    body.data.object.createdBy = null;
    expect(readMessage(body).actorId).toBe('USowner');
  });

  test('in an incoming group everybody is a customer but our own number, where that is known', () => {
    const group = makeItem({ to: [LINE, '+15550003333'] });
    expect(readMessage(encodeEvent(group, 'standard'))).toMatchObject({
      isGroup: true,
      customers: [CUSTOMER, LINE, '+15550003333'],
    });
    expect(readMessage(encodeEvent({ ...group, phoneNumberId: null }, 'v3'))).toMatchObject({
      lineId: LINE,
      customers: [CUSTOMER, '+15550003333'],
    });
  });

  test('a recipient named twice is one recipient, and blanks around numbers mean nothing', () => {
    const body = makeStandard({
      context: { recipientIdentifiers: [LINE, ` ${LINE} `], senderIdentifier: ` ${CUSTOMER}` },
    });
    expect(readMessage(body)).toMatchObject({ to: [LINE], from: CUSTOMER, isGroup: false });
  });

  test('short codes and names are identifiers too', () => {
    const body = makeStandard({ context: { senderIdentifier: '262966' } });
    expect(readMessage(body).customers).toEqual(['262966']);
    expect(readMessage(makeStandard({ context: { senderIdentifier: 'Café Noir' } })).from).toBe('Café Noir');
  });

  test('fields of tomorrow, odd media and odd states do not cost the text', () => {
    const body = makeStandard({
      envelope: { novelty: { deep: [1] } },
      resource: { media: 'soon', status: { code: 1 }, reactions: [] },
      context: { orgId: undefined, contacts: 'none', campaign: 7 },
    });
    expect(readMessage(body)).toMatchObject({ text: 'Is it open? ☕', hasMedia: false, status: 'received' });
    expect(readMessage(makeStandard({ reply: true, resource: { status: undefined } })).status).toBe('delivered');
    expect(readMessage(makeStandard({ resource: { status: 'partially_delivered' } })).status).toBe(
      'partially_delivered',
    );
  });

  test('a missing direction follows from the event; a contradicting one is refused', () => {
    expect(readMessage(makeStandard({ resource: { direction: undefined } })).direction).toBe('incoming');
    expect(readMessage(makeStandard({ reply: true, resource: { direction: null } })).direction).toBe('outgoing');
    expectInvalid(makeStandard({ resource: { direction: 'outgoing' } }));
    expectInvalid(makeStandard({ reply: true, resource: { direction: 'incoming' } }));
    expectInvalid(makeStandard({ resource: { direction: 'sideways' } }));
  });

  test('the user named on an incoming text is ignored, whatever it is', () => {
    for (const userId of ['US7', '', null, 7, { id: 'US7' }, 'not an id']) {
      expect(readMessage(makeStandard({ context: { userId } }))).toMatchObject({ actorId: null, isPerson: true });
    }
  });

  test('a missing context field is looked for in the message', () => {
    const body = makeStandard({
      resource: { from: CUSTOMER, to: LINE, conversationId: 'CN2', phoneNumberId: 'PN2' },
      context: { senderIdentifier: null, recipientIdentifiers: undefined, conversationId: '', phoneNumberId: null },
    });
    expect(readMessage(body)).toMatchObject({ from: CUSTOMER, to: [LINE], threadId: 'CN2', lineId: 'PN2' });
  });
});

describe('events that are not texts are ignored', () => {
  test.each([
    'call.completed',
    'call.summary.completed',
    'callSummary',
    'callTranscript',
    'contact.updated',
    'contact.deleted',
    'task.duedate.updated',
    'integration.installed',
    'message.sent',
    'message.created',
    'message.read',
    'constructor',
    '__proto__',
  ])('%s', type => {
    expect(read({ id: 'EV1', type, data: { object: { id: 'CT1' } } })).toEqual({
      kind: 'ignored',
      eventId: 'EV1',
      eventType: type,
    });
    expect(read({ type })).toEqual({ kind: 'ignored', eventId: null, eventType: type });
  });
});

test('any ordinary message comes out of every dialect the same', () => {
  const id = fc.stringMatching(/^[A-Za-z0-9]{1,20}$/);
  const number = fc.integer({ min: 10 ** 10, max: 10 ** 11 - 1 }).map(n => `+${n}`);
  const item = fc.record({
    ids: fc.tuple(id, id, id, id),
    isReply: fc.boolean(),
    from: number,
    to: fc.uniqueArray(number, { minLength: 1, maxLength: 9 }),
    text: fc.string({ unit: 'binary', maxLength: 200 }),
    at: fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
  });
  const holds = fc.property(item, ({ ids: [message, thread, line, user], isReply, from, to, text, at }) => {
    const make = isReply ? makeReply : makeItem;
    const userId = isReply ? `US${user}` : null;
    const ids = { id: `AC${message}`, conversationId: `CN${thread}`, phoneNumberId: `PN${line}` };
    const source = make({ ...ids, userId, from, to, text, createdAt: at.toISOString() });
    const expected = readMessage(encodeEvent(source, 'standard'));
    expect(expected).toMatchObject({
      id: ids.id,
      threadId: ids.conversationId,
      lineId: ids.phoneNumberId,
      from,
      to,
      at,
    });
    expect(expected.text).toBe(text.replaceAll('\0', '\uFFFD'));
    for (const dialect of DIALECTS) expect(readMessage(encodeEvent(source, dialect))).toEqual(expected);
  });
  fc.assert(holds, { numRuns: 300, seed: 1 });
});
