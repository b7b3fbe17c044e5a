// Serves what `vercel build` wrote (its functions, its page, its headers) over HTTP before a database in memory, and goes the
// way of a first day: migrations, watchdog, learning on, a signed question and its answer, a pattern, an admin's yes and no.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { EMBEDDED_URL } from './database/open.js';
import { openInMemory } from './database/pglite.js';
import { encodeEvent, type QuoListItem } from './quo/encode.js';
import { signHeaders } from './quo/sign.js';
import { makeApp } from './server/app.js';
import { listen } from './server/listen.js';
import { runScript } from './server/refusal.js';
import { makeRoute, type Route } from './server/routes.js';

const OUTPUT = path.resolve('.vercel/output');
const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes ...').toString('base64')}`;
Object.assign(process.env, {
  DATABASE_URL: EMBEDDED_URL,
  ADMIN_TOKEN: 'the-admin-token-of-a-check-of-the-build',
  CRON_SECRET: 'the-cron-secret-of-a-check',
  QUO_WEBHOOK_SECRETS: SECRET,
});

runScript(async () => {
  const database = await openInMemory();
  // The functions have the client in their bundles: they are met where they leave the process.
  const leave = globalThis.fetch;
  globalThis.fetch = (url, init) => {
    const isDatabase = String(url).endsWith('/sql');
    return isDatabase ? database.transport(String(url), init ?? {}) : leave(url, init);
  };
  const { migrate } = await import('../db/migrate.js');
  await migrate();
  const app = makeApp({
    routes: await loadBuiltRoutes(),
    publicDir: path.join(OUTPUT, 'static'),
    findHeaders: makeBuiltHeaders(),
    log: line => console.error(line),
  });
  const server = await listen(app.listener, 0);
  try {
    await walk(`http://localhost:${server.port}`);
  } finally {
    await server.close(2_000, app.settle);
    await database.close();
  }
  console.log('ok   the build, served: from an empty database to a pattern that an admin switched on and off');
});

async function walk(base: string): Promise<void> {
  const call = async (method: string, url: string, body?: unknown, token = process.env.ADMIN_TOKEN) => {
    const response = await fetch(base + url, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: answers are looked into, not typed
    return { status: response.status, headers: response.headers, body: (await response.json()) as any };
  };
  const page = await fetch(base);
  expect('the page', [page.status, page.headers.has('content-security-policy')], [200, true]);
  const health = () => call('GET', '/api/monitoring?view=health');
  expect('health before a run', (await health()).body.status, 'stale');
  expect('the cron', (await call('GET', '/api/cron/safety', undefined, process.env.CRON_SECRET)).body.status, 'clean');
  expect('health after it', (await health()).body.status, 'ok');
  expect(
    'learning on',
    (await call('PATCH', '/api/config', { values: { enabled: true }, reason: 'check' })).status,
    200,
  );
  for (const item of makeExchange()) expect(`a ${item.direction} text`, await deliver(base, item), 'accepted');
  const { patterns } = (await call('GET', '/api/patterns')).body;
  expect('patterns learned and active', [patterns.length, patterns[0]?.isActive], [1, false]);
  const [{ id, version }] = patterns;
  for (const active of [true, false]) {
    const toggled = await call('POST', `/api/patterns/${id}/toggle?id=elsewhere`, { active, expectedVersion: version });
    expect(`switched ${active ? 'on' : 'off'}`, [toggled.status, toggled.body.isActive], [200, active]);
  }
  const preview = await call('POST', '/api/preview', { text: 'When are you open on Sundays?' });
  expect('a preview', preview.status, 200);
}

function expect(what: string, found: unknown, wanted: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted))
    throw new Error(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
}

function makeExchange(): QuoListItem[] {
  const thread = { phoneNumberId: 'PN1', conversationId: 'CN1', status: 'delivered' };
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const [line, customer] = ['+15552000000', '+15552000001'];
  const question = { ...thread, id: 'AC1', direction: 'incoming' as const, from: customer, to: [line], userId: null };
  const reply = { ...thread, id: 'AC2', direction: 'outgoing' as const, from: line, to: [customer], userId: 'US1' };
  return [
    { ...question, text: 'When are you open on Sundays?', createdAt: ago(9) },
    { ...reply, text: 'We are open from ten to six.', createdAt: ago(7) },
  ];
}

async function deliver(base: string, item: QuoListItem): Promise<string> {
  const body = encodeEvent(item, 'standard');
  const headers = signHeaders('standard', SECRET, body, { deliveryId: `msg_${item.id}`, nowMs: Date.now() });
  const response = await fetch(`${base}/api/webhook`, { method: 'POST', headers, body });
  return ((await response.json()) as { status: string }).status;
}

async function loadBuiltRoutes(): Promise<Route[]> {
  const folder = path.join(OUTPUT, 'functions', 'api');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.func'));
  const routes = await Promise.all(
    names.map(async name => {
      const { handler } = JSON.parse(readFileSync(path.join(folder, name, '.vc-config.json'), 'utf8'));
      const module = await import(pathToFileURL(path.join(folder, name, handler)).href);
      return makeRoute(name.replace(/\.func$/, '.js'), { ...module });
    }),
  );
  return routes.sort((one, other) => Number(one.isDynamic) - Number(other.isDynamic));
}

function makeBuiltHeaders(): (pathname: string) => [string, string][] {
  const { routes } = JSON.parse(readFileSync(path.join(OUTPUT, 'config.json'), 'utf8')) as {
    routes: { src?: string; headers?: Record<string, string>; continue?: boolean }[];
  };
  const rules = routes.filter(rule => rule.src && rule.headers && rule.continue);
  return pathname =>
    rules.filter(rule => new RegExp(rule.src!).test(pathname)).flatMap(rule => Object.entries(rule.headers!));
}
