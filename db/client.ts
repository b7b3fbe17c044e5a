/** The one database client: drizzle over Neon's HTTP protocol, everywhere. What is local replaces the transport, never the client. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { NeonDbError, neon, neonConfig } from '@neondatabase/serverless';
import type { SQL } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http';
import { Unavailable } from './errors.js';

/** A round trip to the database: the one place where a request leaves the process. */
export type Transport = (url: string, init: RequestInit) => Promise<Response>;

/** A trip that takes longer is given up; the function answers 503 instead of hanging. */
const REQUEST_TIMEOUT_MS = 3_000;

/** When the request that asks must have ended, by `performance.now()`. */
const deadline = new AsyncLocalStorage<number | null>();

let transport: Transport = (url, init) => fetch(url, init);
let trips = 0;

/** Replaces the way to the database: the embedded one, or the proxy before a plain PostgreSQL. */
export function setTransport(replacement: Transport): void {
  transport = replacement;
}

/** How many round trips this process has made; the benchmark prints the difference. */
export function countTrips(): number {
  return trips;
}

/** All trips of `work` together may take this long; one that starts after that fails at once. */
export function withinBudget<T>(budgetMs: number, work: () => Promise<T>): Promise<T> {
  return deadline.run(performance.now() + budgetMs, work);
}

/** For what goes on after the answer. */
export function outsideBudget<T>(work: () => Promise<T>): Promise<T> {
  return deadline.run(null, work);
}

neonConfig.fetchFunction = async (url: string, { timeoutMs, ...init }: RequestInit & { timeoutMs?: number }) => {
  const leftMs = (deadline.getStore() ?? Number.POSITIVE_INFINITY) - performance.now();
  if (leftMs <= 0) throw new Unavailable('The database took too long.');
  trips++;
  const limitMs = Math.ceil(Math.min(timeoutMs ?? REQUEST_TIMEOUT_MS, leftMs));
  return transport(url, { ...init, signal: AbortSignal.timeout(limitMs) });
};

export type Database = NeonHttpDatabase;

const opened = new Map<string, Database>();

/**
 * @param timeoutMs how long one round trip may take; scripts allow themselves more
 * @throws Unavailable when DATABASE_URL is unset or is no PostgreSQL address (the address itself is never repeated)
 */
function openClient(timeoutMs = REQUEST_TIMEOUT_MS): Database {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Unavailable('DATABASE_URL is not set.');
  const key = `${timeoutMs} ${url}`;
  const known = opened.get(key);
  if (known) return known;
  let client: Database;
  try {
    // Asked for in each transaction: a rollback runs at no other level, and a database may have another one for everybody.
    client = drizzle(neon(url, { isolationLevel: 'ReadCommitted', fetchOptions: { timeoutMs } }));
  } catch {
    // The driver's own message would repeat the address with its password.
    throw new Unavailable('DATABASE_URL is not a PostgreSQL address.');
  }
  opened.set(key, client);
  return client;
}

/** One statement. @throws what `reach` says */
export async function execute<Row extends Record<string, unknown> = Record<string, unknown>>(
  statement: SQL,
  timeoutMs?: number,
): Promise<Row[]> {
  const { rows } = await reach(openClient(timeoutMs).execute<Row>(statement));
  return rows;
}

/** One statement that answers one row with one JSON column `result`. */
export async function readResult<T>(statement: SQL, timeoutMs?: number): Promise<T> {
  const [row] = await execute<{ result: T }>(statement, timeoutMs);
  return row!.result;
}

/** Statements of one transaction, in one round trip. */
export async function writeBatch(
  statements: readonly SQL[],
  timeoutMs?: number,
): Promise<{ rows: Record<string, unknown>[] }[]> {
  const client = openClient(timeoutMs);
  const items = statements.map(statement => client.execute(statement)) as unknown as [BatchItem, ...BatchItem[]];
  return (await reach(client.batch(items as never))) as { rows: Record<string, unknown>[] }[];
}

/**
 * @throws the driver's error where PostgreSQL said no; Unavailable for everything between here and there: no connection, a
 *   cut answer, somebody else's answer
 */
async function reach<T>(work: PromiseLike<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    if (error instanceof NeonDbError || cause instanceof NeonDbError) throw error;
    throw error instanceof Unavailable ? error : new Unavailable('The database cannot be reached.');
  }
}
