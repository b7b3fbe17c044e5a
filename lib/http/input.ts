/** Reads what a caller sent: strictly, with every fault named where it stands. */
import * as z from 'zod';
import { readBody } from './body.js';
import { Problem } from './problem.js';

const NO_PARAMETERS = z.strictObject({});
const BODY_LIMIT_BYTES = 64 * 1024;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The id stands third in the path. The platform repeats it as `?id=`, where a client's own could win. */
export function requireId(request: Request): string {
  const id = new URL(request.url).pathname.split('/')[3] ?? '';
  if (!UUID.test(id)) throw new Problem('not_found');
  return id.toLowerCase();
}

/** @param hasId whether the platform adds `?id=`, which is then no parameter of ours */
export function readQuery(request: Request, schema: z.ZodType | null, hasId: boolean): unknown {
  // Null prototype: a parameter called __proto__ is one more unknown key.
  const query: Record<string, string> = Object.create(null);
  for (const [key, value] of new URL(request.url).searchParams) {
    if (hasId && key === 'id') continue;
    if (key in query)
      throw new Problem('invalid_input', undefined, {
        errors: [{ pointer: pointerTo([key]), detail: 'Given twice.' }],
      });
    query[key] = value;
  }
  return parseInput(schema ?? NO_PARAMETERS, query);
}

/** @returns undefined for an empty body where the schema takes one */
export async function readJson(request: Request, schema: z.ZodType): Promise<unknown> {
  const bytes = await readBody(request, BODY_LIMIT_BYTES);
  if (!bytes) throw new Problem('too_large', `The body may have ${BODY_LIMIT_BYTES} bytes.`);
  if (bytes.byteLength === 0 && schema.safeParse(undefined).success) return undefined;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Problem('malformed', 'The body is not JSON in UTF-8.');
  }
  return parseJson(text);
}

function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem('malformed', 'The body is not JSON in UTF-8.');
  }
  // zod passes over this one key, so that it would be dropped in silence.
  const path = text.includes('__proto__') || text.includes('\\u') ? findProto(value, []) : null;
  if (path)
    throw new Problem('invalid_input', undefined, {
      errors: [{ pointer: pointerTo(path), detail: 'There is no such key.' }],
    });
  return value;
}

function findProto(value: unknown, path: string[]): string[] | null {
  if (typeof value !== 'object' || value === null) return null;
  if (Object.hasOwn(value, '__proto__')) return [...path, '__proto__'];
  for (const [key, inner] of Object.entries(value)) {
    const found = findProto(inner, [...path, key]);
    if (found) return found;
  }
  return null;
}

/** @throws Problem invalid_input with every fault and where it stands */
export function parseInput<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap(listFaults);
  throw new Problem('invalid_input', undefined, { errors });
}

type Fault = { pointer: string; detail: string };

function listFaults(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => ({ pointer: pointerTo([...issue.path, key]), detail: 'There is no such key.' }));
  return [{ pointer: pointerTo(issue.path), detail: issue.message }];
}

function pointerTo(path: readonly PropertyKey[]): string {
  return `#${path.map(part => `/${String(part).slice(0, 100).replace(/~/g, '~0').replace(/\//g, '~1')}`).join('')}`;
}
