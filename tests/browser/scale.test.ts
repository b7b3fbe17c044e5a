/** A thousand patterns and ten thousand exchanges: the list stands at once and answers while somebody types. What another program takes from this machine only adds, so the best of some tries is judged; all are printed. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openDesk } from './support/desk.js';
import { EXCHANGES, fillWithMany, PATTERNS } from './support/many-patterns.js';

const desk = openDesk('empty', fillWithMany);

const PAINT_MS = 1_500;
const FILTER_MS = 100;
const TRIES = 5;

const sorted = (times: number[]) => times.toSorted((a, b) => a - b);
const median = (times: number[]) => sorted(times)[Math.floor(times.length / 2)]!;
const show = (times: number[]) =>
  `best ${sorted(times)[0]!.toFixed(0)}, median ${median(times).toFixed(0)}, worst ${sorted(times).at(-1)!.toFixed(0)} ms of ${times.length}`;

/** From before the page's own code: the moment after the frame in which the first card stood there, since navigation began. */
async function measurePaint(): Promise<number> {
  const visit = await desk.visit('admin');
  await visit.page.addInitScript(() => {
    const seen = new MutationObserver(() => {
      if (!document.querySelector('[data-id] h2')) return;
      seen.disconnect();
      requestAnimationFrame(() => setTimeout(() => Object.assign(window, { paintedMs: performance.now() })));
    });
    seen.observe(document, { childList: true, subtree: true });
  });
  await visit.page.goto(`${desk.url}/#/review`);
  const handle = await visit.page.waitForFunction(() => (window as { paintedMs?: number }).paintedMs, undefined, {
    timeout: 20_000,
  });
  const ms = (await handle.jsonValue())!;
  await visit.page.close();
  return ms;
}

/** Nothing is filtered: what is measured next was not there before. */
async function showsAll(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const kinds = [...document.querySelectorAll('[data-id]')].map(card => card.textContent ?? '');
    return kinds.length > 5 && new Set(kinds.map(text => /answer|question|confirmation/.exec(text)?.[0])).size > 1;
  });
}

/** From the event of the last letter, or of the choice, to the frame after the list shows what is wanted. */
async function measureFilter(
  page: Page,
  label: string,
  act: () => Promise<void>,
  wanted: string,
): Promise<{ shown: number; confirmed: number }> {
  await page.getByLabel(label, { exact: true }).evaluate((field, words) => {
    const times = { shown: 0, confirmed: 0 };
    Object.assign(window, { times });
    let from = 0;
    field.addEventListener(
      'input',
      event => {
        from = event.timeStamp;
      },
      { capture: true },
    );
    const isShown = () => {
      const cards = [...document.querySelectorAll('[data-id]')];
      return cards.length > 0 && cards.every(card => card.textContent?.toLowerCase().includes(words));
    };
    const look = () => {
      const status = [...document.querySelectorAll('main [role="status"]')].map(one => one.textContent).join();
      if (from > 0 && times.shown === 0 && isShown()) times.shown = performance.now() - from;
      if (times.shown > 0 && isShown() && !/asking|loaded/i.test(status)) times.confirmed = performance.now() - from;
      if (times.confirmed === 0) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, wanted);
  await act();
  await page.waitForFunction(
    () => (window as unknown as { times: { confirmed: number } }).times.confirmed > 0,
    undefined,
    { timeout: 15_000 },
  );
  return page.evaluate(() => (window as unknown as { times: { shown: number; confirmed: number } }).times);
}

describe('with a thousand patterns and ten thousand exchanges', () => {
  beforeAll(async () => {
    const [row] = await desk.countRows(['decision_patterns', 'exchanges']);
    expect(row).toEqual({ decision_patterns: PATTERNS, exchanges: EXCHANGES });
    // The watchdog finds nothing amiss in them: they came about in allowed ways.
    const run = await desk.call('operator', 'POST', '/api/incidents', { action: 'check' });
    expect(run.body).toMatchObject({ status: 'clean' });
  }, 60_000);

  it('the first cards stand within 1.5 s of opening the page', async () => {
    const times: number[] = [];
    for (let n = 0; n < TRIES; n++) times.push(await measurePaint());
    console.log(`first useful paint: ${show(times)}`);
    expect(sorted(times)[0]).toBeLessThan(PAINT_MS);
  }, 120_000);

  it('the list answers a filter within 100 ms, and the server confirms it', async () => {
    const { page, go } = await desk.visit('admin');
    await go('#/review');
    await page.waitForLoadState('networkidle');
    const shown: number[] = [];
    const confirmed: number[] = [];
    const best = new Map<string, number>();
    const note = (what: string, times: { shown: number; confirmed: number }) => {
      shown.push(times.shown);
      confirmed.push(times.confirmed);
      best.set(what, Math.min(best.get(what) ?? Number.POSITIVE_INFINITY, times.shown));
    };
    const search = page.getByLabel('Search', { exact: true });
    for (let round = 0; round < TRIES; round++) {
      for (const words of ['yoga', 'lockers tonight', 'cancel', 'parking easter', 'share harness']) {
        await search.fill('');
        await showsAll(page);
        note(words, await measureFilter(page, 'Search', () => search.fill(words), words));
      }
      await search.fill('');
      for (const [choice, words] of [
        ['question', 'question'],
        ['confirmation', 'confirmation'],
      ] as const) {
        await page.getByLabel('Kind').selectOption('');
        await showsAll(page);
        note(
          `kind ${choice}`,
          await measureFilter(
            page,
            'Kind',
            async () => void (await page.getByLabel('Kind').selectOption(choice)),
            words,
          ),
        );
      }
      await page.getByLabel('Kind').selectOption('');
    }
    console.log(`filters, shown: ${show(shown)}; confirmed by the server: ${show(confirmed)}`);
    console.log([...best].map(([what, ms]) => `  ${what}: best ${ms.toFixed(0)} ms`).join('\n'));
    expect(Math.max(...best.values())).toBeLessThan(FILTER_MS);
  }, 120_000);

  it('the server’s own lists take so long', async () => {
    for (const path of [
      '/api/patterns?limit=25',
      '/api/patterns?limit=100&q=yoga',
      '/api/patterns?status=pending_review&limit=100&sort=confidence',
      '/api/exchanges?limit=25',
      '/api/monitoring?window=30d',
    ]) {
      const times: number[] = [];
      for (let n = 0; n < TRIES; n++) {
        const { status, sentMs, cameMs } = await desk.call('admin', 'GET', path);
        expect(status).toBe(200);
        times.push(cameMs - sentMs);
      }
      console.log(`${path}: ${show(times)}`);
    }
  }, 60_000);
});
