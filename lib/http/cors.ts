/** Other frontends: the exact origins of ALLOWED_ORIGINS may call with a token. Cookies never cross an origin. */
import { readAllowedOrigins } from '../environment.js';

const ALLOWED_METHODS = 'GET, POST, PATCH, DELETE';
const ALLOWED_HEADERS = 'authorization, content-type';
const EXPOSED_HEADERS = 'retry-after, x-request-id';
const PREFLIGHT_SECONDS = '600';

/** @throws Unavailable when ALLOWED_ORIGINS cannot be read, before anything is done for a page of another origin */
export function requireReadableOrigins(request: Request): void {
  if (request.headers.has('origin')) readAllowedOrigins();
}

export function addCors(request: Request, response: Response): void {
  response.headers.append('vary', 'Origin');
  const origin = request.headers.get('origin');
  if (origin === null || !isAllowed(origin)) return;
  response.headers.set('access-control-allow-origin', origin);
  response.headers.set('access-control-expose-headers', EXPOSED_HEADERS);
}

function isAllowed(origin: string): boolean {
  try {
    return readAllowedOrigins().has(origin);
  } catch {
    return false;
  }
}

/** What a browser asks before a page of another origin calls. An origin that is not listed gets no permission. */
export async function preflight(request: Request): Promise<Response> {
  const response = new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } });
  addCors(request, response);
  if (response.headers.has('access-control-allow-origin')) {
    response.headers.set('access-control-allow-methods', ALLOWED_METHODS);
    response.headers.set('access-control-allow-headers', ALLOWED_HEADERS);
    response.headers.set('access-control-max-age', PREFLIGHT_SECONDS);
  }
  return response;
}
