// A plain PostgreSQL behind the neon client: neon's requests, answered over a pool of ordinary connections.
// It runs in the process that asks and opens no port: one would let any other program of the machine run SQL.
import net from 'node:net';
import pg from 'pg';
import {
  type BatchOptions,
  beginText,
  isSqlError,
  makeTransport,
  type Result,
  type Runner,
  refuseOpenTransaction,
  type Statement,
  type Transport,
} from './neon-protocol.js';
import { judgeNameTrouble, StatementNames } from './statement-names.js';

export type PostgresProxy = { transport: Transport; close(): Promise<void> };

const CONNECTIONS_LIMIT = 10;
const CONNECT_TIMEOUT_MS = 10_000;
const CONNECTION_LIFE_REQUESTS = 2_000;
const CANCEL_ATTEMPTS = 5;
const CANCEL_PAUSE_MS = 200;

/** What pg keeps on a client but its types do not show. */
type Client = pg.PoolClient & {
  host: string;
  port: number;
  processID: number;
  secretKey: number;
  getTransactionStatus(): string | null;
  connection: { stream: net.Socket };
};

/** Opens lazily: the first request connects. Errors never carry the address or the password. */
export async function openPostgres(databaseUrl: string, max = CONNECTIONS_LIMIT): Promise<PostgresProxy> {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 30_000,
    // With the connection go its plans, made perhaps when the tables were nearly empty.
    maxUses: CONNECTION_LIFE_REQUESTS,
    allowExitOnIdle: true,
    application_name: 'v3-pls',
    // All statements of a batch go out at once and the answers come back together.
    pipeline: true,
    types: { getTypeParser: () => (value: unknown) => value },
  } as pg.PoolConfig);
  // Without listeners a connection that breaks would end this process; the request on it is told either way.
  pool.on('error', () => {});
  pool.on('connect', client => {
    client.on('error', () => {});
    // A process killed while it waits for a lock must not keep its place in the queue. Only Linux servers know this.
    client.query('set client_connection_check_interval = 1000').catch(() => {});
  });
  return { transport: makeTransport(makePostgresRunner(pool)), close: () => pool.end() };
}

function makePostgresRunner(pool: pg.Pool): Runner {
  const names = new StatementNames();

  const toQuery = ({ text, params }: Statement, mayName: boolean) => ({
    text,
    values: params,
    rowMode: 'array' as const,
    // As neon does: one statement a query, even without parameters.
    queryMode: 'extended',
    ...(mayName && { name: names.nameOf(text) }),
  });

  async function send(statements: Statement[], begin: string | undefined, mayName: boolean, signal?: AbortSignal) {
    const client = (await pool.connect()) as Client;
    let isBroken = false;
    let cancelling: Promise<void> | undefined;
    let isSettled = false;
    const onAbort = () => {
      cancelling = cancel(client, () => isSettled);
    };
    try {
      signal?.throwIfAborted();
      signal?.addEventListener('abort', onAbort, { once: true });
      client.connection.stream.cork();
      const queries = statements.map(statement => () => client.query<(string | null)[]>(toQuery(statement, mayName)));
      if (begin !== undefined) {
        queries.unshift(() => client.query(begin));
        queries.push(() => client.query('commit'));
      }
      const pending = queries.map(query => query());
      client.connection.stream.uncork();
      const outcomes = await Promise.allSettled(pending);
      const failed = outcomes.find(outcome => outcome.status === 'rejected');
      if (failed) {
        isBroken = endsConnection(failed.reason) || judgeNameTrouble(failed.reason) !== undefined;
        throw failed.reason;
      }
      if (client.getTransactionStatus() !== 'I') throw refuseOpenTransaction();
      return outcomes.flatMap(outcome => (outcome.status === 'fulfilled' ? [toResult(outcome.value)] : []));
    } finally {
      isSettled = true;
      signal?.removeEventListener('abort', onAbort);
      // A late cancel would hit whoever has the connection next, and an open transaction would be theirs.
      client.release(isBroken || cancelling !== undefined || client.getTransactionStatus() !== 'I');
    }
  }

  async function run(statements: Statement[], begin?: string, signal?: AbortSignal): Promise<Result[]> {
    try {
      return await send(statements, begin, true, signal);
    } catch (error) {
      const trouble = judgeNameTrouble(error);
      if (trouble === undefined || signal?.aborted) throw error;
      if (trouble === 'unsupported') names.disable();
      return send(statements, begin, false, signal);
    }
  }

  return {
    async runOne(statement, signal) {
      const [result] = await run([statement], undefined, signal);
      return result!;
    },
    async runBatch(statements, options: BatchOptions, signal) {
      const results = await run(statements, beginText(options), signal);
      return results.slice(1, -1);
    },
  };
}

function toResult({ fields, rows, command, rowCount }: pg.QueryResult<(string | null)[]>): Result {
  return {
    fields: fields.map(({ name, dataTypeID }) => ({ name, dataTypeID })),
    rows,
    command: command ?? '',
    rowCount,
  };
}

/** Anything that PostgreSQL did not say itself, or said as its last words. */
function endsConnection(error: unknown): boolean {
  return !isSqlError(error) || error.severity !== 'ERROR';
}

/** Asks the server to drop what this connection is doing, so that its locks do not outlive the caller. */
async function cancel(client: Client, isSettled: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < CANCEL_ATTEMPTS && !isSettled(); attempt += 1) {
    const socket = client.host.startsWith('/')
      ? net.connect(`${client.host}/.s.PGSQL.${client.port}`)
      : net.connect(client.port, client.host);
    // A CancelRequest (PostgreSQL documentation, "Message Formats"): length, code 1234/5678, process, secret.
    const packet = Buffer.alloc(16);
    packet.writeInt32BE(16, 0);
    packet.writeInt32BE(80877102, 4);
    packet.writeInt32BE(client.processID, 8);
    packet.writeInt32BE(client.secretKey, 12);
    socket.on('error', () => {});
    socket.end(packet);
    // One that arrives between two statements is lost.
    await new Promise(resolve => setTimeout(resolve, CANCEL_PAUSE_MS).unref());
  }
  if (!isSettled()) client.connection.stream.destroy();
}
