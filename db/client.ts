/** The one database client: drizzle over Neon's HTTP protocol, everywhere. What is local replaces the transport, never the client. */
import { neon, neonConfig } from '@neondatabase/serverless';
import type { SQL } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http';
import { Unavailable } from './errors.js';

/** A round trip to the database: the one place where a request leaves the process. */
export type Transport = (url: string, init: RequestInit) => Promise<Response>;

/** Two trips must end well before the sender's own time limit; a function answers 503 instead of hanging. */
const REQUEST_TIMEOUT_MS = 3_500;

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

neonConfig.fetchFunction = (url: string, { timeoutMs, ...init }: RequestInit & { timeoutMs?: number }) => {
  trips++;
  return transport(url, { ...init, signal: AbortSignal.timeout(timeoutMs ?? REQUEST_TIMEOUT_MS) });
};

export type Database = NeonHttpDatabase;

const opened = new Map<string, Database>();

/**
 * @param timeoutMs how long one round trip may take; scripts allow themselves more
 * @throws Unavailable when DATABASE_URL is unset or is no PostgreSQL address (the address itself is never repeated)
 */
export function openClient(timeoutMs = REQUEST_TIMEOUT_MS): Database {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Unavailable('DATABASE_URL is not set.');
  const key = `${timeoutMs} ${url}`;
  const known = opened.get(key);
  if (known) return known;
  let client: Database;
  try {
    client = drizzle(neon(url, { fetchOptions: { timeoutMs } }));
  } catch {
    // The driver's own message would repeat the address with its password.
    throw new Unavailable('DATABASE_URL is not a PostgreSQL address.');
  }
  opened.set(key, client);
  return client;
}

/** One statement that answers one row with one JSON column `result`. */
export async function readResult<T>(statement: SQL, timeoutMs?: number): Promise<T> {
  const { rows } = await openClient(timeoutMs).execute<{ result: T }>(statement);
  return rows[0]!.result;
}

/** Statements of one transaction, in one round trip. */
export async function writeBatch(
  statements: readonly SQL[],
  timeoutMs?: number,
): Promise<{ rows: Record<string, unknown>[] }[]> {
  const client = openClient(timeoutMs);
  const items = statements.map(statement => client.execute(statement)) as unknown as [BatchItem, ...BatchItem[]];
  return (await client.batch(items as never)) as { rows: Record<string, unknown>[] }[];
}
