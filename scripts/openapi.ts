// `npm run openapi`: writes docs/openapi.json and the page's types from what the functions declare and what lib/contract says
// they answer. Nothing is written by hand, so the description cannot say anything else than the code.
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import openapiTypes, { astToString } from 'openapi-typescript';
import * as z from 'zod';
import { problem } from '../lib/contract/answers.js';
import { CALLS, type Call } from '../lib/contract/calls.js';
import type { Access, Declaration, Handler } from '../lib/http/endpoint.js';

type Json = Record<string, unknown>;

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const METHODS = ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'];
const PEOPLE: readonly Access[] = ['viewer', 'operator', 'admin'];

/** @returns each declared handler by its call, such as `PATCH /api/patterns/{id}` */
export async function listDeclarations(): Promise<Map<string, Declaration>> {
  const files = readdirSync(path.join(ROOT, 'api'), { recursive: true, encoding: 'utf8' }).filter(name =>
    name.endsWith('.ts'),
  );
  const found = new Map<string, Declaration>();
  for (const file of files.sort()) {
    const module = (await import(pathToFileURL(path.join(ROOT, 'api', file)).href)) as Record<string, Handler>;
    const url = `/api/${file
      .replace(/\.ts$/, '')
      .replace(/\/index$/, '')
      .replace(/\[(\w+)\]/g, '{$1}')}`;
    for (const method of METHODS) if (module[method]) found.set(`${method} ${url}`, module[method].declaration);
  }
  return found;
}

export async function describeApi(): Promise<Json> {
  const schemas: Json = {};
  const paths: Record<string, Json> = {};
  for (const [call, declaration] of await listDeclarations()) {
    const [method, url] = call.split(' ') as [string, string];
    paths[url] ??= {};
    paths[url][method.toLowerCase()] = describeCall(call, declaration, requireCall(call), schemas);
  }
  convert(problem, 'output', schemas);
  return {
    openapi: '3.1.0',
    info: {
      title: 'V3-PLS',
      version: '1',
      description:
        'Watches a shared Quo line, learns which replies answer which messages, and keeps every learned pattern inactive. Nothing here can send a text.',
      license: { name: 'UNLICENSED' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas,
      responses: describeProblems(),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'ADMIN_TOKEN or a named access token' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-v3pls',
          description: "The page's; same-origin writes only",
        },
        cron: { type: 'http', scheme: 'bearer', description: 'CRON_SECRET' },
        quo: {
          type: 'apiKey',
          in: 'header',
          name: 'webhook-signature',
          description: 'With webhook-id and webhook-timestamp',
        },
        quoLegacy: { type: 'apiKey', in: 'header', name: 'openphone-signature' },
      },
    },
  };
}

function requireCall(name: string): Call {
  const call = CALLS[name];
  if (!call) throw new Error(`lib/contract/calls.ts does not say what ${name} answers.`);
  return call;
}

/** `GET /api/patterns/{id}` is getPatternsId. */
function nameCall(name: string): string {
  const [method, url] = name.split(' ') as [string, string];
  const words = url
    .replace('/api/', '')
    .split(/[^a-z]+/i)
    .filter(word => word !== '');
  return method.toLowerCase() + words.map(word => word[0]!.toUpperCase() + word.slice(1)).join('');
}

function describeCall(name: string, declaration: Declaration, call: Call, schemas: Json): Json {
  const { access, body, hasId } = declaration;
  const role = PEOPLE.includes(access) ? ` Least role: ${access}.` : '';
  const grown = declaration.roleFor ? ' What loosens needs admin.' : '';
  return {
    summary: call.summary,
    ...(role && { description: (role + grown).trim() }),
    operationId: nameCall(name),
    security: [...(declaration.isOpen ? [{}] : []), ...describeSecurity(access)],
    parameters: [...(hasId ? [pathId] : []), ...describeQuery(declaration.query)],
    ...(body && {
      requestBody: {
        required: !body.safeParse(undefined).success,
        content: { 'application/json': { schema: convert(body, 'input', schemas) } },
      },
    }),
    ...(access === 'signature' && {
      requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
    }),
    responses: describeResponses(name, declaration, call, schemas),
  };
}

