// Neon's SQL-over-HTTP protocol, answered here: a request in, a Response out, the database behind an interface.
// Its one law: a single query is a plain statement, a batch is ONE transaction, and a value is raw text both ways.

/** One statement with its parameters as PostgreSQL reads them: text, or null. */
export type Statement = { text: string; params: (string | null)[] };
export type Field = { name: string; dataTypeID: number };
export type Result = { fields: Field[]; rows: (string | null)[][]; command: string; rowCount: number | null };
export type BatchOptions = { isolationLevel?: string; readOnly?: boolean; deferrable?: boolean };

/** What a database must be able to do. Rejects with an error that carries an SQLSTATE in `code`, or any other error. */
export interface Runner {
  runOne(statement: Statement, signal?: AbortSignal): Promise<Result>;
  runBatch(statements: Statement[], options: BatchOptions, signal?: AbortSignal): Promise<Result[]>;
}

/** The shape of `fetch` that the neon client calls; `db/client.ts` takes one through setTransport. */
export type Transport = (url: string, init: RequestInit) => Promise<Response>;

type Parsed = { statements: Statement[]; batch: boolean; options: BatchOptions };

/** Neon allows 64 MB a request; the same here, so that what passes locally passes there. */
const REQUEST_LIMIT_CHARACTERS = 64 * 1024 * 1024;

const ISOLATION_LEVELS: Record<string, string> = {
  ReadUncommitted: 'read uncommitted',
  ReadCommitted: 'read committed',
  RepeatableRead: 'repeatable read',
  Serializable: 'serializable',
};

/** The fields that neon copies from an error body on to its NeonDbError. */
const ERROR_FIELDS = [
  ...['severity', 'code', 'detail', 'hint', 'position', 'internalPosition', 'internalQuery', 'where', 'schema'],
  ...['table', 'column', 'dataType', 'constraint', 'file', 'line', 'routine'],
] as const;

class ProtocolError extends Error {}

/** A transport that answers neon's requests from `runner`, in this process: no socket, no port that others could reach. */
export function makeTransport(runner: Runner): Transport {
  return async (_url, init) => {
    const signal = init.signal ?? undefined;
    signal?.throwIfAborted();
    const answer = answerRequest(runner, String(init.body), new Headers(init.headers), signal);
    return signal ? await rejectOnAbort(answer, signal) : await answer;
  };
}

/** Runs one request body through the runner. Never rejects: every failure is a Response as neon's client reads it. */
export async function answerRequest(
  runner: Runner,
  body: string,
  headers: Headers,
  signal?: AbortSignal,
): Promise<Response> {
  try {
    const { statements, batch, options } = parseRequest(body, headers);
    if (batch) return answerJson({ results: (await runner.runBatch(statements, options, signal)).map(toWire) });
    return answerJson(toWire(await runner.runOne(statements[0]!, signal)));
  } catch (error) {
    return answerError(error);
  }
}

export function parseRequest(body: string, headers: Headers): Parsed {
  if (body.length > REQUEST_LIMIT_CHARACTERS) throw new ProtocolError('The request is larger than 64 MB.');
  if (headers.get('neon-raw-text-output') !== 'true' || headers.get('neon-array-mode') !== 'true')
    throw new ProtocolError('Only raw text output in array mode is spoken here.');
  const parsed: unknown = JSON.parse(body);
  if (!isRecord(parsed)) throw new ProtocolError('The request is not an object.');
  if (!Array.isArray(parsed.queries)) return { statements: [parseStatement(parsed)], batch: false, options: {} };
  return { statements: parsed.queries.map(parseStatement), batch: true, options: parseOptions(headers) };
}

/** The statement that opens a batch's transaction. */
export function beginText({ isolationLevel, readOnly, deferrable }: BatchOptions): string {
  const modes = [
    isolationLevel && `isolation level ${isolationLevel}`,
    readOnly !== undefined && (readOnly ? 'read only' : 'read write'),
    deferrable !== undefined && (deferrable ? 'deferrable' : 'not deferrable'),
  ].filter(Boolean);
  return modes.length === 0 ? 'begin' : `begin ${modes.join(', ')}`;
}

/** What is said when a statement leaves a transaction open: over HTTP nobody could ever finish it. */
export function refuseOpenTransaction(): Error {
  return Object.assign(new Error('a statement sent alone cannot open a transaction: send a batch'), {
    severity: 'ERROR',
    code: '25001',
  });
}

export function answerError(error: unknown): Response {
  if (error instanceof ProtocolError || error instanceof SyntaxError)
    return answerJson({ message: error instanceof ProtocolError ? error.message : 'The body is not JSON.' }, 400);
  if (!isSqlError(error)) {
    // A message of the network's or the driver's may quote the connection string: only its code goes on.
    const code = isRecord(error) && typeof error.code === 'string' ? ` (${error.code})` : '';
    return new Response(`the database cannot be reached${code}`, { status: 503 });
  }
  const fields = Object.fromEntries(ERROR_FIELDS.map(name => [name, error[name]]));
  return answerJson({ message: String(error.message), ...fields }, 400);
}

/** True for an error that PostgreSQL itself sent: it carries a five-character SQLSTATE and a severity. */
export function isSqlError(error: unknown): error is Record<string, unknown> & { code: string } {
  return (
    isRecord(error) &&
    typeof error.code === 'string' &&
    /^[0-9A-Z]{5}$/.test(error.code) &&
    error.severity !== undefined
  );
}

function parseStatement(query: unknown): Statement {
  if (!isRecord(query) || typeof query.query !== 'string') throw new ProtocolError('A query is a text.');
  const params = query.params ?? [];
  if (!Array.isArray(params)) throw new ProtocolError('The parameters are a list.');
  return { text: query.query, params: params.map(toText) };
}

function parseOptions(headers: Headers): BatchOptions {
  const level = headers.get('neon-batch-isolation-level');
  if (level !== null && !Object.hasOwn(ISOLATION_LEVELS, level)) throw new ProtocolError('Unknown isolation level.');
  const flag = (name: string) => {
    const value = headers.get(name);
    return value === null ? undefined : value === 'true';
  };
  return {
    isolationLevel: level === null ? undefined : ISOLATION_LEVELS[level],
    readOnly: flag('neon-batch-read-only'),
    deferrable: flag('neon-batch-deferrable'),
  };
}

/** neon's client has already made texts of Dates, Buffers (`\x…`) and arrays; numbers and booleans may arrive as JSON. */
function toText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const toWire = (result: Result) => ({ ...result, rowAsArray: true });

function answerJson(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}

/** As fetch does: the caller is told at once, whatever the database is still doing. */
function rejectOnAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
