/** What a request brings to say who it is: a Bearer token, or the page's session cookie. Nothing is compared here. */
import { createHash, createHmac, randomBytes } from 'node:crypto';

export type Credentials =
  | { kind: 'none' }
  /** An `Authorization` header that is no Bearer token: it opens nothing, and no cookie makes up for it. */
  | { kind: 'unreadable' }
  | { kind: 'token'; secret: string }
  | { kind: 'session'; secret: string };

/** 256 bits of randomness; the prefix tells what it is, and anything else is refused without asking the database. */
const PREFIX = { token: 'v3pls_', session: 'v3s_', link: 'v3l_' } as const;
export type SecretKind = keyof typeof PREFIX;
const SECRET_BYTES = 32;
const SECRET = /^[A-Za-z0-9_-]{43}$/;

export function makeSecret(kind: SecretKind): string {
  return PREFIX[kind] + randomBytes(SECRET_BYTES).toString('base64url');
}

export function isSecret(kind: SecretKind, text: string): boolean {
  return text.startsWith(PREFIX[kind]) && SECRET.test(text.slice(PREFIX[kind].length));
}

/** What is stored of a secret. Its randomness makes salt and slowness needless. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

export function readCredentials(request: Request): Credentials {
  const authorization = request.headers.get('authorization');
  if (authorization !== null) {
    const match = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(authorization);
    return match ? { kind: 'token', secret: match[1]! } : { kind: 'unreadable' };
  }
  const secret = readSessionCookie(request);
  return secret === null ? { kind: 'none' } : { kind: 'session', secret };
}

/** Plain HTTP on this very machine, where a browser would not keep a `Secure` cookie. */
function isLocal(url: URL): boolean {
  return url.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
}

function cookieName(request: Request): string {
  return isLocal(new URL(request.url)) ? 'v3pls' : '__Host-v3pls';
}

/** A cookie given twice is none: one of the two was planted. */
export function readSessionCookie(request: Request): string | null {
  const name = cookieName(request);
  const values = (request.headers.get('cookie') ?? '')
    .split(';')
    .map(part => part.trim())
    .filter(part => part.startsWith(`${name}=`))
    .map(part => part.slice(name.length + 1));
  return values.length === 1 && isSecret('session', values[0]!) ? values[0]! : null;
}

/** @param secret null signs out */
export function sessionCookie(request: Request, secret: string | null, maxAgeSeconds: number): string {
  const name = cookieName(request);
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Strict', ...(name.startsWith('__Host-') ? ['Secure'] : [])];
  return [`${name}=${secret ?? ''}`, `Max-Age=${secret === null ? 0 : maxAgeSeconds}`, ...attributes].join('; ');
}

/**
 * Whether a page of ours asks. Browsers say so themselves, in one header or the other; who says nothing is no browser,
 * and has no cookie to send.
 */
export function isSameOrigin(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site');
  const origin = request.headers.get('origin');
  if (site !== null && site !== 'same-origin') return false;
  return origin === null ? site === 'same-origin' : origin === new URL(request.url).origin;
}

/**
 * Where failed sign-ins are counted: the caller's address, keyed, so that no address is stored. Only the platform's own
 * word counts; anywhere else callers could write it themselves, and all of them share one count.
 */
export function addressBucket(request: Request, key: string): string {
  const address = networkOf((process.env.VERCEL && request.headers.get('x-real-ip')) || 'unknown');
  return `sign_in:${createHmac('sha256', key).update(address).digest('hex').slice(0, 32)}`;
}

/** One caller has a whole network of IPv6 addresses: its first 64 bits are who it is. */
function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter(group => group !== '');
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter(group => group !== '').length;
  const whole = [...groups, ...Array(Math.max(0, missing)).fill('0'), ...(tail ?? '').split(':')];
  return whole.slice(0, 4).join(':').toLowerCase();
}
