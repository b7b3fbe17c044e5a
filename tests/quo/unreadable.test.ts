/** Whatever can't be read says why instead of throwing: hostile bytes, broken JSON, fields out of bounds. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEvent } from '../../lib/quo/payload.js';
import { encodeEvent } from '../../scripts/quo/encode.js';
import { expectInvalid, LINE, makeItem, makeStandard, read, readMessage } from './factories.js';

describe('what cannot be read says why, and never throws', () => {
  const unreadable = (reason: string, eventId: string | null = null, eventType: string | null = null) => ({
    kind: 'unreadable',
    eventId,
    eventType,
    reason,
  });

  test('bytes that are not UTF-8', () => {
    for (const bytes of [
      [0xff],
      [0xc3, 0x28],
      [0xed, 0xa0, 0x80],
      [0xf8, 0x88, 0x80, 0x80, 0x80],
      [0x22, 0xe2, 0x98],
    ]) {
      expect(readEvent(Uint8Array.from(bytes))).toEqual(unreadable('invalid_utf8'));
    }
  });

  test('a byte order mark is no reason, before a readable event', () => {
    for (let twice = 0; twice < 2; twice++) {
      expect(readMessage(`\uFEFF${encodeEvent(makeItem(), 'standard')}`).id).toBe('AC1');
    }
  });

  test('text that is not JSON', () => {
    for (const body of ['', ' ', '{', '{"a":1}x', "{'a':1}", 'NaN', '\0']) {
      expect(read(body), body).toEqual(unreadable('malformed_json'));
    }
  });

  test('a mebibyte of brackets, open or closed, wherever it stands', () => {
    const half = 500_000;
    const deep = '['.repeat(half) + ']'.repeat(half);
    expect(read('['.repeat(1_048_576))).toEqual(unreadable('malformed_json'));
    expect(read('{"a":'.repeat(200_000))).toEqual(unreadable('malformed_json'));
    expect(read(deep).kind).toBe('unreadable');
    const json = encodeEvent(makeItem(), 'standard');
    for (const field of ['"Is it open? ☕"', '"received"', '[]', '"AC1"', '"USowner"', '"+15550002222"']) {
      expect(json).toContain(field);
      const { kind } = read(json.replace(field, () => deep));
      expect(kind, field).toMatch(/^(message|unreadable)$/);
    }
  });

  test('JSON that is not an event', () => {
    for (const body of [
      null,
      1,
      '"x"',
      [],
      [{ type: 'message.received' }],
      {},
      { object: {} },
      { object: { id: 'EV1' } },
    ]) {
      expect(read(body), JSON.stringify(body)).toEqual(unreadable('not_an_event'));
    }
    for (const type of [null, 7, '', 'a b', 'message.received\0', 'x'.repeat(101), ['message.received']]) {
      expect(read({ id: 'EV1', type }), JSON.stringify(type)).toEqual(unreadable('not_an_event', 'EV1'));
    }
  });

  test('an event id that breaks the rule is no id, and no reason to refuse', () => {
    for (const id of [undefined, null, 7, '', 'EV 1', 'EV.1', 'EV1\0', 'E'.repeat(256)]) {
      expect(read(makeStandard({ envelope: { id } })), String(id)).toMatchObject({ kind: 'message', eventId: null });
    }
    expect(read(makeStandard({ envelope: { id: 'E'.repeat(255) } })).eventId).toHaveLength(255);
  });

  test('an unreadable message still says its event', () => {
    expect(read({ id: 'EV1', type: 'message.failed' })).toEqual(unreadable('invalid_message', 'EV1', 'message.failed'));
    for (const data of [
      null,
      7,
      [],
      {},
      { resource: null },
      { resource: [] },
      { object: 'message' },
      { context: {} },
    ]) {
      expectInvalid({ id: 'EV1', type: 'message.received', data }, JSON.stringify(data));
    }
  });

  test('ids that break the rule', () => {
    for (const id of [undefined, null, 7, '', 'AC 1', 'AC.1', 'A'.repeat(256), 'AC1\0', "AC1' or 1=1"]) {
      expectInvalid(makeStandard({ resource: { id } }), `id ${id}`);
    }
    for (const id of [7, 'CN 1', 'C'.repeat(256), ['CN1']]) {
      expectInvalid(makeStandard({ context: { conversationId: id } }), `thread ${id}`);
      expectInvalid(makeStandard({ context: { phoneNumberId: id } }), `line ${id}`);
      expectInvalid(makeStandard({ reply: true, context: { userId: id } }), `actor ${id}`);
    }
  });

  test('identifiers and recipients out of bounds', () => {
    for (const from of [undefined, null, '', '  ', 7, '+1'.repeat(128), '+1\0', '+1\ud800']) {
      expectInvalid(makeStandard({ context: { senderIdentifier: from } }), `from ${JSON.stringify(from)}`);
    }
    const many = Array.from({ length: 65 }, (_, n) => `+1555000${1000 + n}`);
    for (const to of [
      undefined,
      null,
      [],
      '',
      ',',
      [''],
      [7],
      [LINE, null],
      { 0: LINE },
      many,
      many.join(),
      ['\0'],
      '\ud800',
    ]) {
      expectInvalid(makeStandard({ context: { recipientIdentifiers: to } }), `to ${JSON.stringify(to)}`);
    }
    expect(readMessage(makeStandard({ context: { recipientIdentifiers: many.slice(1) } })).to).toHaveLength(64);
  });

  test('times that are none', () => {
    const bad = [
      undefined,
      null,
      1_795_000_000_000,
      '',
      'now',
      '2026-11-18',
      '2026-11-18T11:06:39',
      '2026-02-30T00:00:00Z',
      '2026-11-18T11:06:39+25:00',
      '1999-12-31T23:59:59.999Z',
      '2100-01-01T00:00:00.000Z',
      '+012026-11-18T11:06:39Z',
    ];
    for (const createdAt of bad) expectInvalid(makeStandard({ resource: { createdAt } }), String(createdAt));
    const good = ['2000-01-01T00:00:00Z', '2099-12-31T23:59:59.999Z', '2026-11-18T12:06:39.123456+01:00'];
    for (const createdAt of good) {
      expect(readMessage(makeStandard({ resource: { createdAt } })).at).toEqual(new Date(createdAt));
    }
  });

  test('a text that is no string', () => {
    for (const text of [7, true, ['hi'], { body: 'hi' }]) expectInvalid(makeStandard({ resource: { text } }));
  });

  test('NUL and broken surrogates in a text become the replacement character, everything else stays', () => {
    const json = encodeEvent(makeItem({ text: 'TEXT' }), 'standard').replace(
      'TEXT',
      () => 'a\\u0000b\\ud83dc\\udc00 \\ud83d\\ude00',
    );
    expect(readMessage(json).text).toBe('a\uFFFDb\uFFFDc\uFFFD 😀');
    const odd = '\u202e=1+1\r\n\u200b<b>\u0007\u{10ffff}';
    expect(readMessage(makeStandard({ resource: { text: odd } })).text).toBe(odd);
    expect(readMessage(makeStandard({ resource: { text: 'x'.repeat(1_000_000) } })).text).toHaveLength(1_000_000);
  });

  test('keys that aim at prototypes change nothing', () => {
    const json = encodeEvent(makeItem(), 'standard');
    const evil = '"__proto__":{"isPerson":false,"text":"evil","type":"x"},"constructor":{"prototype":{"evil":1}},';
    const event = read(json.replaceAll('{', () => `{${evil}`).replaceAll(',}', '}'));
    expect(event).toMatchObject({ kind: 'message', message: { text: 'Is it open? ☕', isPerson: true } });
    expect(({} as Record<string, unknown>).evil).toBeUndefined();
    expect(({} as Record<string, unknown>).text).toBeUndefined();
    // A field that only the prototype key carries is a missing field.
    expect(read('{"__proto__":{"type":"message.received"}}')).toMatchObject({ reason: 'not_an_event' });
  });

  test('no bytes, no JSON and no odd field make it throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => void readEvent(bytes)),
      { numRuns: 500, seed: 1 },
    );
    const types = ['message.received', 'message.delivered', 'message.failed', 'message.undelivered'];
    const fields = [
      'id',
      'direction',
      'text',
      'body',
      'from',
      'to',
      'media',
      'status',
      'createdAt',
      'createdBy',
      'userId',
    ];
    const part = fc.dictionary(fc.constantFrom(...fields, 'recipientIdentifiers', 'senderIdentifier'), fc.jsonValue());
    const event = fc.record({
      type: fc.constantFrom(...types),
      data: fc.record({ resource: part, object: part, context: part, deepLink: fc.jsonValue() }, { requiredKeys: [] }),
    });
    fc.assert(
      fc.property(event, value => void read(value)),
      { numRuns: 1000, seed: 1 },
    );
    const oneOdd = fc.record({ field: fc.constantFrom(...fields), value: fc.jsonValue() });
    const reads = fc.property(oneOdd, ({ field, value }) => void read(makeStandard({ resource: { [field]: value } })));
    fc.assert(reads, { numRuns: 1000, seed: 1 });
  });
});
