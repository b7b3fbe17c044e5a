/** Turns "who may call, what is accepted, what runs" into a handler, and keeps the declaration beside it for the role matrix and the API description. */
import type * as z from 'zod';
import { answer, jsonResponse } from './answer.js';
import { type Caller, identifyCaller, type Role, requireCron, requireRole } from './caller.js';
import { addCors, requireReadableOrigins } from './cors.js';
import { parseInput, readJson, readQuery, requireId } from './input.js';
import { Problem } from './problem.js';

/** `signature`: Quo's deliveries. `cron`: CRON_SECRET. `none`: whoever comes, because what comes is the key. */
export type Access = Role | 'signature' | 'cron' | 'none';

export type Declaration = {
  access: Access;
  /** The role that a body of this kind needs, where it is more than the least. */
  roleFor?: (body: never) => Role;
  /** Some of its addresses need no caller. */
  isOpen?: boolean;
  hasId: boolean;
  query: z.ZodType | null;
  body: z.ZodType | null;
};

export type Handler = ((request: Request) => Promise<Response>) & { declaration: Declaration };

type Endpoint<Query, Body, Who extends Access> = {
  /** The least role, or what stands in its place. */
  access: Who;
  /** The role that a body needs, where it is more than the least. */
  roleFor?: (body: Body) => Role;
  /** Whether a write counts as an admin's. What only makes things safer is never counted, and never has to wait. */
  isCounted?: (body: Body) => boolean;
  /** Calls that need no caller, by their address. */
  isOpen?: (url: URL) => boolean;
  /** The path names a thing by its id: `/api/patterns/:id`. */
  hasId?: boolean;
  /** Strict: an unknown parameter is refused by name. */
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  run: (input: {
    request: Request;
    id: string;
    query: Query;
    body: Body;
    caller: Who extends Role ? Caller : null;
  }) => Promise<unknown>;
};

const ROLES: readonly Access[] = ['viewer', 'operator', 'admin'];

/** @returns a Vercel function's handler; `run` answers a value (200, JSON), nothing (204) or a Response of its own */
export function endpoint<Query = Record<string, never>, Body = undefined, Who extends Access = Role>(
  options: Endpoint<Query, Body, Who>,
): Handler {
  const handle = async (request: Request): Promise<Response> => {
    requireReadableOrigins(request);
    // Whether a write is counted may depend on its body; what is wrong with it is said only to a caller who may write.
    const early = options.isCounted || !options.body ? await attempt(request, options.body ?? null) : null;
    const caller = await admit(request, options, early);
    const id = options.hasId ? requireId(request) : '';
    const query = readQuery(request, options.query ?? null, options.hasId ?? false) as Query;
    const body = early ?? (await attempt(request, options.body ?? null));
    if ('problem' in body) throw body.problem;
    if (caller && options.roleFor) requireRole(caller, options.roleFor(body.value));
    const result = await options.run({ request, id, query, body: body.value, caller: caller as never });
    if (result instanceof Response) return result;
    return result === undefined ? new Response(null, { status: 204 }) : jsonResponse(result);
  };
  const declaration: Declaration = {
    access: options.access,
    ...(options.roleFor && { roleFor: options.roleFor as (body: never) => Role }),
    isOpen: options.isOpen !== undefined,
    hasId: options.hasId ?? false,
    query: options.query ?? null,
    body: options.body ?? null,
  };
  return declare(declaration, request => answer(request, () => handle(request), addCors));
}

/** A handler of its own kind, with its declaration. */
export function declare(declaration: Declaration, handle: (request: Request) => Promise<Response>): Handler {
  return Object.assign(handle, { declaration });
}

type Attempted<Body> = { value: Body } | { problem: Problem };

async function attempt<Body>(request: Request, schema: z.ZodType<Body> | null): Promise<Attempted<Body>> {
  if (!schema) return { value: undefined as Body };
  try {
    return { value: parseInput(schema, await readJson(request, schema)) };
  } catch (error) {
    if (error instanceof Problem) return { problem: error };
    throw error;
  }
}

async function admit<Query, Body, Who extends Access>(
  request: Request,
  { access, isOpen, isCounted }: Endpoint<Query, Body, Who>,
  body: Attempted<Body> | null,
): Promise<Caller | null> {
  if (access === 'cron') requireCron(request);
  if (!ROLES.includes(access) || isOpen?.(new URL(request.url))) return null;
  const isWrite = request.method !== 'GET' && request.method !== 'HEAD';
  // A body that cannot be read changes nothing, and counts as what it may have been.
  const isKnown = isCounted && body && 'value' in body;
  const mayCount = isWrite && (isKnown ? isCounted(body.value) : isCounted !== undefined || access === 'admin');
  const { caller, isWithinLimit } = await identifyCaller(request, mayCount);
  requireRole(caller, access as Role);
  if (mayCount && caller.role === 'admin') requireWithinLimit(isWithinLimit);
  return caller;
}

/** Admin writes are few: whoever makes more, or cannot be counted, waits. */
function requireWithinLimit(isWithinLimit: boolean | null): void {
  if (isWithinLimit === null) throw new Problem('unavailable', 'Writes cannot be counted now.');
  if (!isWithinLimit) throw new Problem('rate_limited', 'Too many changes in a minute: wait, and go on.', {}, 60);
}
