/** What the API answers on a line that has learned something has the described shapes, to the last key. */
import { beforeAll, expect, it } from 'vitest';
import type * as z from 'zod';
import * as config from '../../api/config.js';
import * as cron from '../../api/cron/safety.js';
import * as exchanges from '../../api/exchanges.js';
import * as incidents from '../../api/incidents.js';
import * as monitoring from '../../api/monitoring.js';
import * as pattern from '../../api/patterns/[id]/index.js';
import * as toggle from '../../api/patterns/[id]/toggle.js';
import * as patterns from '../../api/patterns/index.js';
import * as preview from '../../api/preview.js';
import * as session from '../../api/session.js';
import * as tokens from '../../api/tokens.js';
import * as answers from '../../lib/contract/answers.js';
import { CALLS } from '../../lib/contract/calls.js';
import { call } from '../http/support/calls.js';
import { makeToken } from '../http/support/people.js';
import { deliver, openThread, setLineEnvironment } from '../line/support/quo-line.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

type Handler = (request: Request) => Promise<Response>;
let db: TestDatabase;
let viewer: string;
const described = new Set<string>();

beforeAll(async () => {
  db = await createTestDatabase();
  await db.use();
  setLineEnvironment();
  process.env.PRIVACY_KEY = 'a privacy key of more than thirty-two letters';
  viewer = await makeToken(db, 'viewer');
  await call(cron.GET, '/api/cron/safety', { token: process.env.CRON_SECRET! });
  await call(config.PATCH, '/api/config', { body: { values: { enabled: true }, reason: 'a test' } });
  for (let customer = 1; customer <= 5; customer++) {
    const thread = openThread(customer);
    await deliver(thread.asks(0, 'Hi, when are you open on Sundays?'));
    await deliver(thread.answers(2, 'We are open from ten to six on Sundays.'));
    await deliver(thread.asks(4, 'Thanks!'));
    await deliver(thread.asks(90, 'Do you have gloves to rent?'));
  }
  return () => db.close();
});

/** Calls and holds the answer against its shape. */
async function hold(
  name: string,
  handler: Handler,
  path: string,
  options: Parameters<typeof call>[2] = {},
  shape: z.ZodType = CALLS[name]!.answer!,
) {
  described.add(name);
  const method = name.split(' ')[0]!;
  const answer = await call(handler, path, { method, ...options });
  expect(answer.status, answer.text).toBe(CALLS[name]!.status);
  if (CALLS[name]!.answer) shape.parse(answer.body);
  else expect(answer.text).toBe('');
  return answer.body;
}

it('for every call', async () => {
  const list = await hold('GET /api/patterns', patterns.GET, '/api/patterns?status=all');
  expect(list.patterns.length).toBeGreaterThan(0);
  const { id } = list.patterns[0];
  for (const token of [viewer, undefined])
    await hold('GET /api/patterns/{id}', pattern.GET, `/api/patterns/${id}`, token ? { token } : {});
  await hold('POST /api/patterns/{id}/toggle', toggle.POST, `/api/patterns/${id}/toggle`, {
    body: { active: true, expectedVersion: 1 },
  });
  await hold('PATCH /api/patterns/{id}', pattern.PATCH, `/api/patterns/${id}`, {
    body: { expectedVersion: 1, responseTemplate: 'From ten to six, {{name}}.' },
  });
  await hold('GET /api/config', config.GET, '/api/config');
  await hold('PATCH /api/config', config.PATCH, '/api/config', { body: { values: { silence_hours: 71 } } });
  await hold('GET /api/monitoring', monitoring.GET, '/api/monitoring?window=10000d', {}, answers.monitoring);
  await hold('GET /api/monitoring', monitoring.GET, '/api/monitoring?view=health', { token: null }, answers.health);
  const previewed = await hold('POST /api/preview', preview.POST, '/api/preview', {
    body: { text: 'When are you open on Sunday?' },
  });
  expect(previewed.match).toBeDefined();
  for (const token of [viewer, undefined]) {
    const page = await hold(
      'GET /api/exchanges',
      exchanges.GET,
      '/api/exchanges',
      token ? { token } : {},
      answers.exchangePage,
    );
    expect(page.exchanges.length).toBeGreaterThan(5);
  }
  const [{ id: exchangeId, threadId }] = (await call(exchanges.GET, '/api/exchanges')).body.exchanges;
  await hold('PATCH /api/exchanges', exchanges.PATCH, '/api/exchanges', { body: { exchangeId, dontLearn: true } });
  await hold('PATCH /api/exchanges', exchanges.PATCH, '/api/exchanges', { body: { threadId, dontLearn: true } });
  await hold('GET /api/exchanges', exchanges.GET, '/api/exchanges?customer=%2B15551000001', {}, answers.heldOfCustomer);
  await hold('DELETE /api/exchanges', exchanges.DELETE, '/api/exchanges', { body: { customer: '+1 555 100 0001' } });
  await hold('GET /api/session', session.GET, '/api/session');
  await hold('POST /api/session', session.POST, '/api/session');
  await hold('DELETE /api/session', session.DELETE, '/api/session');
  const made = await hold('POST /api/tokens', tokens.POST, '/api/tokens', { body: { name: 'Maria', role: 'viewer' } });
  await hold('GET /api/tokens', tokens.GET, '/api/tokens');
  await hold('DELETE /api/tokens', tokens.DELETE, `/api/tokens?id=${made.id}`);
  await hold('GET /api/cron/safety', cron.GET, '/api/cron/safety', { token: process.env.CRON_SECRET! });
  const act = (body: unknown) => hold('POST /api/incidents', incidents.POST, '/api/incidents', { body });
  await act({ action: 'check' });
  const { incidentId } = await act({ action: 'rollback', reason: 'a test' });
  await hold('GET /api/monitoring', monitoring.GET, '/api/monitoring', {}, answers.monitoring);
  await act({ action: 'restore', incidentId, reason: 'a test' });
  await act({ action: 'release', reason: 'a test' });
  await hold('GET /api/incidents', incidents.GET, '/api/incidents', {}, answers.incidentPage);
  await hold('GET /api/incidents', incidents.GET, '/api/incidents?view=audit', {}, answers.auditPage);
  await hold('GET /api/incidents', incidents.GET, '/api/incidents?view=audit', { token: viewer }, answers.auditPage);
  await hold('DELETE /api/patterns/{id}', pattern.DELETE, `/api/patterns/${id}`);

  const elsewhere = ['POST /api/webhook', 'HEAD /api/monitoring'];
  expect([...described, ...elsewhere].sort()).toEqual(Object.keys(CALLS).sort());
});
