/**
 * The page's only way out: calls to its own server, typed by the server's own description, with the session's cookie, which no
 * script can read. Every failure is thrown as a `Refusal`.
 */
import createClient from 'openapi-fetch';
import type { paths } from '../openapi.js';
import { Refusal, readRefusal } from './refusal.js';

export const api = createClient<paths, 'application/json'>({
  baseUrl: '/',
  credentials: 'same-origin',
  cache: 'no-store',
});

export type Answer<T> = { body: T /** The server's time in Unix milliseconds. */; atMs: number };

type Outcome<T> = { data?: T; error?: unknown; response: Response };

/**
 * @param call such as `api.GET('/api/config', { signal })`
 * @throws Refusal, or the signal's AbortError when the caller gave up
 */
export async function ask<T>(call: Promise<Outcome<T>>): Promise<NonNullable<T>> {
  return (await askWithTime(call)).body;
}

/** The same, with the server's clock beside it, for what must not be judged by a wrong clock in the browser. */
export async function askWithTime<T>(call: Promise<Outcome<T>>): Promise<Answer<NonNullable<T>>> {
  const { data, error, response } = await call.catch(thrown => {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
    throw new Refusal(
      0,
      'The server could not be reached, or broke off its answer. Check the connection and try again.',
    );
  });
  if (!response.ok) throw readRefusal(response, error);
  if (response.status !== 204 && (typeof data !== 'object' || data === null)) {
    throw new Refusal(response.status, 'The server answered something that this page cannot read.');
  }
  const atMs = Date.parse(response.headers.get('date') ?? '');
  return { body: data as NonNullable<T>, atMs: Number.isNaN(atMs) ? Date.now() : atMs };
}
