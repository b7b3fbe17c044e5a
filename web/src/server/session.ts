/** Who is signed in. The secret lives in a cookie that no script can read; this page only asks, signs in and signs out. */
import type { Person } from '../contract.js';
import { api, ask } from './client.js';
import { Refusal } from './refusal.js';

export type Credential = { token: string } | { code: string };

/** `reason` says why nobody is signed in, where there is something to say. */
export type Session = { person: Person | null; reason: string | null };

export const SIGNED_OUT: Session = {
  person: null,
  reason: 'You are signed out: the session has ended, or its token was withdrawn or has expired.',
};

const NOT_ACCEPTED: Record<'token' | 'code', string> = {
  token: 'The server does not accept this token. It may be mistyped, expired or withdrawn.',
  code: 'This link was used already, or is too old. Ask for a new one.',
};

/** @param credential from the address; without one, the session of an earlier visit counts. @throws Refusal when the server cannot say */
export async function openSession(credential: Credential | null): Promise<Session> {
  if (credential === null) return { person: await findPerson(), reason: null };
  const session = await signIn(credential);
  if (session.person) return session;
  // Yesterday's link, pressed again by somebody who is still signed in.
  const person = await findPerson();
  return person ? { person, reason: null } : session;
}

/** @throws Refusal for everything but a credential that is not accepted */
export async function signIn(credential: Credential): Promise<Session> {
  try {
    return { person: await ask(api.POST('/api/session', { body: credential })), reason: null };
  } catch (error) {
    if (!(error instanceof Refusal) || (error.status !== 401 && error.status !== 422)) throw error;
    return { person: null, reason: NOT_ACCEPTED['code' in credential ? 'code' : 'token'] };
  }
}

/** @throws Refusal: whoever believes to be signed out must be */
export async function signOut(): Promise<void> {
  await ask(api.DELETE('/api/session'));
}

/** Nobody is an answer too. */
async function findPerson(): Promise<Person | null> {
  try {
    return await ask(api.GET('/api/session'));
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) return null;
    throw error;
  }
}

/** Takes `#token=…` or `#code=…` out of the address, and out of the history entry, before anything else can read it. */
export function takeCredential(): Credential | null {
  const match = /^#(token|code)=(.*)$/s.exec(location.hash);
  if (!match) return null;
  history.replaceState(null, '', location.pathname + location.search);
  const value = decode(match[2]!);
  return match[1] === 'code' ? { code: value } : { token: value };
}

function decode(raw: string): string {
  try {
    return decodeURIComponent(raw).trim();
  } catch {
    return raw;
  }
}
