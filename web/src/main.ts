/**
 * The page's frame: signing in and out, the banner, the list. The law: it shows only what the server has confirmed, and
 * where it has not answered it says "unknown".
 */
import { get, Refusal } from './api.js';
import { drawBanner } from './cards.js';
import type { Config, Monitoring } from './contract.js';
import { element } from './elements.js';
import { makeList } from './list.js';
import { readSafety, type Safety } from './safety.js';
import { drawSignIn } from './sign-in.js';
import { forgetToken, isToken, keepToken, readToken, takeTokenFromAddress } from './token.js';

const BANNER_INTERVAL_MS = 60_000;
const NOT_ACCEPTED =
  'You are signed out: the server does not accept this token. It may be mistyped, expired or withdrawn.';

const page = document.querySelector<HTMLElement>('#page')!;
let session = new AbortController();

function start(): void {
  const token = readToken();
  if (token === null) showSignIn(null);
  else if (isToken(token)) showPatterns(token);
  else signOut('That link or token has characters that no token has. Ask for a new one.');
}

function showSignIn(reason: string | null): void {
  page.replaceChildren(
    drawSignIn(reason, token => {
      keepToken(token);
      start();
    }),
  );
  page.querySelector<HTMLElement>('input')?.focus();
}

function signOut(reason: string | null): void {
  session.abort();
  forgetToken();
  showSignIn(reason);
}

function showPatterns(token: string): void {
  session.abort();
  session = new AbortController();
  const { signal } = session;
  const banner = element('section', { 'aria-label': 'Safety' });
  let safety: Safety = readSafety(null, null, Date.now());
  const list = makeList({
    token,
    signal,
    onRefusal: () => signOut(NOT_ACCEPTED),
    readSafety: () => safety,
  });
  const refresh = element('button', { type: 'button' }, 'Refresh');
  const leave = element('button', { type: 'button' }, 'Sign out');
  const heading = element('h1', { tabindex: '-1' }, 'Learned patterns');
  const bar = element('header', {}, heading, element('div', {}, refresh, leave));
  // Said aloud only when it changes, not at every refresh.
  const announcement = element('p', { class: 'unseen', role: 'status' });
  banner.append(element('p', { class: 'muted' }, 'Loading the safety state…'));
  page.replaceChildren(bar, announcement, banner, element('main', {}, list.node));
  heading.focus();

  async function loadBanner(): Promise<void> {
    const [monitoring, config] = await Promise.all([
      ask<Monitoring>('/api/monitoring?window=24h'),
      ask<Config>('/api/config'),
    ]);
    if (signal.aborted) return;
    const refusals = [monitoring.refusal, config.refusal].filter(refusal => refusal !== null);
    if (refusals.some(refusal => refusal.status === 401)) return signOut(NOT_ACCEPTED);
    safety = readSafety(monitoring.body, config.body, monitoring.atMs);
    const messages = new Set(refusals.map(refusal => refusal.message));
    const errors = [...messages].map(message => element('p', { class: 'error' }, `Not all is known: ${message}`));
    if (announcement.textContent !== safety.headline) announcement.textContent = safety.headline;
    banner.replaceChildren(drawBanner(safety), ...errors);
  }

  async function ask<T>(path: string): Promise<{ body: T | null; atMs: number; refusal: Refusal | null }> {
    try {
      return { ...(await get<T>(path, token, signal)), refusal: null };
    } catch (error) {
      if (!(error instanceof Refusal) && !signal.aborted) throw error;
      return { body: null, atMs: Date.now(), refusal: error instanceof Refusal ? error : null };
    }
  }

  async function loadAll(): Promise<void> {
    await loadBanner();
    if (!signal.aborted) list.reload();
  }

  refresh.addEventListener('click', loadAll);
  leave.addEventListener('click', () => signOut(null));
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') loadBanner();
  }, BANNER_INTERVAL_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
  loadAll();
}

addEventListener('hashchange', () => {
  if (takeTokenFromAddress()) start();
});
takeTokenFromAddress();
start();
