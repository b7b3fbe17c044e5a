/** The page's only way out: GETs to its own server with the token in a header. Every failure comes back as a sentence. */

/** A refusal or a failure, with a `message` made for people. `status` is 0 where no answer came. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export type Answer<T> = { body: T /** The server's time in Unix milliseconds. */; atMs: number };

/** @throws Refusal, or the signal's AbortError when the caller gave up */
export async function get<T>(path: string, token: string, signal: AbortSignal): Promise<Answer<T>> {
  const response = await send(path, token, signal);
  const text = await readText(response, signal);
  if (!response.ok) throw new Refusal(response.status, sayProblem(response, parse(text)));
  const body = parse(text);
  if (typeof body !== 'object' || body === null) {
    throw new Refusal(response.status, 'The server answered something that this page cannot read.');
  }
  const atMs = Date.parse(response.headers.get('date') ?? '');
  return { body: body as T, atMs: Number.isNaN(atMs) ? Date.now() : atMs };
}

async function send(path: string, token: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(path, {
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
      credentials: 'omit',
      cache: 'no-store',
      signal,
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Refusal(0, 'The server could not be reached. Check the connection and try again.');
  }
}

async function readText(response: Response, signal: AbortSignal): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Refusal(0, 'The connection broke off in the middle of the answer. Try again.');
  }
}

function sayProblem(response: Response, body: unknown): string {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const detail = [problem.detail, problem.title].find(text => typeof text === 'string' && text !== '');
  const wait = Number(response.headers.get('retry-after'));
  const again = wait > 0 ? ` Try again in ${wait} seconds.` : '';
  const instance = typeof problem.instance === 'string' ? ` (for the log: ${problem.instance})` : '';
  return `${detail ?? `The server refused with status ${response.status}.`}${again}${instance}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
