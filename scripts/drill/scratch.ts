// The scratch stages: an embedded database in a folder of its own, the PostgreSQL that npm brought, or an empty one that is
// given. What the drill made goes when it ends; a database that was given keeps the drill's tables.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { migrateHere } from '../database/migrate-here.js';
import { EMBEDDED_URL, openDatabase } from '../database/open.js';
import { runSql, startRealPostgres, withDatabase } from '../database/real-postgres.js';
import { Refusal } from '../server/refusal.js';
import type { Holder, Stage } from './stage.js';

export type OpenStage = {
  stage: Stage;
  close(): Promise<void> /** For a process that ends at once. */;
  abandon(): void;
};

const PREFIX = 'v3pls-drill-';
const CONNECT_TIMEOUT_MS = 10_000;

const scratch = (database: string, holder: Stage['holder']): Stage => ({
  mode: 'scratch',
  database,
  playScene: work => work(),
  holder,
});

export async function openEmbeddedStage(): Promise<OpenStage> {
  const folder = mkdtempSync(path.join(tmpdir(), PREFIX));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const database = await openDatabase({ DATABASE_URL: EMBEDDED_URL, DATA_DIR: folder }, () => {});
    await migrateHere();
    const missing = 'the embedded database has one session, so nobody else can hold a lock: use --postgres';
    return {
      stage: scratch('embedded (PGlite), made for this drill', { missing }),
      close: () => database.close().finally(remove),
      abandon: remove,
    };
  } catch (error) {
    remove();
    throw error;
  }
}

export async function openPostgresStage(): Promise<OpenStage> {
  const server = await startRealPostgres();
  const name = `drill_${process.pid}_${Date.now().toString(36)}`;
  await runSql(server.url, `create database ${name}`);
  const url = withDatabase(server.url, name);
  const database = await openDatabase({ DATABASE_URL: url });
  await migrateHere();
  return {
    stage: scratch('PostgreSQL from npm, made for this drill', makeHolder(url)),
    async close() {
      await database.close();
      await runSql(server.url, `drop database ${name} with (force)`);
      await server.stop();
    },
    // Its supervisor ends it with this process.
    abandon: () => {},
  };
}

/** @throws Refusal unless the database is empty: a drill writes and migrates */
export async function openGivenStage(url: string): Promise<OpenStage> {
  const database = await openDatabase({ DATABASE_URL: url });
  try {
    await requireEmpty(url);
    await migrateHere();
    return {
      stage: scratch('a given scratch PostgreSQL', makeHolder(url)),
      close: () => database.close(),
      abandon: () => {},
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function requireEmpty(url: string): Promise<void> {
  const tables = await withClient(url, listTables);
  if (tables.length === 0) return;
  const named = `${tables.slice(0, 3).join(', ')}${tables.length > 3 ? ` and ${tables.length - 3} more` : ''}`;
  throw new Refusal(
    `The database of --url is not empty (${named}), and the drill writes: give it an empty one, or use --live, which leaves nothing.`,
  );
}

function makeHolder(url: string): Holder {
  return {
    listTables: () => withClient(url, listTables),
    async hold(tables) {
      const client = await connect(url);
      try {
        await client.query('begin');
        await client.query(`lock table ${tables.join(', ')} in access exclusive mode`);
      } catch (error) {
        await client.end();
        throw error;
      }
      return async () => {
        await client.query('rollback').finally(() => client.end());
      };
    },
  };
}

async function listTables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`select c.oid::regclass::text as name from pg_class c
    join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p') and c.relpersistence <> 't'
      and n.nspname not in ('pg_catalog', 'information_schema') order by 1`);
  return rows.map(row => row.name);
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(url);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => {});
  await client.connect();
  return client;
}
