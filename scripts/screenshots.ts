/**
 * `npm run screenshots`: every section as the tour leaves it, on a desk and on a phone, light and dark, into docs/screenshots.
 * The law: data and clock are fixed, so that a picture changes only when the page does. In a folder of its own, which is
 * removed.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { EMBEDDED_URL } from './database/open.js';
import { operatorId } from './demo/build-sample-line.js';
import { planTour, playTour } from './demo/tour.js';
import { moveClock } from './demo/tour-clock.js';
import { mintToken, type Role } from './demo/tour-desk.js';
import { chromiumOptions } from './screenshots/chromium.js';
import { reducePng } from './screenshots/palette-png.js';
import { callApi, requireSuccess } from './server/api-call.js';
import { type DevServer, startDevServer } from './server/dev-server.js';
import { readMessageFile } from './server/message-file.js';
import { makeProgressBar } from './server/progress.js';
import { runScript } from './server/refusal.js';
import { chooseSigner } from './server/replay-messages.js';

const SAMPLE_FILE = fileURLToPath(new URL('./demo/sample-line.jsonl', import.meta.url));
const TARGET = fileURLToPath(new URL('../docs/screenshots', import.meta.url));
/** The morning after the tour's last day; the gym keeps Chicago time. */
const NOW_MS = Date.parse('2026-10-05T15:40:00Z');
const FIRST_RUN_MS = 60_000;

type Shot = { name: string; hash: string; who: Role; prepare?: (page: Page) => Promise<void> };

const SCREENS: [name: string, options: BrowserContextOptions][] = [
  ['desktop', { viewport: { width: 1280, height: 800 } }],
  ['phone', { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true }],
];

runScript(async () => {
  const options = chromiumOptions();
  const folder = mkdtempSync(path.join(tmpdir(), 'v3pls-screenshots-'));
  // Whatever a .env says: this plays with nobody's data.
  Object.assign(process.env, { DATA_DIR: folder, PORT: '0', DATABASE_URL: EMBEDDED_URL });
  const tour = planTour(readMessageFile(SAMPLE_FILE), NOW_MS);
  moveClock(tour.startMs - FIRST_RUN_MS);
  const server = await startDevServer();
  const browser = await chromium.launch(options);
  try {
    const signer = chooseSigner(process.env.QUO_WEBHOOK_SECRETS);
    await playTour(tour, { url: server.url, signer }, makeProgressBar('Touring'));
    moveClock(NOW_MS);
    await askApi(server, 'POST', '/api/incidents', { action: 'check' });
    await takeAll(server, browser);
  } finally {
    await browser.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
  process.exit(0);
});

async function takeAll(server: DevServer, browser: Browser): Promise<void> {
  const tokens = {
    admin: (await mintToken(server.url, { name: 'Ada', role: 'admin' })).token,
    operator: (await mintToken(server.url, { name: 'Nora', role: 'operator', operatorId: operatorId('Nora') })).token,
    // Has none, and sees the form.
    viewer: undefined,
  };
  mkdirSync(TARGET, { recursive: true });
  const shots = await listShots(server);
  let bytes = 0;
  for (const [screen, options] of SCREENS) {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const who of ['admin', 'operator', 'viewer'] as const) {
        const page = await openPage(browser, { ...options, colorScheme }, server.url, tokens[who]);
        for (const { name, hash, prepare } of shots.filter(shot => shot.who === who)) {
          moveClock(NOW_MS);
          await page.goto('about:blank');
          await page.goto(`${server.url}/${hash}`);
          await settle(page);
          await prepare?.(page);
          await settle(page);
          const file = path.join(TARGET, `${name}-${screen}-${colorScheme}.png`);
          const png = reducePng(await page.screenshot({ animations: 'disabled', caret: 'hide' }));
          writeFileSync(file, png);
          bytes += png.length;
          console.error(path.relative(process.cwd(), file));
        }
        await page.context().close();
      }
    }
  }
  console.error(`${(bytes / 1024 / 1024).toFixed(1)} MB in all.`);
}

async function listShots(server: DevServer): Promise<Shot[]> {
  const { patterns } = (await askApi(server, 'GET', '/api/patterns?sort=evidence&limit=1')) as {
    patterns: { id: string }[];
  };
  return [
    { name: 'sign-in', hash: '', who: 'viewer' },
    { name: 'review', hash: '#/review', who: 'admin' },
    { name: 'approved', hash: '#/approved', who: 'operator' },
    { name: 'pattern', hash: `#/pattern/${patterns[0]!.id}`, who: 'admin' },
    { name: 'why-not', hash: '#/why-not?agreement=disagreed', who: 'operator' },
    { name: 'try', hash: '#/try', who: 'operator', prepare: tryText },
    { name: 'monitoring', hash: '#/monitoring', who: 'admin' },
    { name: 'safety', hash: '#/safety', who: 'admin' },
    { name: 'mine', hash: '#/mine', who: 'operator' },
  ];
}

async function tryText(page: Page): Promise<void> {
  await page.getByRole('textbox').first().fill('hi! are you open this sunday, and until when?');
  await page.getByRole('button', { name: /^Try/ }).click();
  await page.getByText('10am to 10pm').first().waitFor();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
}

async function openPage(
  browser: Browser,
  options: BrowserContextOptions,
  url: string,
  token: string | undefined,
): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'America/Chicago', ...options });
  // Only the time of day stands still: whatever waits on the page goes on.
  await context.addInitScript(nowMs => {
    const Real = Date;
    globalThis.Date = new Proxy(Real, {
      construct: (target, values) => (values.length === 0 ? new target(nowMs) : Reflect.construct(target, values)),
      get: (target, key, self) => (key === 'now' ? () => nowMs : Reflect.get(target, key, self)),
    });
  }, NOW_MS);
  // And the page believes the server's clock, of which Node writes the machine's into its answers.
  await context.route('**/api/**', async route => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), date: new Date(NOW_MS).toUTCString() } });
  });
  const page = await context.newPage();
  if (!token) return page;
  // By the page itself: only the browser's own clock is not moved, and a cookie lives by it.
  await page.goto(`${url}/#token=${token}`);
  await page.getByRole('region', { name: 'State of the system' }).waitFor();
  return page;
}

/** Nothing is loading any more, and nothing moves. */
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .skeleton'));
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

async function askApi(server: DevServer, method: string, where: string, body?: unknown): Promise<unknown> {
  return requireSuccess(await callApi(server.url, where, { method, body, token: process.env.ADMIN_TOKEN }), server.url);
}
