// One person in a browser: a context, a page, and an ear for everything that must not happen on it. The law: whatever a test
// looks at, a dialog, an error, a refusal of the Content-Security-Policy or a request to anybody else fails it at the end.
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

export const DESK = { width: 1280, height: 800 };
export const PHONE = { width: 360, height: 740 };
export const ON_PHONE: BrowserContextOptions = { viewport: PHONE, hasTouch: true, isMobile: true };

export type Visit = {
  page: Page;
  /** Goes to a section and waits until its data are drawn. */
  go(hash: string): Promise<void>;
  /** A call of the API as the page makes it: same origin, with the session's cookie. */
  fetch(method: string, path: string, body?: unknown): Promise<{ status: number; body: Problem }>;
  /** The card of a pattern in a list, by words of its question. */
  card(words: string): Locator;
  /** What must not happen, and did. */
  faults: string[];
  /** Faults of this kind are what the test is about. */
  expectFaults(kind: RegExp): void;
  close(): Promise<void>;
};

type Problem = { code?: string; detail?: string } & Record<string, unknown>;

/** @param token null: nobody is signed in */
export async function openVisit(
  browser: Browser,
  url: string,
  token: string | undefined,
  options: BrowserContextOptions,
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: DESK,
    locale: 'en-GB',
    timezoneId: 'America/Chicago',
    ...options,
  });
  context.setDefaultTimeout(10_000);
  if (token !== undefined) {
    const answer = await context.request.post(`${url}/api/session`, { data: { token } });
    expect(answer.status()).toBe(200);
  }
  const page = await context.newPage();
  const faults: string[] = [];
  const expected: RegExp[] = [];
  listen(page, url, faults);
  return {
    page,
    faults,
    expectFaults: kind => expected.push(kind),
    async go(hash) {
      if (page.url().startsWith(`${url}/`)) await goWithin(page, hash);
      else await page.goto(`${url}/${hash}`);
      await settle(page);
    },
    fetch: (method, path, body) =>
      page.evaluate(
        async ([asMethod, toPath, withBody]) => {
          const answer = await fetch(toPath, {
            method: asMethod,
            headers: { 'content-type': 'application/json' },
            ...(withBody !== undefined && { body: withBody }),
          });
          const text = await answer.text();
          return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : {} };
        },
        [method, path, body === undefined ? undefined : JSON.stringify(body)] as [string, string, string | undefined],
      ),
    card: words => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: words }) }),
    async close() {
      await context.close();
      expect(faults.filter(fault => !expected.some(kind => kind.test(fault)))).toEqual([]);
    },
  };
}

/** By address, as a link does. Another section has another heading; until that is there the former one still stands. */
async function goWithin(page: Page, hash: string): Promise<void> {
  const pathOf = (address: string) => address.replace(/^.*#/, '').replace(/\?.*/, '');
  const isElsewhere = pathOf(page.url()) !== pathOf(hash);
  const former = await page.locator('h1').first().elementHandle();
  await page.evaluate(to => location.assign(to), hash);
  if (isElsewhere) await page.waitForFunction(heading => !heading?.isConnected, former);
  // The page's own answer to a new address is drawn in the frame after next.
  await page.evaluate(() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}

/** Nothing is loading any more, neither the section's code nor its data. */
export async function settle(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.waitForFunction(
    () =>
      !document.querySelector('[aria-busy="true"], [aria-hidden="true"].skeleton') &&
      ![...document.querySelectorAll('[role="status"]')].some(status => /^Loading|…$/.test(status.textContent ?? '')),
  );
}

function listen(page: Page, url: string, faults: string[]): void {
  page.on('dialog', dialog => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', error => faults.push(`error: ${error.message}`));
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning')
      faults.push(`console: ${message.text()} ${message.location().url.replace(url, '')}`);
  });
  page.on('popup', popup => faults.push(`popup: ${popup.url()}`));
  page.on('request', request => {
    const address = request.url();
    if (!address.startsWith(`${url}/`) && !address.startsWith('data:')) faults.push(`request: ${address}`);
  });
}
