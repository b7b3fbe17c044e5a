// The live stage: one transaction on DATABASE_URL that always ends in ROLLBACK. It never sends a COMMIT, and could not:
// a constraint checked at the commit is broken from the start. So whatever ends this process or its connection leaves nothing. Each scene is a savepoint that is rolled back, and its locks go with it;
// one that takes too long loses the connection, so that deliveries wait for moments at most.
import type { Socket } from 'node:net';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import { readResult, setTransport } from '../../db/client.js';
import { SCHEMA_LEVEL } from '../../db/level.js';
import { makeTransport } from '../database/neon-protocol.js';
import { EMBEDDED_URL, isNeonAddress } from '../database/open.js';
import { Refusal } from '../server/refusal.js';
import { type Contents, readContents } from './contents.js';
import type { Stage } from './stage.js';
import { Unexpected } from './step.js';
import { makeTransactionRunner } from './transaction-runner.js';

/** A delivery gives up waiting for a lock after 1.2 s and stores its text alone; its whole trip ends after 3 s. */
export const HOLD_LIMIT_MS = 2_000;
/** One statement that runs when the limit is reached is the last: the locks go when it ends. */
export const STATEMENT_LIMIT_MS = 1_000;
/** Checked at a commit, and never true: PostgreSQL itself answers a COMMIT with a rollback. */
export const NEVER_COMMITS = `create temporary table drill_never_commits (id integer unique deferrable initially deferred) on commit drop;
  insert into drill_never_commits values (1), (1)`;
/** Who waits for a lock makes others wait behind it. */
const LOCK_LIMIT_MS = 200;
/** If this machine vanishes from the network without a word. */
export const SILENCE_LIMIT_MS = 1_000;
const LOCK_TRIES = 5;
const LOCK_NOT_AVAILABLE = '55P03';
const CLOSE_SCENE = 'rollback to savepoint drill_scene; release savepoint drill_scene';
const WHOLE_LIMIT_MS = 60_000;
/** Whoever waited for a scene goes first. */
const PAUSE_MS = 100;
const CONNECT_TIMEOUT_MS = 10_000;
const STATUS_TRIES = 50;

export type LiveStage = {
  stage: Stage;
  before: Contents;
  /** The longest that locks were held at a stretch, by this machine's stopwatch: the ways to the database and back included. */
  findLongestHoldMs(): number;
  /** Rolls back. @returns what PostgreSQL itself keeps on the transaction, and the tables as they are then */
  close(): Promise<{ status: string; after: Contents }>;
  abandon(): void;
};

type Client = pg.Client & { connection: { stream: Socket } };

/** @throws Refusal where there is no real transaction to be had, or the schema is not this code's */
export async function openLiveStage(url: string | undefined): Promise<LiveStage> {
  if (!url || url === EMBEDDED_URL)
    throw new Refusal(
      '--live rehearses on the database of DATABASE_URL, and that is not set. Without --live a scratch one is used.',
    );
  const reader = await connect(url, {});
  let before: Contents;
  let database: string;
  try {
    database = await requireFitting(reader);
    before = await readContents(reader);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const { code } = error as { code?: string };
    throw new Refusal(
      `This role cannot read the database of DATABASE_URL${code ? ` (${code})` : ''}: nothing was rehearsed.`,
    );
  } finally {
    await reader.end();
  }
  // Raw values, as the system's own client reads them, and all statements of a request at once.
  const raw = { getTypeParser: () => (value: unknown) => value };
  const client = (await connect(url, { pipeline: true, types: raw } as pg.ClientConfig)) as Client;
  const abandon = () => client.connection.stream.destroy();
  try {
    const transaction = await openTransaction(client, url);
    let longestMs = 0;
    const stage: Stage = {
      mode: 'live',
      database,
      holder: {
        missing:
          'in one transaction that never commits no other session sees what is planted, and holding every table would stop deliveries',
      },
      async playScene(work) {
        const startedMs = await openScene(client);
        const timer = setTimeout(abandon, HOLD_LIMIT_MS);
        try {
          await work();
        } finally {
          await client.query(CLOSE_SCENE).catch(() => {});
          clearTimeout(timer);
          longestMs = Math.max(longestMs, performance.now() - startedMs);
        }
        await pause();
      },
    };
    return {
      stage,
      before,
      findLongestHoldMs: () => longestMs,
      abandon,
      async close() {
        await client.query('rollback').catch(() => {});
        await client.end().catch(() => {});
        return lookAfter(url, transaction);
      },
    };
  } catch (error) {
    abandon();
    throw error;
  }
}

/**
 * Takes every lock of the scene at once, in the order of every learner: one that came later could make a delivery that waits
 * for us the victim of a deadlock. Threads that are left to the next run are none of the drill's business.
 * @returns when the locks were asked for. Throws Unexpected on a line that is never free for a moment
 */
