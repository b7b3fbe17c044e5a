/** The page's session: opened with a token or a one-time link, held in a cookie, ended by signing out or with the token it came from. */
import * as z from 'zod';
import { endSession, signIn } from '../db/people.js';
import { requireAdminToken } from './environment.js';
import { jsonResponse } from './http/answer.js';
import type { Caller } from './http/caller.js';
import {
  addressBucket,
  hashSecret,
  isSameOrigin,
  isSecret,
  makeSecret,
  readCredentials,
  readSessionCookie,
  sessionCookie,
} from './http/credentials.js';
import { Problem } from './http/problem.js';
import { iso } from './moment.js';

/** The database ends a session after as long. */
const COOKIE_SECONDS = 30 * 24 * 3600;

const secretText = z.string().min(1).max(512);

/** A token, or the code of a one-time link. Without either, the `Authorization` header is the token. */
export const signInBody = z
  .strictObject({ token: secretText.optional(), code: secretText.optional() })
  .refine(body => body.token === undefined || body.code === undefined, 'Either a token or a code.')
  .optional();

/**
 * @throws Problem unauthorized (the same for every wrong token, code or link), forbidden from another origin's page,
 *   rate_limited after too many failures from one place
 */
export async function openSession(request: Request, body: z.infer<typeof signInBody>): Promise<Response> {
  const adminHash = hashSecret(requireAdminToken());
  // A page elsewhere could otherwise sign its visitor in as somebody else.
  if (!isOwnPageOrNoPage(request)) throw new Problem('forbidden', 'A page of another origin may not sign in here.');
  const presented = readPresented(request, body ?? {});
  if (presented === null) throw new Problem('unauthorized');
  const secret = makeSecret('session');
  const bucket = addressBucket(request, adminHash);
  const result = await signIn(presented, adminHash, hashSecret(secret), bucket);
  switch (result.status) {
    case 'refused':
      throw new Problem('unauthorized');
    case 'limited':
      throw new Problem('rate_limited', 'Too many failed sign-ins: wait five minutes.', {}, 300);
    case 'unavailable':
      throw new Problem('unavailable', 'Sign-ins cannot be counted now.');
    case 'signed_in': {
      const response = jsonResponse(describeCaller(result.caller));
      response.headers.set('set-cookie', sessionCookie(request, secret, COOKIE_SECONDS));
      return response;
    }
    default:
      return result satisfies never;
  }
}

export function describeCaller({ name, role, operatorId, expiresAt }: Caller) {
  return { name, role, operatorId, expiresAt: iso(expiresAt) };
}

/** Signing out twice, or without a session, is signed out. */
export async function closeSession(request: Request): Promise<Response> {
  const secret = readSessionCookie(request);
  if (secret !== null) {
    if (!isSameOrigin(request)) throw new Problem('forbidden', 'A page of another origin may not sign out here.');
    await endSession(hashSecret(secret));
  }
  return new Response(null, { status: 204, headers: { 'set-cookie': sessionCookie(request, null, 0) } });
}

/** Browsers name the page that asks; a program on its own names none. */
function isOwnPageOrNoPage(request: Request): boolean {
  const isNamed = request.headers.has('origin') || request.headers.has('sec-fetch-site');
  return !isNamed || isSameOrigin(request);
}

function readPresented(request: Request, body: { token?: string; code?: string }) {
  if (body.code !== undefined) {
    // Guesses that cannot be right are counted all the same.
    return { kind: 'link' as const, hash: hashSecret(isSecret('link', body.code) ? body.code : '') };
  }
  const credentials = readCredentials(request);
  const token = body.token ?? (credentials.kind === 'token' ? credentials.secret : undefined);
  return token === undefined ? null : { kind: 'token' as const, hash: hashSecret(token) };
}
