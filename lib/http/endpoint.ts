/** Turns "who may call, what is accepted, what runs" into a handler. The one place where errors become answers. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { readFailure } from '../../db/errors.js';
import { logEvent } from '../log.js';
import { readBody } from './body.js';
import { type Caller, type Role, requireCaller } from './caller.js';
import { Problem, problemResponse } from './problem.js';

type Handler = (request: Request) => Promise<Response>;

type Endpoint<Query, Body, Access extends Role | 'public'> = {
  role: Access;
  /** Strict: an unknown parameter is refused by name. */
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  run: (input: {
    request: Request;
    query: Query;
    body: Body;
    caller: Access extends 'public' ? null : Caller;
  }) => Promise<unknown>;
};

const NO_PARAMETERS = z.strictObject({});
const BODY_LIMIT_BYTES = 64 * 1024;

/** @returns a Vercel function's handler; `run` answers a value (200, JSON) or a Response of its own */
export function endpoint<Query = Record<string, never>, Body = undefined, Access extends Role | 'public' = Role>(
  options: Endpoint<Query, Body, Access>,
): Handler {
  return request =>
    answer(async () => {
      const caller = options.role === 'public' ? null : requireCaller(request, options.role);
      const query = parse<unknown>(options.query ?? NO_PARAMETERS, readQuery(request)) as Query;
      const body = (options.body ? parse(options.body, await readJson(request)) : undefined) as Body;
      const result = await options.run({ request, query, body, caller: caller as never });
      return result instanceof Response ? result : jsonResponse(result);
    });
}

/** Runs a handler; whatever it throws becomes a problem without details, and a code in the log. */
export async function answer(handle: () => Promise<Response>): Promise<Response> {
  try {
    return await handle();
  } catch (error) {
    if (error instanceof Problem) return problemResponse(error);
    const failure = readFailure(error);
    if (failure.kind === 'unavailable') {
      logEvent('unavailable', { code: failure.code });
      return problemResponse({ code: 'unavailable', detail: failure.detail, extra: {} });
    }
    if (failure.kind === 'blocked')
      return problemResponse({ code: 'blocked', detail: undefined, extra: { gates: failure.gates } });
    const instance = randomUUID();
    logEvent('internal', { instance, code: failure.code, name: error instanceof Error ? error.name : 'unknown' });
    return problemResponse({ code: 'internal', detail: undefined, extra: { instance } });
  }
}

export function jsonResponse(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  });
}

function readQuery(request: Request): Record<string, string> {
  // Null prototype: a parameter called __proto__ is one more unknown key.
  const query: Record<string, string> = Object.create(null);
  for (const [key, value] of new URL(request.url).searchParams) {
    if (key in query)
      throw new Problem('invalid_input', undefined, { errors: [{ pointer: `?${key}`, detail: 'Given twice.' }] });
    query[key] = value;
  }
  return query;
}

async function readJson(request: Request): Promise<unknown> {
  const bytes = await readBody(request, BODY_LIMIT_BYTES);
  if (!bytes) throw new Problem('too_large', `The body may have ${BODY_LIMIT_BYTES} bytes.`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Problem('malformed', 'The body is not JSON in UTF-8.');
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap(issue =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map(key => ({ pointer: pointerTo([...issue.path, key]), detail: 'There is no such key.' }))
      : [{ pointer: pointerTo(issue.path), detail: issue.message }],
  );
  throw new Problem('invalid_input', undefined, { errors });
}

function pointerTo(path: readonly PropertyKey[]): string {
  return `#${path.map(part => `/${String(part).slice(0, 100).replace(/~/g, '~0').replace(/\//g, '~1')}`).join('')}`;
}
