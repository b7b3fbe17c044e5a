/** RFC 9457 problems with a stable `code`. A problem is an answer, so it is thrown and caught in one place only. */

export type ProblemCode =
  | 'malformed'
  | 'invalid_input'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'blocked'
  | 'too_large'
  | 'rate_limited'
  | 'unavailable'
  | 'internal';

const STATUS: Record<ProblemCode, number> = {
  malformed: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  blocked: 409,
  too_large: 413,
  invalid_input: 422,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
};

const TITLE: Record<ProblemCode, string> = {
  malformed: 'The request could not be read',
  unauthorized: 'Not authenticated',
  forbidden: 'This role may not do that',
  not_found: 'There is no such thing',
  conflict: 'It changed meanwhile',
  blocked: 'A gate refused',
  too_large: 'The body is too large',
  invalid_input: 'The input is not valid',
  rate_limited: 'Too many requests',
  internal: 'Something went wrong here',
  unavailable: 'Not available now',
};

export class Problem extends Error {
  override name = 'Problem';
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly extra: Record<string, unknown>;
  /** For Retry-After, where it is not the usual five. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ProblemCode, detail?: string, extra: Record<string, unknown> = {}, retryAfterSeconds?: number) {
    super(code);
    this.code = code;
    this.detail = detail;
    this.extra = extra;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** @param extra members beside the standard ones, such as `errors`, `gates` or `instance` */
export function problemResponse({ code, detail, extra, retryAfterSeconds }: Problem): Response {
  const status = STATUS[code];
  const body = { type: 'about:blank', title: TITLE[code], status, code, ...(detail ? { detail } : {}), ...extra };
  const headers: Record<string, string> = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
  if (code === 'unavailable' || code === 'rate_limited') headers['retry-after'] = String(retryAfterSeconds ?? 5);
  if (code === 'unauthorized') headers['www-authenticate'] = 'Bearer';
  return new Response(JSON.stringify(body), { status, headers });
}
