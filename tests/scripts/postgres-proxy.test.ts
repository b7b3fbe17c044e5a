// What only a real PostgreSQL can show: waiting for locks, broken connections, and what an error may say.
import { neon, neonConfig } from '@neondatabase/serverless';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgres } from '../../scripts/database/postgres-proxy.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

describe('the proxy before a plain PostgreSQL', () => {
  const sql = neon('postgres://nobody:secret@localhost/nothing', { arrayMode: true, fullResults: true });
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase({ template: 'template1' });
    neonConfig.fetchFunction = database.transport;
    await database.sql('create table counter (id int primary key, n int)');
    await database.sql('insert into counter values (1, 0)');
  });
  afterAll(() => database.close());

  it('drops what an aborted request was doing, so that its locks do not linger', async () => {
    const abort = new AbortController();
    const hanging = sql.transaction(
      [sql.query('update counter set n = n + 1 where id = 1'), sql.query('select pg_sleep(30)')],
      { fetchOptions: { signal: abort.signal } },
    );
    await waitFor(async () => (await activity('%pg_sleep(30)%')) === 1);
    const abortedAt = Date.now();
    abort.abort();
    await expect(hanging).rejects.toThrow(/Error connecting to database/);
    await sql.query('update counter set n = n + 10 where id = 1');
    expect(Date.now() - abortedAt).toBeLessThan(2_000);
    expect(await database.sql('select n from counter where id = 1')).toEqual([{ n: 10 }]);
    expect(await activity('%pg_sleep(30)%')).toBe(0);
  });

  it('drops an aborted request that waits for somebody else’s lock', async () => {
    const holder = database.sql('begin; update counter set n = 0 where id = 1; select pg_sleep(1.5); commit');
    await waitFor(async () => (await activity('%pg_sleep(1.5)%')) === 1);
    const fetchOptions = { signal: AbortSignal.timeout(100) };
    await expect(
      sql.transaction([sql.query('update counter set n = 1000 where id = 1')], { fetchOptions }),
    ).rejects.toThrow();
    await waitFor(async () => (await activity('update counter set n = 1000%')) === 0, 500);
    await holder;
    expect(await database.sql('select n from counter where id = 1')).toEqual([{ n: 0 }]);
  });

  it('opens a new connection when the server ends the old one', async () => {
    await sql.query('select 1');
    await database.sql(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'v3-pls'",
    );
    await waitFor(
      async () =>
        (
          await database.sql(
            "select 1 from pg_stat_activity where datname = current_database() and application_name = 'v3-pls'",
          )
        ).length === 0,
    );
    // The server is rid of it before this process has read so: a request in between may still be told.
    const isBack = () =>
      sql.query('select 1').then(
        () => true,
        () => false,
      );
    await waitFor(isBack);
    expect((await sql.query('select 1')).rows).toEqual([[1]]);
  });

  it('reports a request whose connection is ended under it, and works on', async () => {
    // neon sends a query only when somebody waits for it.
    const sleeping = Promise.allSettled([sql.query('select pg_sleep(20)')]);
    await waitFor(async () => (await activity('%pg_sleep(20)%')) === 1);
    await database.sql(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like '%pg_sleep(20)%' and pid <> pg_backend_pid()",
    );
    expect(await sleeping).toMatchObject([{ status: 'rejected', reason: { code: '57P01' } }]);
    expect((await sql.query('select 1')).rows).toEqual([[1]]);
  });

  it('runs as many requests as it has connections, and the rest after them', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => sql.query('select pg_sleep(0.02), pg_backend_pid()')),
    );
    expect(new Set(answers.map(answer => answer.rows[0]![1])).size).toBeLessThanOrEqual(10);
  });

  it('says that the database cannot be reached without saying where it is', async () => {
    const closed = await openPostgres('postgres://somebody:hunter2@127.0.0.1:1/business');
    const body = JSON.stringify({ query: 'select 1', params: [] });
    const headers = { 'Neon-Raw-Text-Output': 'true', 'Neon-Array-Mode': 'true' };
    const response = await closed.transport('https://localhost/sql', { method: 'POST', body, headers });
    expect(response.status).toBe(503);
    expect(await response.text()).toBe('the database cannot be reached (ECONNREFUSED)');
    await closed.close();
  });

  const activity = async (pattern: string) =>
    (
      await database.sql(
        "select 1 from pg_stat_activity where datname = current_database() and state = 'active' and query like $1 and pid <> pg_backend_pid()",
        [pattern],
      )
    ).length;
});

async function waitFor(isTrue: () => Promise<boolean>, limitMs = 5_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error('it did not happen in time');
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}
