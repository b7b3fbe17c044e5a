/** Operators by name: asked of Quo once a day at most, shown beside the id, and nothing depends on it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GET as listExchanges } from '../../api/exchanges.js';
import { GET as readPattern } from '../../api/patterns/[id]/index.js';
import { GET as listTokens, POST as makeToken } from '../../api/tokens.js';
import { admitReplacedClock } from '../../lib/watch.js';
import { type LocalQuo, startLocalQuo } from '../../scripts/local-quo/server.js';
import { call, listenToLog } from '../http/support/calls.js';
import type { TestDatabase } from '../support/postgres.js';
import { createLine, deliver, openThread, runCron } from './support/quo-line.js';

const ASKED = 'GET /users';

let quo: LocalQuo;
let db: TestDatabase;
beforeAll(() => admitReplacedClock(true));
afterAll(() => admitReplacedClock(false));
beforeEach(async () => {
  quo = await startLocalQuo();
  process.env.QUO_API_KEY = quo.key;
  process.env.QUO_API_URL = quo.url;
  db = await createLine();
  return async () => {
    delete process.env.QUO_API_KEY;
    delete process.env.QUO_API_URL;
    await Promise.all([quo.close(), db.close()]);
  };
});

const names = () => db.sql('select id, name from operators order by id');
const asked = () => quo.calls.filter(({ method, path }) => `${method} ${path}`.startsWith(ASKED)).length;
const passHours = (hours: number) =>
  db.sql(
    `create or replace function v3pls_now() returns timestamptz language sql stable parallel safe as $$ select pg_catalog.now() + interval '${hours} hours' $$`,
  );

async function talk(): Promise<void> {
  const thread = openThread(1);
  await deliver(thread.asks(0, 'what does a day pass cost'));
  await deliver(thread.answers(1, 'A day pass costs twelve dollars'));
}

describe('The names of Quo’s users', () => {
  it('are asked for by the cron, once a day, and stand beside the id wherever one is shown', async () => {
    quo.line.addUser('USanna', 'Anna');
    await talk();
    expect((await call(listExchanges, '/api/exchanges')).body.exchanges).toMatchObject([
      { operator: 'USanna', operatorName: null },
    ]);
    expect((await runCron()).body.status).toBe('clean');
    expect(await names()).toEqual([{ id: 'USanna', name: 'Anna Local' }]);
    const { body } = await call(listExchanges, '/api/exchanges');
    expect(body.exchanges).toMatchObject([{ operator: 'USanna', operatorName: 'Anna Local' }]);
    const pattern = await call(readPattern, `/api/patterns/${body.exchanges[0].learnedPatternId}`);
    expect(pattern.body.exchanges).toMatchObject([{ operator: 'USanna', operatorName: 'Anna Local' }]);
    const token = { name: 'Anna at the desk', role: 'operator', operatorId: 'USanna' };
    await call(makeToken, '/api/tokens', { method: 'POST', body: token });
    expect((await call(listTokens, '/api/tokens')).body.tokens).toMatchObject([
      { operatorId: 'USanna', operatorName: 'Anna Local' },
    ]);

    quo.line.addUser('USanna', 'Anne');
    await runCron();
    await passHours(23);
    await runCron();
    expect([asked(), await names()]).toEqual([1, [{ id: 'USanna', name: 'Anna Local' }]]);
    await passHours(25);
    await runCron();
    expect([asked(), await names()]).toEqual([2, [{ id: 'USanna', name: 'Anne Local' }]]);
  });

  it('stay when somebody leaves the workspace: what they answered is still there', async () => {
    quo.line.addUser('USanna', 'Anna');
    quo.line.addUser('USben', 'Ben');
    await runCron();
    quo.line.users.delete('USanna');
    await passHours(25);
    await runCron();
    expect(asked()).toBe(2);
    expect(await names()).toEqual([
      { id: 'USanna', name: 'Anna Local' },
      { id: 'USben', name: 'Ben Local' },
    ]);
  });

  it('a revoked key costs the run nothing but a line in the log, and is not asked with again that day', async () => {
    quo.revokeKey();
    const log = listenToLog();
    expect((await runCron()).body.status).toBe('clean');
    expect((await runCron()).body.status).toBe('clean');
    log.stop();
    expect(log.text().match(/"event":"operator_names_failed"[^}]*"code":"unauthorized"/g)).toHaveLength(1);
    expect(log.text()).not.toContain(quo.key);
    expect(asked()).toBe(1);
    expect(await names()).toEqual([]);
  });

  it('without a key nobody is asked', async () => {
    quo.line.addUser('USanna', 'Anna');
    delete process.env.QUO_API_KEY;
    expect((await runCron()).body.status).toBe('clean');
    expect(quo.calls).toEqual([]);
    expect(await names()).toEqual([]);
  });
});
