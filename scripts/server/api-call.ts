// A script's call of a running system's API. Its one law: a token goes over HTTPS or to this machine, and never along a redirect.
import { readPort } from './local-environment.js';
import { Refusal } from './refusal.js';

export type ApiAnswer = {
  status: number;
  headers: Headers;
  /** Undefined for an answer without a body, or with one that is not JSON. */
  body: unknown;
  /** Milliseconds on this machine's clock when it was sent and when it came. */
  sentMs: number;
  cameMs: number;
};

export type ApiCall = { method?: string; token?: string; body?: unknown; rawBody?: string; headers?: HeadersInit };

const ANSWER_LIMIT_MS = 20_000;

/** Where the system stands: `--url`, else the dev server on PORT. Without a path. Throws a Refusal for a bad address. */
export function readBaseUrl(text: string | undefined): string {
  if (text === undefined) return `http://localhost:${readPort(process.env.PORT)}`;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new Refusal('--url is not an address: https://your-project.vercel.app is expected.');
  const url = new URL(text);
  if (url.protocol === 'http:' && !isThisMachine(text))
    throw new Refusal('--url must begin with https://: over plain http everybody on the way could read the token.');
  return url.origin;
}

export function isThisMachine(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
}

/** Throws a Refusal when nothing answers; every status is an answer. */
export async function callApi(base: string, path: string, call: ApiCall = {}): Promise<ApiAnswer> {
  const headers = new Headers(call.headers);
  if (call.token && !/^[\x21-\x7e]{1,512}$/.test(call.token))
    throw new Refusal('ADMIN_TOKEN holds a blank or another character that no token has.');
  if (call.token) headers.set('authorization', `Bearer ${call.token}`);
  if (call.body !== undefined) headers.set('content-type', 'application/json');
  const sentMs = Date.now();
  try {
    const response = await fetch(base + path, {
      method: call.method ?? 'GET',
      headers,
      body: call.rawBody ?? (call.body === undefined ? undefined : JSON.stringify(call.body)),
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parse(text), sentMs, cameMs: Date.now() };
  } catch {
    throw new Refusal(
      `Nothing answers at ${base}: start the system with "npm start", or name another place with --url.`,
    );
  }
}

/** Throws a Refusal with what to do for anything but a 2xx. */
export function requireSuccess({ status, headers, body }: ApiAnswer, base: string): unknown {
  if (status >= 200 && status < 300) return body;
  if (status >= 300 && status < 400)
    throw new Refusal(`${base} sends its callers on to ${headers.get('location') ?? 'another address'}: use that one.`);
  const { code, detail, errors } = readProblem(body);
  if (code === null)
    throw new Refusal(`What answers at ${base} (${status}) is not this system${status === 401 ? PROTECTED : '.'}`);
  switch (status) {
    case 401:
      throw new Refusal(`The token was refused (401): ADMIN_TOKEN here is not the one of ${base}.`);
    case 403:
      throw new Refusal(`This token may not do that (403): it needs an admin's token in ADMIN_TOKEN.`);
    case 404:
      throw new Refusal(`There is no such thing at ${base} (404).`);
    case 422:
      throw new Refusal(['It was not accepted (422):', ...errors].join('\n  '));
    case 429:
      throw new Refusal('Too many changes in a minute (429): wait a minute, and try again.');
    default:
      throw new Refusal(`${base} answered ${status}${detail ? `: ${detail}` : '.'}`);
  }
}

const PROTECTED = ": Vercel's Deployment Protection may stand before it (Settings → Deployment Protection).";

/** The problem that an answer holds (RFC 9457); `code` null when it is none of ours. */
export function readProblem(body: unknown): { code: string | null; detail: string | null; errors: string[] } {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const errors = Array.isArray(problem.errors) ? (problem.errors as { pointer?: unknown; detail?: unknown }[]) : [];
  return {
    code: typeof problem.code === 'string' ? problem.code : null,
    detail: typeof problem.detail === 'string' ? problem.detail : null,
    errors: errors.map(error => `${error.pointer}: ${error.detail}`),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
