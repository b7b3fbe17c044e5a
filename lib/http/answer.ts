/** The one place where errors become answers, and where a request is logged: by its id, its path and how it ended. */
import { randomUUID } from 'node:crypto';
import { type DatabaseFailure, readFailure } from '../../db/errors.js';
import { logEvent, withRequestId } from '../log.js';
import { Problem, problemResponse } from './problem.js';

const REQUEST_ID = /^[A-Za-z0-9:_-]{1,80}$/;
const SLOW_MS = 2_000;
const ID_IN_PATH = /[0-9a-f]{8}-[0-9a-f-]{27}/gi;

/**
 * Runs a handler; whatever it throws becomes a problem without details, and a code in the log.
 * @param finish adds to every answer, problems too
 */
export async function answer(
  request: Request,
  handle: () => Promise<Response>,
  finish: (request: Request, response: Response) => void = () => undefined,
): Promise<Response> {
  const startedMs = performance.now();
  const given = request.headers.get('x-vercel-id') ?? '';
  const id = REQUEST_ID.test(given) ? given : randomUUID();
  return withRequestId(id, async () => {
    const response = await handle().catch(error => problemResponse(readProblem(error)));
    finish(request, response);
    response.headers.set('x-request-id', id);
    const ms = Math.round(performance.now() - startedMs);
    // The platform lists every request already, by the same id: here stand those that somebody will ask about.
    if (response.status >= 500 || ms > SLOW_MS) {
      const path = new URL(request.url).pathname.replace(ID_IN_PATH, ':id');
      logEvent('request', { method: request.method, path, status: response.status, ms });
    }
    return response;
  });
}

export function jsonResponse(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  });
}

function readProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const failure = readFailure(error);
  const known = nameFailure(failure);
  if (known) return known;
  const instance = randomUUID();
  logEvent('internal', { instance, code: failure.code, name: error instanceof Error ? error.name : 'unknown' });
  return new Problem('internal', undefined, { instance });
}

function nameFailure(failure: DatabaseFailure): Problem | null {
  switch (failure.kind) {
    case 'unavailable':
      logEvent('unavailable', { code: failure.code });
      return new Problem('unavailable', failure.detail);
    case 'blocked':
      return new Problem('blocked', undefined, { gates: failure.gates });
    case 'absent':
      return new Problem('not_found');
    case 'stale':
      return new Problem('conflict', `It is at version ${failure.version} now: read it again, and decide again.`);
    case 'conflict':
      return new Problem('conflict', 'Another writer was faster: read it again, and decide again.');
    case 'refused':
    case 'fault':
      return null;
    default:
      return failure satisfies never;
  }
}
