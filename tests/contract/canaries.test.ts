/** Canaries: numbers, names, texts, codes, tokens and connection strings go into every call and every kind of failure, and none comes out in an answer or a log. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { setTransport } from '../../db/client.js';
import { flushCounts } from '../../lib/delivery-counts.js';
import type { Handler } from '../../lib/http/endpoint.js';
import { encodeEvent } from '../../scripts/quo/encode.js';
import { listenToLog } from '../http/support/calls.js';
import { openThread, setLineEnvironment, sign } from '../line/support/quo-line.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const CANARIES = {
  number: '+15559871234',
  digits: '5559871234',
  name: 'Zebulonia Quackenbush',
  text: 'the raccoon has eaten my membership card',
  code: '73190#',
  token: 'v3pls_canaryCanaryCanaryCanaryCanaryCanaryCanary12',
  password: 'p4ssw0rd-of-the-database',
  cron: 'cron-secret-of-the-canaries',
  admin: 'admin-token-of-the-canaries-0123456789',
};
const URL_WITH_PASSWORD = `postgres://owner:${CANARIES.password}@canary-host.example/neondb`;
const ALL = `${CANARIES.name} (${CANARIES.number}, ${CANARIES.digits}) wrote: ${CANARIES.text}, code ${CANARIES.code}, ${CANARIES.token}`;
const ID = '00000000-0000-4000-8000-000000000000';

const API = fileURLToPath(new URL('../../api', import.meta.url));
const METHODS = ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'];
/** @param own what people write for others to read, a reason or a name: shown where it is asked for */
const listBodies = (own: string): Record<string, unknown[]> => ({
  'PATCH config.ts': [
    { values: { business_timezone: ALL }, reason: own },
    { values: { silence_hours: 1 }, reason: own },
  ],
  'PATCH patterns/[id]/index.ts': [
    { expectedVersion: 1, triggerText: ALL, notes: ALL },
    { expectedVersion: 1, notes: ALL, reason: own },
  ],
  'POST patterns/[id]/toggle.ts': [{ active: true, expectedVersion: 1, reason: own }],
  'POST preview.ts': [{ text: ALL, previousOperatorText: ALL }],
  'PATCH exchanges.ts': [
    { exchangeId: ID, dontLearn: true, reason: own },
    { threadId: ALL, dontLearn: true },
  ],
  'DELETE exchanges.ts': [{ customer: CANARIES.number }, { customer: ALL }],
  'POST incidents.ts': [
    { action: 'rollback', reason: own },
    { action: 'check' },
    { action: 'release', reason: own },
    { action: 'restore', incidentId: ID, reason: own },
    { action: ALL },
  ],
  'POST session.ts': [{ token: CANARIES.token }, { code: ALL }],
  'POST tokens.ts': [
    { name: own, role: 'viewer' },
    { name: 'x', role: ALL, operatorId: ALL },
  ],
});

let db: TestDatabase;
let log: ReturnType<typeof listenToLog>;
const routes: { route: string; handler: Handler }[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  for (const file of readdirSync(API, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const module = (await import(pathToFileURL(path.join(API, file)).href)) as Record<string, Handler>;
    for (const method of METHODS)
      if (module[method]) routes.push({ route: `${method} ${file}`, handler: module[method] });
  }
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.use();
  // What was said is read, redacted, by those who may: here it is about what nobody asked for.
  for (const table of ['exchanges', 'messages', 'threads', 'thread_marks', 'deliveries'])
    await db.sql(`delete from ${table}`);
  setLineEnvironment();
  process.env.ADMIN_TOKEN = CANARIES.admin;
  process.env.CRON_SECRET = CANARIES.cron;
  process.env.PRIVACY_KEY = `${CANARIES.password} and thirty-two letters`;
  log = listenToLog();
});
afterEach(async () => {
  await flushCounts();
  log.stop();
  delete process.env.PRIVACY_KEY;
});

