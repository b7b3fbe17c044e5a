/** Keeps the access token for this tab only: never in the address bar, a cookie or local storage. */

const KEY = 'v3pls-token';
let inMemory: string | null = null;

/** Takes `#token=…` out of the address, and out of the history entry, before anything else can read it. */
export function takeTokenFromAddress(): boolean {
  if (!location.hash.startsWith('#token=')) return false;
  const raw = location.hash.slice('#token='.length);
  history.replaceState(null, '', location.pathname + location.search);
  keepToken(decode(raw));
  return true;
}

export function keepToken(token: string): void {
  inMemory = token;
  try {
    sessionStorage.setItem(KEY, token);
  } catch {
    // Storage is refused in some private windows; the token then lasts until the tab reloads.
  }
}

export function readToken(): string | null {
  try {
    return inMemory ?? sessionStorage.getItem(KEY);
  } catch {
    return inMemory;
  }
}

export function forgetToken(): void {
  inMemory = null;
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was stored.
  }
}

/** A header takes visible ASCII only; anything else can be no token of ours. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]{1,512}$/.test(text);
}

function decode(raw: string): string {
  try {
    return decodeURIComponent(raw).trim();
  } catch {
    return raw;
  }
}
