import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { POST } from '../../api/webhook.js';
import { countTrips } from '../../db/client.js';
import { encodeEvent } from '../../scripts/quo/encode.js';
import {
  createLine,
  deliver,
  deliverBody,
  openThread,
  SECRETS,
  setLineEnvironment,
  sign,
} from '../line/support/quo-line.js';
import type { TestDatabase } from '../support/postgres.js';
import { listenToLog } from './support/calls.js';

const MEBIBYTE = 1024 * 1024;
const TEXT = 'canary text of a customer';
const thread = openThread(7);
const item = thread.asks(0, TEXT);
const body = encodeEvent(item, 'standard');

let db: TestDatabase;
let log: ReturnType<typeof listenToLog>;
beforeAll(async () => {
  db = await createLine();
  return () => db.close();
});
beforeEach(() => {
  setLineEnvironment();
  log = listenToLog();
});
afterEach(() => {
  log.stop();
  for (const secret of [TEXT, thread.number, SECRETS.standard.slice(6), SECRETS.legacy])
    expect(log.text()).not.toContain(secret);
});

describe('A delivery that does not come from Quo', () => {
  const genuine = () => sign(body, 'standard', 'msg_genuine');
  const refusals: [string, () => Record<string, string>][] = [
    ['no signature at all', () => ({})],
    ['a wrong signature', () => ({ ...genuine(), 'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}` })],
    ['a signature that is no base64', () => ({ ...genuine(), 'webhook-signature': 'v1,***' })],
    ['a signature in hexadecimal', () => ({ ...genuine(), 'webhook-signature': `v1,${'ab'.repeat(32)}` })],
    ['another id than was signed', () => ({ ...genuine(), 'webhook-id': 'msg_other' })],
    ['an id with a dot', () => sign(body, 'standard', 'msg.genuine')],
    ['an id of 256 characters', () => sign(body, 'standard', 'm'.repeat(256))],
    ['a time of six minutes ago', () => sign(body, 'standard', 'msg_old', Date.now() - 360_000)],
    ['a time of six minutes ahead', () => sign(body, 'standard', 'msg_new', Date.now() + 360_000)],
    [
      'a time with letters behind it',
      () => ({ ...genuine(), 'webhook-timestamp': `${genuine()['webhook-timestamp']}abc` }),
    ],
    ['only a part of the headers', () => ({ 'webhook-id': 'msg_genuine', ...sign(body, 'legacy') })],
    [
      'an unknown webhook-* header beside a genuine legacy signature',
      () => ({ 'webhook-x': '1', ...sign(body, 'legacy') }),
    ],
    ['an old legacy signature', () => sign(body, 'legacy', '', Date.now() - 360_000)],
    ['a legacy signature of another body', () => sign(`${body} `, 'legacy')],
  ];

  it('is answered 401 with one and the same body, whatever was wrong', async () => {
    const answers = new Set<string>();
    for (const [name, headers] of refusals) {
      const sent = await deliverBody(body, { headers: headers() });
      expect(sent.status, name).toBe(401);
      const sameHeaders = [...sent.response.headers].filter(([key]) => key !== 'x-request-id');
      answers.add(JSON.stringify([sent.text, sameHeaders.sort()]));
    }
    expect([...answers]).toHaveLength(1);
    expect(await db.sql('select id from deliveries')).toEqual([]);
  });

  it('costs no round trip to the database before the answer', async () => {
    const before = countTrips();
    for (const [, headers] of refusals) {
      await deliverBody(body, { headers: headers() });
      // Counts of refusals may be written, but after an answer, and rarely.
      expect(countTrips() - before).toBeLessThanOrEqual(1);
    }
    const quiet = countTrips();
    const response = POST(new Request('http://localhost/api/webhook', { method: 'POST', body }));
    expect((await response).status).toBe(401);
    expect(countTrips()).toBe(quiet);
  });
});

describe('An ordinary delivery', () => {
  it('costs two round trips, and one that learns no more', async () => {
    const { asks, answers } = openThread(8);
    // The first question of an instance finds no matcher.
    await deliver(asks(0, 'what does a day pass cost'));
    await deliver(answers(1, 'A day pass costs twelve dollars'));
    for (const next of [
      asks(5, 'and where do cars go'),
      asks(6, 'is it far'),
      answers(7, 'Cars go behind the building near the fence'),
      answers(8, 'It is fifty steps away'),
      answers(200, 'The hall has a new wall'),
    ]) {
      const before = countTrips();
      expect((await deliver(next)).body.status).toBe('accepted');
      expect(countTrips() - before, next.text ?? '').toBe(2);
    }
  });

  it('that came before costs one, an ignored one costs one', async () => {
    const question = openThread(9).asks(0, 'hello there');
    await deliver(question);
    const before = countTrips();
    await deliver(question);
    expect(countTrips() - before).toBeLessThanOrEqual(2);
    const between = countTrips();
    await deliverBody('{"id":"EVcall","type":"call.completed"}');
    expect(countTrips() - between).toBe(1);
  });
});

describe('QUO_WEBHOOK_SECRETS', () => {
  const bad: [string, string | undefined][] = [
    ['unset', undefined],
    ['empty', ''],
    ['blank', '   '],
    ['too short', 'whsec_c2hvcnQ='],
    ['no base64', 'whsec_not base64 at all!'],
    ['with an empty entry', `${SECRETS.standard},`],
    ['only the prefix', 'whsec_'],
    ['more than twenty', Array(21).fill(SECRETS.standard).join(',')],
  ];
  it.each(bad)('%s: 503 with Retry-After, and nothing is taken on trust', async (_, value) => {
    if (value === undefined) delete process.env.QUO_WEBHOOK_SECRETS;
    else process.env.QUO_WEBHOOK_SECRETS = value;
    for (const headers of [sign(body, 'standard'), sign(body, 'legacy'), {}]) {
      const sent = await deliverBody(body, { headers });
      expect(sent).toMatchObject({ status: 503, body: { code: 'unavailable' } });
      expect(sent.response.headers.get('retry-after')).toMatch(/^\d+$/);
      if (value)
        for (const entry of value.split(',').filter(part => part.length > 6)) expect(sent.text).not.toContain(entry);
    }
    expect(await db.sql('select id from messages where id = $1', [item.id])).toEqual([]);
  });
});

describe('A large delivery', () => {
  it('of 1 MiB is read, of one byte more is refused with 413 after draining', async () => {
    const atLimit = JSON.stringify({ id: 'EVbig', type: 'call.completed', pad: '' });
    const full = atLimit.replace('"pad":""', `"pad":"${'x'.repeat(MEBIBYTE - atLimit.length)}"`);
    expect(Buffer.byteLength(full)).toBe(MEBIBYTE);
    expect(await deliverBody(full)).toMatchObject({ status: 200, body: { status: 'ignored' } });
    const more = `${full} `;
    expect(await deliverBody(more)).toMatchObject({ status: 413, body: { code: 'too_large' } });
    // Nobody has to prove anything to be told that it is too much.
    expect((await deliverBody(more, { headers: {} })).status).toBe(413);
  });

  it('of many chunks is counted as a whole', async () => {
    let sent = 0;
    const stream = new ReadableStream({
      pull(controller) {
        if (sent++ > 40) controller.close();
        else controller.enqueue(new Uint8Array(50_000));
      },
    });
    const init = { method: 'POST', body: stream, duplex: 'half' } as RequestInit;
    const response = await POST(new Request('http://localhost/api/webhook', init));
    expect(response.status).toBe(413);
    expect(sent).toBeGreaterThan(40);
  });
});

describe('Hostile nesting in an authentic delivery', () => {
  const deep = (open: string, close: string) => open.repeat(20_000) + close.repeat(20_000);
  const bodies = [
    deep('[', ']'),
    `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
    `{"object":${'{"type":"x","object":'.repeat(5_000)}1${'}'.repeat(5_000)}}`,
    JSON.stringify({ type: 'message.received', data: {} }).replace('{}', deep('[', ']')),
    '{"__proto__":{"type":"message.received"},"constructor":1,"type":"toString"}',
    '{"id":"EVproto","type":"message.received","data":{"resource":{"__proto__":{"id":"AC1"}}}}',
  ];
  it.each(bodies.map((hostile, n) => [n + 1, hostile] as const))(
    'number %i is a 200 and never a 500',
    async (_, hostile) => {
      for (const scheme of ['standard', 'legacy'] as const) {
        const sent = await deliverBody(hostile, { scheme });
        expect(sent.status).toBe(200);
        expect(['quarantined', 'ignored', 'duplicate']).toContain(sent.body.status);
      }
      expect(await db.sql(`select id from messages where id = 'AC1'`)).toEqual([]);
    },
  );
});
