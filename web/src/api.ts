/**
 * The page's only way out: calls to its own server, typed by the server's own description, with the session's cookie, which no
 * script can read. Every failure comes back as a sentence.
 */
import createClient from 'openapi-fetch';
import type { paths } from './openapi.js';

const client = createClient<paths>({ baseUrl: '/', credentials: 'same-origin', cache: 'no-store' });

/** A refusal or a failure, with a `message` made for people. `status` is 0 where no answer came. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export type Answer<T> = { body: T /** The server's time in Unix milliseconds. */; atMs: number };

/** Some calls answer other media types too; the page asks for JSON alone, and looks before it reads. */
type Outcome = { data?: unknown; error?: unknown; response: Response };

/**
 * @param make the call, which gets the client and the signal: `(api, signal) => api.GET('/api/config', { signal })`
 * @throws Refusal, or the signal's AbortError when the caller gave up
 */
export async function ask<T>(
  make: (api: typeof client, signal: AbortSignal) => Promise<Outcome>,
  signal: AbortSignal,
): Promise<Answer<T>> {
  const { data, error, response } = await make(client, signal).catch(thrown => {
    if (signal.aborted) throw thrown;
    throw new Refusal(
      0,
      'The server could not be reached, or broke off its answer. Check the connection and try again.',
    );
  });
  if (!response.ok) throw new Refusal(response.status, sayProblem(response, error));
  if (response.status !== 204 && (typeof data !== 'object' || data === null)) {
    throw new Refusal(response.status, 'The server answered something that this page cannot read.');
  }
  const atMs = Date.parse(response.headers.get('date') ?? '');
  return { body: data as T, atMs: Number.isNaN(atMs) ? Date.now() : atMs };
}

function sayProblem(response: Response, body: unknown): string {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const detail = [problem.detail, problem.title].find(text => typeof text === 'string' && text !== '');
  const wait = Number(response.headers.get('retry-after'));
  const again = wait > 0 ? ` Try again in ${wait} seconds.` : '';
  const instance = typeof problem.instance === 'string' ? ` (for the log: ${problem.instance})` : '';
  return `${detail ?? `The server refused with status ${response.status}.`}${again}${instance}`;
}
