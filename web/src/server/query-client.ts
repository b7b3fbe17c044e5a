/**
 * What the page remembers of the server's answers. The law: nothing that the server has not confirmed is kept, a refusal is
 * never asked again in silence, and what one tab changed the other tabs read anew.
 */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { Refusal } from './refusal.js';

/** So long an answer is shown again without asking, when a person goes back and forth between sections. */
const FRESH_MS = 15_000;
const SESSION = 'session';

/** @param onSignedOut the session has ended, whatever was asked */
export function makeQueryClient(onSignedOut: () => void): QueryClient {
  const tellSignedOut = (error: Error) => {
    if (error instanceof Refusal && error.status === 401) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: tellSignedOut }),
    mutationCache: new MutationCache({ onError: tellSignedOut }),
    defaultOptions: {
      queries: { networkMode: 'always', staleTime: FRESH_MS, retry: mayAskAgain, retryDelay: 1_000 },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

/** Once, where nothing answered; what was refused stays refused until a person asks again. */
function mayAskAgain(failures: number, error: Error): boolean {
  if (error instanceof Refusal && error.status >= 400 && error.status < 500) return false;
  return failures < 1;
}

/** The other tabs of this browser. A message says that something changed, never what: each tab asks the server itself. */
const tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('v3pls');

export function tellOtherTabs(): void {
  tabs?.postMessage('changed');
}

export function followOtherTabs(client: QueryClient): void {
  tabs?.addEventListener('message', () => client.invalidateQueries());
}

/** Everything that was read with another person's rights. */
export function forgetAnswers(client: QueryClient): void {
  client.removeQueries({ predicate: query => query.queryKey[0] !== SESSION });
}

export const SESSION_KEY = [SESSION] as const;
