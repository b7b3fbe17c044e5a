import { beforeAll, describe, expect, it } from 'vitest';
import { encodeEvent } from '../../scripts/quo/encode.js';
import type { TestDatabase } from '../support/postgres.js';
import { count, createLine, deliver, deliverBody, openThread } from './support/quo-line.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createLine();
  return () => db.close();
});

const item = openThread(1).asks(0, 'is it open ☕');
const change = (
  edit: (body: { id?: unknown; type?: unknown; data: { resource: Record<string, unknown> } }) => void,
) => {
  const body = JSON.parse(encodeEvent(item, 'standard'));
  edit(body);
  return JSON.stringify(body);
};
const withField = (field: string, value: string) =>
  change(body => {
    body.data.resource[field] = value;
  });
const without = (field: string) => change(body => void delete body.data.resource[field]);

describe('Authentic, but not to be understood', () => {
  const BODIES: [string, string | Uint8Array, string][] = [
    ['JSON that breaks off', '{"id":"EV1","type":"message.rec', 'malformed_json'],
    ['no bytes at all', '', 'malformed_json'],
    ['a word', 'null', 'not_an_event'],
    ['bytes that are no UTF-8', Uint8Array.from([0x7b, 0x22, 0xff, 0xfe, 0x00, 0xc3, 0x28, 0x7d]), 'invalid_utf8'],
    ['an event without a type', change(body => void delete body.type), 'not_an_event'],
    ['a message without an id', without('id'), 'invalid_message'],
    ['a message without a time', without('createdAt'), 'invalid_message'],
    ['a message whose time is a word', withField('createdAt', 'soon'), 'invalid_message'],
    ['a message whose id holds a NUL', withField('id', 'AC\0'), 'invalid_message'],
    ['100,000 brackets', '['.repeat(100_000), 'malformed_json'],
    ['100,000 brackets that close', '['.repeat(100_000) + ']'.repeat(100_000), 'not_an_event'],
  ];

  it.each(BODIES)('%s is answered 200, quarantined, and its bytes are kept exactly', async (_, body, reason) => {
    for (const scheme of ['standard', 'legacy'] as const) {
      const before = await count(db, 'deliveries');
      const sent = await deliverBody(body, { scheme });
      expect(sent).toMatchObject({ status: 200, body: { status: 'quarantined' } });
      expect(await count(db, 'deliveries')).toBe(before + 1);
      const [row] = await db.sql<{ raw: Buffer }>(
        `select outcome, reason, raw, scheme, message_id from deliveries order by recorded_at desc limit 1`,
      );
      expect(row).toMatchObject({ outcome: 'quarantined', scheme, message_id: null });
      expect(row!.raw.equals(Buffer.from(body as string))).toBe(true);
      // Too deep a nesting is refused by some engines and read by others.
      if (!String(body).startsWith('[')) expect(row).toMatchObject({ reason });
      await db.sql('delete from deliveries');
    }
  });

  it('the same unreadable bytes of the legacy scheme, sent again, are a duplicate', async () => {
    const sent = [];
    for (let n = 0; n < 2; n++) sent.push((await deliverBody('{"broken', { scheme: 'legacy' })).body.status);
    expect(sent).toEqual(['quarantined', 'duplicate']);
  });

  it('a picture list nested 50,000 deep does not cost the text', async () => {
    const nested = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const body = encodeEvent(openThread(2).asks(0, 'see this'), 'standard').replace('"media":[]', `"media":${nested}`);
    expect(body).toContain(nested);
    expect(['accepted', 'quarantined']).toContain((await deliverBody(body)).body.status);
  });

  it('unreadable deliveries leave no message, thread, exchange or pattern', async () => {
    const others = `where thread_id <> 'CN2'`;
    for (const table of [`messages ${others}`, `exchanges ${others}`, `threads where id <> 'CN2'`, 'decision_patterns'])
      expect(await count(db, table), table).toBe(0);
  });
});

describe('Events that are none of our business', () => {
  it.each(['call.completed', 'contact.updated', 'unknown.thing', 'message.read'])(
    '%s is answered 200 ignored, counted, and nothing of its content is kept',
    async type => {
      const body = JSON.stringify({ id: `EV${type}`, type, data: { object: { note: 'do not keep this' } } });
      for (const scheme of ['standard', 'legacy'] as const) {
        expect(await deliverBody(body, { scheme })).toMatchObject({ status: 200, body: { status: 'ignored' } });
        const rows = await db.sql('select outcome, raw, event_type from deliveries where event_type = $1', [type]);
        expect(rows.at(-1)).toEqual({ outcome: 'ignored', raw: null, event_type: type });
      }
    },
  );
});

describe('A database that is older than the code', () => {
  it('takes nothing: a message, an unreadable and an ignored delivery are all told to come again', async () => {
    const older = await createLine();
    await older.sql('delete from schema_migrations where level = (select max(level) from schema_migrations)');
    try {
      const sent = [
        await deliver(openThread(3).asks(0, 'hello')),
        await deliverBody('{"id":"EVolder","type":"call.completed"}'),
        await deliverBody('{"id":"EV-cut'),
      ];
      // Anything else than 503 would be a 2xx for something that nobody kept.
      expect(sent.map(one => one.status)).toEqual([503, 503, 503]);
      for (const one of sent) expect(one.body.detail).toContain('npm run migrate');
    } finally {
      await db.use();
      await older.close();
    }
  });
});