/** Every call with every body, a delivery that is signed among them; by the first admin, for nobody else gets further. */
async function callEverything(own = ALL): Promise<{ said: string; statuses: Set<number> }> {
  const bodies = listBodies(own);
  const statuses = new Set<number>();
  let said = '';
  const ask = async (handler: Handler, url: string, method: string, headers: HeadersInit, body?: string) => {
    const response = await handler(new Request(`http://localhost${url}`, { method, headers, body }));
    statuses.add(response.status);
    // What was asked for: a token is shown to whoever makes it.
    const { token: _, signInLink: __, name: ___, ...shown } = (await readJson(response)) as Record<string, unknown>;
    said += `${response.status} ${JSON.stringify(shown)} ${JSON.stringify([...response.headers])}\n`;
  };
  const admin = { authorization: `Bearer ${CANARIES.admin}` };
  for (const { route, handler } of routes) {
    const [method, file] = route.split(' ') as [string, string];
    const url = `/api/${file
      .replace(/\.ts$/, '')
      .replace(/\/index$/, '')
      .replace('[id]', ID)}`;
    if (file === 'webhook.ts') {
      const thread = openThread(7);
      const body = encodeEvent({ ...thread.asks(0, ALL), from: CANARIES.number }, 'standard');
      await ask(handler, url, method, sign(body, 'standard'), body);
      await ask(handler, url, method, {}, body);
      await ask(handler, url, method, sign(`{"${ALL}`, 'standard'), `{"${ALL}`);
      continue;
    }
    const headers = file === 'cron/safety.ts' ? { authorization: `Bearer ${CANARIES.cron}` } : admin;
    for (const body of bodies[route] ?? [undefined])
      await ask(handler, url, method, headers, body === undefined ? undefined : JSON.stringify(body));
    if (method !== 'GET' && method !== 'HEAD') await ask(handler, url, method, headers, `{"broken": "${ALL}`);
    await ask(
      handler,
      `${url}?q=${encodeURIComponent(ALL)}&cursor=${encodeURIComponent(ALL)}`,
      method,
      headers,
      '{}'.repeat(Number(method === 'POST' || method === 'PATCH')) || undefined,
    );
    await ask(handler, url, method, { authorization: `Bearer ${CANARIES.token}` });
  }
  return { said, statuses };
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return (await response.json()) ?? {};
  } catch {
    return {};
  }
}

function expectNoCanary(said: string): void {
  const heard = `${said}\n${log.text()}`;
  for (const [kind, canary] of Object.entries(CANARIES)) expect(heard, kind).not.toContain(canary);
  expect(heard).not.toContain('canary-host');
  expect(heard).not.toMatch(/raccoon|Quackenbush|\bat .*\.(ts|js):\d+/);
}

const failure = (code: string) =>
  new Response(
    JSON.stringify({ message: `${ALL} ${URL_WITH_PASSWORD}`, code, detail: ALL, hint: ALL, where: ALL, table: ALL }),
    { status: 400 },
  );

describe('No canary comes out', () => {
  it('when all is well, or the caller is at fault', async () => {
    const { said, statuses } = await callEverything('a reason');
    for (const status of [200, 400, 401, 404, 422]) expect([...statuses]).toContain(status);
    expectNoCanary(said);
  });

  it.each([
    ['is not reached', () => Promise.reject(new Error(`${ALL} ${URL_WITH_PASSWORD}`))],
    ['answers in no language', async () => new Response(`<html>${ALL} ${URL_WITH_PASSWORD}</html>`, { status: 502 })],
    ['answers with half of a result', async () => new Response(`{"fields":[],"rows":[["${ALL}`, { status: 200 })],
    ['answers somebody else’s result', async () => new Response(JSON.stringify({ rows: [[ALL]] }), { status: 200 })],
  ])('when the database %s', async (_, transport) => {
    setTransport(transport);
    const { said, statuses } = await callEverything();
    expect([...statuses]).toContain(503);
    expect([...statuses]).not.toContain(500);
    expectNoCanary(said);
  });

  it.each([
    '42P01',
    '53300',
    '57014',
    '40001',
    '23505',
    '23514',
    '22P02',
    'P0001',
    'V3G01',
    'V3G02',
    'V3G03',
    'V3C01',
    'V3A01',
    'XX000',
  ])('when the database refuses with %s, whose message, detail and hint hold everything', async code => {
    setTransport(async () => failure(code));
    const { said } = await callEverything();
    expectNoCanary(said);
  });

  it.each([
    ['DATABASE_URL', `not a url ${CANARIES.password}`],
    ['DATABASE_URL', `mysql://x:${CANARIES.password}@host/db`],
    ['QUO_WEBHOOK_SECRETS', `whsec_${CANARIES.password}!!`],
    ['ALLOWED_ORIGINS', `https://${CANARIES.password}/`],
    ['CRON_SECRET', CANARIES.cron.slice(0, 10)],
  ])('when %s is "%s"', async (name, value) => {
    const before = process.env[name];
    process.env[name] = value;
    try {
      const { said } = await callEverything('a reason');
      expectNoCanary(said);
      expect(said).not.toContain(value);
    } finally {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    }
  });
});
