/**
 * The page's frame: signing in and out, the banner, the list. The law: it shows only what the server has confirmed, and
 * where it has not answered it says "unknown".
 */
import { ask, Refusal } from './api.js';
import { drawBanner } from './cards.js';
import type { Config, Monitoring, Person } from './contract.js';
import { element } from './elements.js';
import { makeList } from './list.js';
import { readSafety, type Safety } from './safety.js';
import { type Credential, findPerson, signIn, signOut, takeCredential } from './session.js';
import { drawSignIn } from './sign-in.js';

const BANNER_INTERVAL_MS = 60_000;
const SIGNED_OUT = 'You are signed out: the session has ended, or its token was withdrawn or has expired.';
const NOT_ACCEPTED: Record<'token' | 'code', string> = {
  token: 'The server does not accept this token. It may be mistyped, expired or withdrawn.',
  code: 'This link was used already, or is too old. Ask for a new one.',
};

const page = document.querySelector<HTMLElement>('#page')!;
let visit = new AbortController();

/** @param credential from the address or the form; without one, the session of an earlier visit counts */
async function start(credential: Credential | null): Promise<void> {
  visit.abort();
  visit = new AbortController();
  const { signal } = visit;
  page.replaceChildren(element('main', { class: 'narrow' }, element('p', { role: 'status' }, 'Signing in…')));
  try {
    const person = credential ? await signIn(credential, signal) : await findPerson(signal);
    if (!signal.aborted) showPatterns(person, signal);
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof Refusal)) throw error;
    // Yesterday's link, pressed again by somebody who is still signed in.
    const person = credential && error.status === 401 ? await findPerson(signal).catch(() => null) : null;
    if (signal.aborted) return;
    if (person) showPatterns(person, signal);
    else showSignIn(sayRefusal(error, credential));
  }
}

function sayRefusal(refusal: Refusal, credential: Credential | null): string | null {
  if (refusal.status !== 401 && refusal.status !== 422) return refusal.message;
  return credential ? NOT_ACCEPTED['code' in credential ? 'code' : 'token'] : null;
}

function showSignIn(reason: string | null): void {
  visit.abort();
  page.replaceChildren(drawSignIn(reason, token => start({ token })));
  page.querySelector<HTMLElement>('input')?.focus();
}

function showPatterns(person: Person, signal: AbortSignal): void {
  const banner = element('section', { 'aria-label': 'Safety' });
  let safety: Safety = readSafety(null, null, Date.now());
  const list = makeList({ signal, onRefusal: () => showSignIn(SIGNED_OUT), readSafety: () => safety });
  const refresh = element('button', { type: 'button' }, 'Refresh');
  const leave = element('button', { type: 'button' }, 'Sign out');
  const heading = element('h1', { tabindex: '-1' }, 'Learned patterns');
  const who = element(
    'span',
    { class: 'muted' },
    person.name === person.role ? person.name : `${person.name} (${person.role})`,
  );
  const bar = element('header', {}, heading, element('div', {}, who, refresh, leave));
  // Said aloud only when it changes, not at every refresh.
  const announcement = element('p', { class: 'unseen', role: 'status' });
  banner.append(element('p', { class: 'muted' }, 'Loading the safety state…'));
  page.replaceChildren(bar, announcement, banner, element('main', {}, list.node));
  heading.focus();

  async function loadBanner(): Promise<void> {
    const [monitoring, config] = await Promise.all([
      attempt<Monitoring>((api, given) => api.GET('/api/monitoring', { signal: given })),
      attempt<Config>((api, given) => api.GET('/api/config', { signal: given })),
    ]);
    if (signal.aborted) return;
    const refusals = [monitoring.refusal, config.refusal].filter(refusal => refusal !== null);
    if (refusals.some(refusal => refusal.status === 401)) return showSignIn(SIGNED_OUT);
    safety = readSafety(monitoring.body, config.body, monitoring.atMs);
    const messages = new Set(refusals.map(refusal => refusal.message));
    const errors = [...messages].map(message => element('p', { class: 'error' }, `Not all is known: ${message}`));
    if (announcement.textContent !== safety.headline) announcement.textContent = safety.headline;
    banner.replaceChildren(drawBanner(safety), ...errors);
  }

  async function attempt<T>(
    make: Parameters<typeof ask<T>>[0],
  ): Promise<{ body: T | null; atMs: number; refusal: Refusal | null }> {
    try {
      return { ...(await ask<T>(make, signal)), refusal: null };
    } catch (error) {
      if (!(error instanceof Refusal) && !signal.aborted) throw error;
      return { body: null, atMs: Date.now(), refusal: error instanceof Refusal ? error : null };
    }
  }

  async function loadAll(): Promise<void> {
    await loadBanner();
    if (!signal.aborted) list.reload();
  }

  async function goOut(): Promise<void> {
    try {
      await signOut(signal);
      showSignIn(null);
    } catch (error) {
      // Whoever believes to be signed out must be.
      if (!signal.aborted)
        banner.prepend(
          element('p', { class: 'error', role: 'alert' }, `You are still signed in. ${(error as Error).message}`),
        );
    }
  }

  refresh.addEventListener('click', loadAll);
  leave.addEventListener('click', goOut);
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') loadBanner();
  }, BANNER_INTERVAL_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
  loadAll();
}

addEventListener('hashchange', () => {
  const credential = takeCredential();
  if (credential) start(credential);
});
start(takeCredential());
