/** Who is signed in. The secret lives in a cookie that no script can read; this page only asks, signs in and signs out. */
import { ask } from './api.js';
import type { Person } from './contract.js';

export type Credential = { token: string } | { code: string };

/** @throws Refusal; 401 where nobody is signed in */
export async function findPerson(signal: AbortSignal): Promise<Person> {
  return (await ask<Person>((api, given) => api.GET('/api/session', { signal: given }), signal)).body;
}

/** @throws Refusal, with what the server said */
export async function signIn(credential: Credential, signal: AbortSignal): Promise<Person> {
  return (await ask<Person>((api, given) => api.POST('/api/session', { body: credential, signal: given }), signal))
    .body;
}

export async function signOut(signal: AbortSignal): Promise<void> {
  await ask((api, given) => api.DELETE('/api/session', { signal: given }), signal);
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