async function openScene(client: pg.Client): Promise<number> {
  for (let turn = 0; turn < LOCK_TRIES; turn++) {
    const startedMs = performance.now();
    try {
      await client.query(`savepoint drill_scene; select 1 from learning_state for update;
        lock table decision_patterns in share row exclusive mode;
        lock table pattern_learning_config in share row exclusive mode;
        lock table pattern_execution_queue in share row exclusive mode;
        delete from thread_marks`);
      return startedMs;
    } catch (error) {
      if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE)
        throw new Unexpected('the connection to the database is gone');
      await client.query(CLOSE_SCENE);
      await pause();
    }
  }
  throw new Unexpected(
    `the line is busy: its locks did not come within ${LOCK_LIMIT_MS} ms, ${LOCK_TRIES} times. Try again in a quieter moment`,
  );
}

const pause = () => new Promise(resolve => setTimeout(resolve, PAUSE_MS));

/** A connection of its own: the drill's may be gone. */
async function lookAfter(url: string, transaction: string): Promise<{ status: string; after: Contents }> {
  const client = await connect(url, {});
  try {
    let status = 'unknown';
    for (let turn = 0; turn < STATUS_TRIES; turn++) {
      const { rows } = await client.query<{ status: string | null }>('select pg_xact_status($1::xid8) as status', [
        transaction,
      ]);
      status = rows[0]?.status ?? 'unknown';
      if (status !== 'in progress') break;
      await pause();
    }
    return { status, after: await readContents(client) };
  } finally {
    await client.end();
  }
}

/** @returns the database's name. Throws a Refusal for one that the drill could not write on, even for a moment. */
async function requireFitting(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{
    name: string;
    readonly: string;
    has: boolean;
  }>(`select current_database() as name,
    current_setting('transaction_read_only') as readonly, to_regclass('schema_migrations') is not null as has`);
  const { name, readonly, has } = rows[0]!;
  if (readonly === 'on')
    throw new Refusal(
      'DATABASE_URL leads to a copy that only reads: --live needs the database that the deployment writes to.',
    );
  const level = has
    ? (await client.query<{ level: number | null }>('select max(level) as level from schema_migrations')).rows[0]!.level
    : null;
  if (level !== SCHEMA_LEVEL)
    throw new Refusal(
      `The schema of DATABASE_URL is not this code's (level ${level ?? 'none'}, this code ${SCHEMA_LEVEL}): nothing was rehearsed. Run "npm run migrate", or get the code that is deployed.`,
    );
  return `the database "${name}" of DATABASE_URL`;
}

/**
 * Opens the transaction with its limits, leads the system's own client into it, and makes sure that it is one.
 * @returns its number
 */
async function openTransaction(client: Client, url: string): Promise<string> {
  await client
    .query('begin transaction isolation level read committed read write')
    .catch(error => refuseTransaction(error));
  // SET LOCAL, not SET: behind a pooler a session is somebody else's in the next moment.
  await client.query(`set local lock_timeout = ${LOCK_LIMIT_MS}; set local statement_timeout = ${STATEMENT_LIMIT_MS};
    set local idle_in_transaction_session_timeout = ${SILENCE_LIMIT_MS}`);
  // PostgreSQL 17 and later.
  await client.query(
    `select set_config(name, '${WHOLE_LIMIT_MS}', true) from pg_settings where name = 'transaction_timeout'`,
  );
  await client.query(NEVER_COMMITS).catch(error => {
    throw new Refusal(
      `--live makes sure that its transaction cannot be committed, by a temporary table, and this role may make none (${(error as { code?: string }).code}): nothing was rehearsed.`,
    );
  });
  const { rows } = await client.query<{ id: string }>('select pg_current_xact_id()::text as id');
  const id = rows[0]!.id;
  process.env.DATABASE_URL = url;
  setTransport(makeTransport(makeTransactionRunner(client)));
  const seen = await readResult<string>(sql`select pg_current_xact_id()::text as result`);
  if (seen !== id) refuseTransaction(null);
  return id;
}

function refuseTransaction(error: unknown): never {
  const code = (error as { code?: string } | null)?.code;
  throw new Refusal(
    `DATABASE_URL gives no transaction that stays open from one statement to the next${code ? ` (${code})` : ''}: nothing was rehearsed. Use the address without a pooler, or one whose pooler works by transaction.`,
  );
}

/** Neon over HTTP runs batches only; its plain PostgreSQL port keeps a transaction open, also behind its pooler. */
async function connect(url: string, more: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: isNeonAddress(url) ? requireTls(url) : url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'v3-pls drill',
    ...more,
  });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    const { code } = error as { code?: string };
    throw new Refusal(
      `--live needs a connection that keeps a transaction open (PostgreSQL's own protocol, port 5432 as a rule), and DATABASE_URL gives none${code ? ` (${code})` : ''}: nothing was rehearsed.`,
    );
  }
  return client;
}

/** What `require` means to pg, without its warning. */
function requireTls(url: string): string {
  const address = new URL(url);
  address.searchParams.set('sslmode', 'verify-full');
  return address.href;
}
