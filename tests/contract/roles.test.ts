/** The role matrix, made from the files under api/: every route and method is tried by everybody, and a file or method that is not declared here fails. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Handler } from '../../lib/http/endpoint.js';
import { makeToken } from '../http/support/people.js';
import { setLineEnvironment } from '../line/support/quo-line.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

type Who = 'anonymous' | 'cron' | 'viewer' | 'operator' | 'admin' | 'first admin';
const EVERYBODY: Who[] = ['anonymous', 'cron', 'viewer', 'operator', 'admin', 'first admin'];
const VIEWERS: Who[] = ['viewer', 'operator', 'admin', 'first admin'];
const OPERATORS: Who[] = ['operator', 'admin', 'first admin'];
const ADMINS: Who[] = ['admin', 'first admin'];

const NOBODY = '00000000-0000-4000-8000-000000000000';

/** As the contract has it: who gets past the door, and what is sent there. `otherwise` is what the others are answered. */
const MATRIX: Record<string, { allowed: Who[]; body?: unknown; query?: string }> = {
  'webhook.ts POST': { allowed: [], body: {} },
  'patterns/index.ts GET': { allowed: VIEWERS },
  'patterns/[id]/index.ts GET': { allowed: VIEWERS },
  'patterns/[id]/index.ts PATCH': { allowed: ADMINS, body: { expectedVersion: 1, notes: 'x' } },
  'patterns/[id]/index.ts DELETE': { allowed: ADMINS },
  'patterns/[id]/toggle.ts POST': { allowed: ADMINS, body: { active: true, expectedVersion: 1 } },
  'config.ts GET': { allowed: VIEWERS },
  'config.ts PATCH': { allowed: ADMINS, body: { values: { silence_hours: 72 } } },
  'monitoring.ts GET': { allowed: VIEWERS },
  'monitoring.ts HEAD': { allowed: VIEWERS },
  'preview.ts POST': { allowed: OPERATORS, body: { text: 'When do you open?' } },
  'exchanges.ts GET': { allowed: VIEWERS },
  'exchanges.ts PATCH': { allowed: OPERATORS, body: { exchangeId: NOBODY, dontLearn: true } },
  'exchanges.ts DELETE': { allowed: ADMINS, body: { customer: '+15550000000' } },
  'incidents.ts GET': { allowed: VIEWERS },
  'incidents.ts POST': { allowed: OPERATORS, body: { action: 'check' } },
  'session.ts GET': { allowed: VIEWERS },
  'session.ts POST': { allowed: VIEWERS },
  'session.ts DELETE': { allowed: EVERYBODY },
  'tokens.ts GET': { allowed: ADMINS },
  'tokens.ts POST': { allowed: ADMINS, body: { name: 'x', role: 'viewer' } },
  'tokens.ts DELETE': { allowed: ADMINS, query: `?id=${NOBODY}` },
  'cron/safety.ts GET': { allowed: ['cron'] },
};

/** Bodies of one route that need another role. */
const BY_BODY: { route: string; allowed: Who[]; body: unknown }[] = [
  { route: 'patterns/[id]/toggle.ts POST', allowed: OPERATORS, body: { active: false, expectedVersion: 1 } },
  { route: 'incidents.ts POST', allowed: OPERATORS, body: { action: 'rollback', reason: 'x' } },
  { route: 'incidents.ts POST', allowed: ADMINS, body: { action: 'restore', incidentId: NOBODY, reason: 'x' } },
  { route: 'incidents.ts POST', allowed: ADMINS, body: { action: 'release', reason: 'x' } },
];

const API = fileURLToPath(new URL('../../api', import.meta.url));
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

async function listRoutes(): Promise<Map<string, Handler>> {
  const routes = new Map<string, Handler>();
  for (const file of readdirSync(API, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const module = (await import(pathToFileURL(path.join(API, file)).href)) as Record<string, Handler>;
    for (const method of METHODS) if (module[method]) routes.set(`${file} ${method}`, module[method]);
  }
  return routes;
}

const routes = await listRoutes();
const tokens = new Map<Who, string>();
let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  await db.use();
  setLineEnvironment();
  process.env.PRIVACY_KEY = 'a privacy key of more than thirty-two letters';
  for (const role of ['viewer', 'operator', 'admin'] as const) tokens.set(role, await makeToken(db, role));
  tokens.set('first admin', process.env.ADMIN_TOKEN!);
  tokens.set('cron', process.env.CRON_SECRET!);
  return () => db.close();
});

async function knock(route: string, who: Who, body: unknown, query = ''): Promise<Response> {
  const [file, method] = route.split(' ') as [string, string];
  const url = `/api/${file
    .replace(/\.ts$/, '')
    .replace(/\/index$/, '')
    .replace('[id]', NOBODY)}${query}`;
  await db.sql('delete from rate_limits');
  return routes.get(route)!(
    new Request(`http://localhost${url}`, {
      method,
      headers: who === 'anonymous' ? {} : { authorization: `Bearer ${tokens.get(who)}` },
      body: body === undefined ? undefined : JSON.stringify(body),
    }),
  );
}

it('every function and method under api/ is declared here, and nothing else is', () => {
  expect([...routes.keys()].sort()).toEqual(Object.keys(MATRIX).sort());
});

it('every handler carries its own declaration', () => {
  for (const [route, handler] of routes) expect(handler.declaration?.access, route).toBeTruthy();
});

describe.each([
  ...Object.entries(MATRIX).map(([route, rule]) => ({ route, ...rule })),
  ...BY_BODY.map(rule => ({ query: '', ...rule })),
])('$route', ({ route, allowed, body, query }) => {
  it.each(EVERYBODY)(`with ${JSON.stringify(body) ?? 'no body'}, by %s`, async who => {
    const response = await knock(route, who, body, query);
    if (allowed.includes(who)) {
      expect([401, 403], `${response.status}`).not.toContain(response.status);
      expect(response.status).toBeLessThan(500);
    } else {
      // A person with too low a role is told so; everybody else is not told anything.
      const isPerson = VIEWERS.includes(who) && !['webhook.ts POST', 'cron/safety.ts GET'].includes(route);
      expect(response.status).toBe(isPerson ? 403 : 401);
    }
  });
});

it('every 401 of every route has one and the same body', async () => {
  const bodies = new Set<string>();
  for (const [route, { body, query }] of Object.entries(MATRIX)) {
    if (route === 'session.ts DELETE' || route.endsWith('HEAD')) continue;
    const response = await knock(route, 'anonymous', body, query);
    expect(response.status, route).toBe(401);
    bodies.add(await response.text());
  }
  expect([...bodies]).toEqual([
    '{"type":"about:blank","title":"Not authenticated","status":401,"code":"unauthorized"}',
  ]);
});

it('health alone needs no sign-in', async () => {
  const open = [];
  for (const [route, { body }] of Object.entries(MATRIX)) {
    const response = await knock(route, 'anonymous', body, '?view=health');
    if (response.status !== 401 && response.status !== 422) open.push(route);
  }
  expect(open.sort()).toEqual(['monitoring.ts GET', 'monitoring.ts HEAD']);
});
