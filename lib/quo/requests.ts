/**
 * One GET after the other to Quo's API: paced below the key's limit, and asked again where that may help. The law: it only
 * reads, and neither the key, nor an address with a number in it, nor a byte of an answer is ever part of an error.
 */

export type QuoFailure =
  /** The key is wrong or was revoked. */
  | 'unauthorized'
  /** The key is right, and Quo refuses what is asked with it: an expired subscription, a number that is not its own. */
  | 'forbidden'
  /** Too many requests, also after waiting. */
  | 'rate_limited'
  /** No answer, or an error of Quo's own, also after trying again. */
  | 'unreachable'
  /** An answer that is not what is documented. */
  | 'unexpected'
  /** The caller's time was up. */
  | 'out_of_time';

/** `message` is a sentence for a person. */
export class QuoError extends Error {
  override name = 'QuoError';
  readonly code: QuoFailure;

  constructor(code: QuoFailure, message: string) {
    super(message);
    this.code = code;
  }
}

export type QuoAccess = {
  key: string;
  /** Without a slash at its end. */
  url: string;
  /** The way out; the platform's own without it. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** When everything must have ended, by `performance.now()`. */
  deadlineMs?: number;
};

/** The dated version that quo-api.md describes; there is no default, and it is checked before the key. */
const API_VERSION = '2026-03-30';
/** Ten a second are allowed for all that use the key; this is nine. */
const PACE_MS = 110;
const ATTEMPTS = 6;
const ANSWER_LIMIT_MS = 15_000;
/** Quo documents no Retry-After; one that asks for more than this is not waited for. */
const LONGEST_WAIT_MS = 60_000;
const FIRST_WAIT_MS = 500;
/** A page holds 50 texts of at most some thousand characters. */
const ANSWER_LIMIT_CHARS = 8_000_000;

export type QuoRequests = (path: string, query?: Readonly<Record<string, string>>) => Promise<unknown>;

/** @returns a function that asks for one path; calls take turns, so that one key's pace is kept. It throws QuoError, nothing else */
export function makeRequests(access: QuoAccess): QuoRequests {
  let nextMs = 0;
  let queue: Promise<unknown> = Promise.resolve();
  const ask = async (path: string, query: Readonly<Record<string, string>>) => {
    for (let attempt = 1; ; attempt++) {
      await waitUntil(nextMs, access);
      nextMs = performance.now() + PACE_MS;
      const outcome = await askOnce(access, path, query);
      if ('json' in outcome) return outcome.json;
      if (!outcome.mayTryAgain || attempt === ATTEMPTS) throw outcome.error;
      nextMs = performance.now() + (outcome.waitMs ?? FIRST_WAIT_MS * 2 ** (attempt - 1));
    }
  };
  return (path, query = {}) => {
    const asked = queue.then(() => ask(path, query));
    queue = asked.catch(() => undefined);
    return asked;
  };
}

type Outcome = { json: unknown } | { error: QuoError; mayTryAgain: boolean; waitMs?: number };

async function askOnce(access: QuoAccess, path: string, query: Readonly<Record<string, string>>): Promise<Outcome> {
  const leftMs = (access.deadlineMs ?? Number.POSITIVE_INFINITY) - performance.now();
  if (leftMs <= 0) throw outOfTime();
  const search = new URLSearchParams(query).toString();
  try {
    const go = access.fetch ?? fetch;
    const response = await go(`${access.url}${path}${search && `?${search}`}`, {
      method: 'GET',
      headers: { authorization: access.key, 'quo-api-version': API_VERSION, accept: 'application/json' },
      // A redirect would carry the key to somebody else.
      redirect: 'error',
      signal: AbortSignal.timeout(Math.ceil(Math.min(ANSWER_LIMIT_MS, leftMs))),
    });
    const text = await response.text();
    return response.ok ? readAnswer(text) : readRefusal(response);
  } catch {
    if (access.deadlineMs !== undefined && performance.now() >= access.deadlineMs) throw outOfTime();
    return { error: new QuoError('unreachable', 'Quo cannot be reached: no answer came.'), mayTryAgain: true };
  }
}

function readAnswer(text: string): Outcome {
  try {
    if (text.length <= ANSWER_LIMIT_CHARS) return { json: JSON.parse(text) };
  } catch {}
  const error = new QuoError(
    'unexpected',
    'Quo answered something that is not JSON: is QUO_API_URL the address of its API?',
  );
  return { error, mayTryAgain: false };
}

function readRefusal({ status, headers }: Response): Outcome {
  if (status === 401)
    return stop(
      'unauthorized',
      'Quo refuses the key in QUO_API_KEY (401): it is wrong, or was revoked. Make one in Quo, Workspace settings → API.',
    );
  if (status === 402) return stop('forbidden', 'Quo refuses (402): the subscription of this workspace has expired.');
  if (status === 403)
    return stop(
      'forbidden',
      'Quo refuses (403): this key may not read that. Its owner must be an owner or admin of the workspace.',
    );
  const waitMs = readRetryAfter(headers.get('retry-after'));
  const mayTryAgain = waitMs === undefined || waitMs <= LONGEST_WAIT_MS;
  if (status === 429) {
    const error = new QuoError(
      'rate_limited',
      'Quo asks for a pause (429): other programs use the same key. Try again in a minute.',
    );
    return { error, mayTryAgain, waitMs };
  }
  if (status >= 500 || status === 408) {
    const error = new QuoError('unreachable', `Quo has trouble of its own (${status}): try again later.`);
    return { error, mayTryAgain, waitMs };
  }
  return stop('unexpected', `Quo answered ${status}, which is not documented: is QUO_API_URL the address of its API?`);
}

function stop(code: QuoFailure, message: string): Outcome {
  return { error: new QuoError(code, message), mayTryAgain: false };
}

/** Seconds or a date (RFC 9110); @returns undefined where there is none. */
function readRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const waitMs = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}

async function waitUntil(atMs: number, { deadlineMs = Number.POSITIVE_INFINITY }: QuoAccess): Promise<void> {
  if (atMs >= deadlineMs) throw outOfTime();
  const waitMs = atMs - performance.now();
  if (waitMs > 0) await new Promise(resolve => setTimeout(resolve, waitMs));
}

function outOfTime(): QuoError {
  return new QuoError('out_of_time', 'There was no time left to ask Quo.');
}
