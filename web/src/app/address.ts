/**
 * Where in the page somebody is: `#/pattern/…` and, after a `?`, what the section was asked for. Nothing of it reaches a
 * server's log, for browsers keep what follows the `#` to themselves.
 */
import { useSyncExternalStore } from 'react';
import { useHashLocation } from 'wouter/use-hash-location';

type Navigation = { replace?: boolean };

/** For wouter: the path without what follows a `?`. */
export function useHashPath(): [string, (to: string, options?: Navigation) => void] {
  const [full] = useHashLocation();
  return [full.split('?')[0]!, goTo];
}
useHashPath.hrefs = (href: string) => `#${href}`;

/** @param to such as `/why-not?patternId=…` */
export function goTo(to: string, { replace = false }: Navigation = {}): void {
  history[replace ? 'replaceState' : 'pushState'](null, '', `#${to}`);
  // What listens to the address is told by this event alone: neither of the two calls raises one.
  dispatchEvent(new HashChangeEvent('hashchange'));
}

/** What follows the `?` of this section's address. */
export function useAddressQuery(): URLSearchParams {
  return new URLSearchParams(useSyncExternalStore(subscribe, readQuery));
}

function readQuery(): string {
  return location.hash.split('?')[1] ?? '';
}

function subscribe(tell: () => void): () => void {
  addEventListener('hashchange', tell);
  return () => removeEventListener('hashchange', tell);
}