const pathId = { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } };

function describeSecurity(access: Access): Json[] {
  switch (access) {
    case 'signature':
      return [{ quo: [] }, { quoLegacy: [] }];
    case 'cron':
      return [{ cron: [] }];
    case 'none':
      return [];
    case 'viewer':
    case 'operator':
    case 'admin':
      return [{ token: [] }, { session: [] }];
    default:
      return access satisfies never;
  }
}

function describeQuery(query: z.ZodType | null): Json[] {
  if (!query) return [];
  const schema = convert(query, 'input', {}) as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    in: 'query',
    required: schema.required?.includes(name) ?? false,
    schema: property,
  }));
}

function describeResponses(name: string, declaration: Declaration, call: Call, schemas: Json): Json {
  const content = call.answer ? { 'application/json': { schema: convert(call.answer, 'output', schemas) } } : null;
  const isCounted = PEOPLE.includes(declaration.access) && !name.startsWith('GET') && !name.startsWith('HEAD');
  const problems = [
    ...new Set([...usualProblems(declaration), ...(isCounted ? [429] : []), ...(call.problems ?? [])]),
  ].sort((a, b) => a - b);
  return {
    [call.status]: { description: 'Done', ...(content && { content }) },
    ...Object.fromEntries(problems.map(status => [status, { $ref: `#/components/responses/Problem${status}` }])),
    ...(call.unwell && { 503: describeUnwell(call.unwell, schemas) }),
  };
}

const WORDS: Record<number, string> = {
  400: 'The body is no JSON',
  401: 'Not authenticated',
  403: 'The role is too low, or a page of another origin writes',
  404: 'There is no such thing',
  409: 'It changed meanwhile, or a gate refused (with `gates`)',
  413: 'The body is too large',
  422: 'Not valid (with `errors`)',
  429: 'Too many in a while',
  500: 'A fault here; `instance` stands in the log',
  503: 'Not available now: try again (Retry-After)',
};

function describeUnwell(schema: z.ZodType, schemas: Json): Json {
  return {
    description: WORDS[503],
    content: {
      'application/json': { schema: convert(schema, 'output', schemas) },
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    },
  };
}

function describeProblems(): Json {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    Object.entries(WORDS).map(([status, description]) => [`Problem${status}`, { description, content }]),
  );
}

function usualProblems({ access, body, hasId, query }: Declaration): number[] {
  const isPerson = PEOPLE.includes(access);
  return [
    500,
    503,
    ...(access === 'none' ? [] : [401]),
    ...(isPerson && access !== 'viewer' ? [403] : []),
    ...(hasId ? [404] : []),
    ...(body ? [400, 413, 422] : []),
    ...(query ? [422] : []),
  ];
}

/** A schema with a name of its own is written once, among the components. */
function convert(schema: z.ZodType, io: 'input' | 'output', schemas: Json): unknown {
  const {
    $schema: _,
    $defs = {},
    ...converted
  } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json & {
    $defs?: Json;
  };
  for (const [name, definition] of Object.entries($defs)) schemas[name] = relink(definition);
  return relink(converted);
}

function relink(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('#/$defs/', '#/components/schemas/'), (key, inner) =>
    // The platform's own marks are no part of OpenAPI.
    key === 'id' && typeof inner === 'string' ? undefined : inner,
  );
}

export async function writeTypes(api: Json): Promise<string> {
  const header = '// Written by `npm run openapi` from docs/openapi.json: change the shapes in lib/contract instead.\n';
  return header + astToString(await openapiTypes(api as never));
}

export const API_FILE = path.join(ROOT, 'docs/openapi.json');
export const TYPES_FILE = path.join(ROOT, 'web/src/openapi.ts');
export const writeDescription = (api: Json) => `${JSON.stringify(api, null, 2)}\n`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const api = await describeApi();
  writeFileSync(API_FILE, writeDescription(api));
  writeFileSync(TYPES_FILE, await writeTypes(api));
  console.log(`Wrote docs/openapi.json and web/src/openapi.ts: ${Object.keys(api.paths as Json).length} paths.`);
}
