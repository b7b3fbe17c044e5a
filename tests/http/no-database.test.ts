import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as config from '../../api/config.js';
import * as cron from '../../api/cron/safety.js';
import * as monitoring from '../../api/monitoring.js';
import * as patterns from '../../api/patterns/index.js';
import { setTransport } from '../../db/client.js';
import { createLine, deliver, openThread, SECRETS, setLineEnvironment } from '../line/support/quo-line.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { call, listenToLog } from './support/calls.js';

const URL_CANARY = 'postgres://canaryuser:canarypassword@canaryhost.invalid:5432/canarydb';
const thread = openThread(7);
const question = thread.asks(0, 'canary text of a customer');
const reply = thread.answers(1, 'canary text of an operator');

let empty: TestDatabase;
let migrated: TestDatabase;
beforeAll(async () => {
  empty = await createTestDatabase({ template: 'template1' });
  migrated = await createTestDatabase();
});
afterAll(() => Promise.all([empty.close(), migrated.close()]));

let log: ReturnType<typeof listenToLog>;
const texts: string[] = [];
beforeEach(() => {
  setLineEnvironment();
  process.env.ADMIN_TOKEN = 'canary-admin-token-0123456789abcdefgh';
  process.env.CRON_SECRET = 'canary-cron-secret';
  log = listenToLog();
  texts.length = 0;
});
afterEach(() => {
  log.stop();
  const said = [...texts, log.text()].join('\n');
  for (const secret of [SECRETS.standard.slice(6), SECRETS.legacy, thread.number]) expect(said).not.toContain(secret);
  expect(said).not.toMatch(/canary/i);
});

/** Every endpoint once; each answer must be 503 with Retry-After. */
async function askAll() {
  const cronToken = process.env.CRON_SECRET!;
  const answers = {
    webhook: await deliver(question).then(sent => ({ ...sent, headers: sent.response.headers })),
    reply: await deliver(reply, { dialect: 'v3' }).then(sent => ({ ...sent, headers: sent.response.headers })),
    list: await call(patterns.GET, '/api/patterns?q=canary'),
    config: await call(config.GET, '/api/config'),
    change: await call(config.PATCH, '/api/config', { body: { values: { enabled: true }, reason: 'canary reason' } }),
    monitoring: await call(monitoring.GET, '/api/monitoring'),
    cron: await call(cron.GET, '/api/cron/safety', { token: cronToken }),
  };
  for (const [name, answer] of Object.entries(answers)) {
    texts.push(answer.text);
    expect({ name, status: answer.status, code: answer.body.code }).toEqual({ name, status: 503, code: 'unavailable' });
    expect(answer.headers.get('retry-after'), name).toMatch(/^\d+$/);
    expect(answer.headers.get('cache-control'), name).toBe('no-store');
  }
  const health = await call(monitoring.GET, '/api/monitoring?view=health', { token: null });
  texts.push(health.text);
  expect(health).toMatchObject({ status: 503, body: { status: 'unavailable' } });
  return answers;
}

describe('Every endpoint answers 503 and gives nothing away', () => {
  it('when DATABASE_URL is unset', async () => {
    delete process.env.DATABASE_URL;
    const answers = await askAll();
    expect(answers.webhook.body.detail).toBe('DATABASE_URL is not set.');
  });

  it('when DATABASE_URL is not an address', async () => {
    process.env.DATABASE_URL = 'canary password without an address';
    await askAll();
  });

  it('when the database refuses every connection', async () => {
    process.env.DATABASE_URL = URL_CANARY;
    setTransport(() => Promise.reject(new TypeError(`fetch failed: ${URL_CANARY}`, { cause: new Error(URL_CANARY) })));
    await askAll();
  });

  it('when something else answers at its address', async () => {
    process.env.DATABASE_URL = URL_CANARY;
    setTransport(
      async (_, init) => new Response(`<html>canary proxy error ${String(init.body)}</html>`, { status: 502 }),
    );
    await askAll();
  });

  it('when the connection is cut in the middle of an answer', async () => {
    process.env.DATABASE_URL = URL_CANARY;
    setTransport(async () => new Response('{"fields":[{"name":"result","dataTy', { status: 200 }));
    await askAll();
  });

  it.each(['57P01', '53300', '08006', 'XX000', '28P01', '3D000', '25006'])('when the database says %s', async code => {
    process.env.DATABASE_URL = URL_CANARY;
    const said = { message: 'canary message', code, severity: 'FATAL', detail: 'canary detail', hint: 'canary hint' };
    setTransport(async () => new Response(JSON.stringify(said), { status: 400 }));
    await askAll();
  });

  it('when it has no migrations: the detail says what to run', async () => {
    await empty.use();
    const answers = await askAll();
    for (const [name, answer] of Object.entries(answers)) expect(answer.body.detail, name).toContain('npm run migrate');
  });

  it('when its schema is older than the code: the detail says what to run', async () => {
    await migrated.use();
    await migrated.sql('delete from schema_migrations where level = (select max(level) from schema_migrations)');
    const answers = await askAll();
    for (const [name, answer] of Object.entries(answers)) expect(answer.body.detail, name).toContain('npm run migrate');
    expect(await migrated.sql('select id from messages')).toEqual([]);
  });
});

describe('A database that hangs', () => {
  const hang = (init: RequestInit) =>
    new Promise<Response>((_, reject) =>
      init.signal!.addEventListener('abort', () => reject(init.signal!.reason), { once: true }),
    );
  const timed = async <T>(work: Promise<T>) => {
    const startedMs = performance.now();
    const result = await work;
    return { result, ms: Math.round(performance.now() - startedMs) };
  };

  it('at once, or after the first answer, makes a delivery 503 within 8 seconds, well before the sender gives up', async () => {
    const db = await createLine();
    const other = openThread(8);
    // Of this thread only, the first of the round trips is answered.
    setTransport((url, init) => {
      const isFirstTrip = String(init.body).includes('with args as') && String(init.body).includes(other.threadId);
      return isFirstTrip ? db.transport(url, init) : hang(init);
    });
    const sent = {
      question: timed(deliver(question)),
      reply: timed(deliver(reply)),
      'question after the first trip': timed(deliver(other.asks(0, 'what does a day pass cost'))),
      'reply after the first trip': timed(deliver(other.answers(1, 'A day pass costs twelve dollars'))),
      list: timed(call(patterns.GET, '/api/patterns')),
      health: timed(call(monitoring.GET, '/api/monitoring?view=health', { token: null })),
    };
    for (const [name, answer] of Object.entries(sent)) {
      const { result, ms } = await answer;
      texts.push(result.text);
      expect({ name, status: result.status, ms: ms < 8_000 ? 'in time' : ms }).toEqual({
        name,
        status: 503,
        ms: 'in time',
      });
    }
    await db.use();
    expect((await deliver(question)).body.status).toBe('accepted');
    await db.close();
  });
});
