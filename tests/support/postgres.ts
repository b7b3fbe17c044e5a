// A real PostgreSQL for a test file: a database of its own, copied from the migrated template of this run.
import pg from 'pg';
import { inject } from 'vitest';
import type { Transport } from '../../scripts/database/neon-protocol.js';
import { openPostgres } from '../../scripts/database/postgres-proxy.js';
import { runSql, withDatabase } from '../../scripts/database/real-postgres.js';

export type TestDatabase = {
  url: string;
  /** For setTransport, or neonConfig.fetchFunction. */
  transport: Transport;
  /** Plain SQL on a connection of its own, as another writer would send it; rows as objects. */
  sql<Row = Record<string, unknown>>(text: string, params?: unknown[]): Promise<Row[]>;
  /** Points db/client at this database for the rest of the test file. */
  use(): Promise<void>;
  /** Drops the database. */
  close(): Promise<void>;
};

let count = 0;

/** With TEST_AS_APP_ROLE the system itself runs with the rights of the functions' role, other writers as the owner. */
export function isAsAppRole(): boolean {
  return Boolean(process.env.TEST_AS_APP_ROLE);
}

/** The same database, as somebody else. */
export function withUser(url: string, user: string): string {
  const address = new URL(url);
  address.username = user;
  return address.href;
}

/** `template` other than the migrated one: `template1` is an empty database. */
export async function createTestDatabase(options: { template?: string } = {}): Promise<TestDatabase> {
  const serverUrl = inject('postgresUrl');
  if (!serverUrl) throw new Error('tests/support/global-setup.ts must be the globalSetup of this vitest run');
  const template = options.template ?? inject('postgresTemplate');
  count += 1;
  const name = `test_${process.pid}_${count}_${Date.now().toString(36)}`;
  // Measured: 30 ms, where the default strategy, through the log, takes 400.
  await runSql(serverUrl, `create database ${name} template ${template} strategy file_copy`);
  const url = withDatabase(serverUrl, name);
  // A copy is another database: a warm matcher must not take it for the one it knows.
  // And its cron has just run: a delivery would let the watchdog run after its answer, beside whatever a test looks at.
  if (options.template === undefined)
    await runSql(
      url,
      'update learning_state set identity = gen_random_uuid(); update inline_runs set claimed_at = v3pls_now()',
    );
  const { transport, close } = await openPostgres(isAsAppRole() ? withUser(url, inject('postgresAppRole')) : url);
  const pool = new pg.Pool({ connectionString: url, max: 4, allowExitOnIdle: true });
  pool.on('error', () => {});
  return {
    url,
    transport,
    sql: async <Row>(text: string, params: unknown[] = []) => (await pool.query(text, params)).rows as Row[],
    async use() {
      process.env.DATABASE_URL = url;
      const { setTransport } = await import('../../db/client.js');
      setTransport(transport);
    },
    async close() {
      await Promise.all([close(), pool.end()]);
      await runSql(serverUrl, `drop database if exists ${name} with (force)`);
    },
  };
}
