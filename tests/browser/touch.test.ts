/** On a phone of 360 pixels, by touch: what an owner does with one thumb. No test here presses a key but to write words. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openDesk } from './support/desk.js';
import { listSections } from './support/sections.js';
import { ON_PHONE, PHONE, settle } from './support/visit.js';

const desk = openDesk('tour');

/** As WCAG 2.2 has it for the enhanced level: a thumb is about so wide. */
const THUMB_PX = 44;

const news = (page: Page, words: string) => page.getByRole('status').filter({ hasText: words }).waitFor();

/** How far the page can be scrolled sideways. */
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** What can be pressed and is smaller than a thumb; a link within a sentence is as high as its line. */
function listSmall(page: Page): Promise<string[]> {
  return page.evaluate(least => {
    const all = document.querySelectorAll<HTMLElement>(
      'button, [role="switch"], select, input, textarea, summary, a.button, nav a',
    );
    return [...all].flatMap(one => {
      const target = one.closest('label') ?? one;
      const box = target.getBoundingClientRect();
      // What lies invisibly around a switch catches the finger too.
      const around = getComputedStyle(target, '::after');
      const [width, height] = [
        Math.max(box.width, Number.parseFloat(around.width) || 0),
        Math.max(box.height, Number.parseFloat(around.height) || 0),
      ];
      const isShown = one.checkVisibility({ visibilityProperty: true }) && width > 1 && height > 1;
      const isInText = one.matches('button.link');
      if (!isShown || isInText || (width >= least && height >= least)) return [];
      return [
        `${one.tagName.toLowerCase()} "${one.innerText || one.getAttribute('aria-label')}" ${Math.round(width)}×${Math.round(height)}`,
      ];
    });
  }, THUMB_PX - 0.5);
}

describe('at 360 pixels by touch an admin', () => {
  it('finds every section in the bar at the foot, none of them wider than the phone, nothing to press smaller than a thumb', async () => {
    const { page, go } = await desk.visit('operator', ON_PHONE);
    for (const [hash, heading] of await listSections(desk)) {
      await go(hash);
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(heading);
      expect([hash, await overflow(page)]).toEqual([hash, 0]);
      expect([hash, await listSmall(page)]).toEqual([hash, []]);
    }
  });

  it('goes by thumb from section to section', async () => {
    const { page, go } = await desk.visit('operator', ON_PHONE);
    await go('#/review');
    const bar = page.getByRole('navigation', { name: 'Sections' });
    for (const [name, heading] of [
      ['Approved', 'Approved answers'],
      ['Why not?', 'Why not?'],
      ['Try', 'Try a text'],
    ] as const) {
      await bar.getByRole('link', { name, exact: true }).tap();
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      await settle(page);
    }
    for (const name of ['Monitoring', 'Safety', 'Learned from me']) {
      await bar.getByRole('button', { name: 'More' }).tap();
      await bar.getByRole('link', { name, exact: true }).tap();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      await settle(page);
    }
  });

  it('decides: filters, switches an answer on and off, and the switch stands where the server says', async () => {
    const { page, go, card } = await desk.visit('admin', ON_PHONE);
    await go('#/review');
    await page.getByRole('button', { name: 'Filters' }).tap();
    await page.getByRole('combobox', { name: 'State' }).selectOption('Pending Review');
    await page.getByRole('searchbox', { name: 'Search' }).tap();
    await page.getByRole('searchbox', { name: 'Search' }).fill('lost property box and yes');
    await expect.poll(() => page.getByRole('switch').count()).toBe(1);
    await settle(page);
    const toggle = card('green water bottle').getByRole('switch');
    await toggle.tap();
    await news(page, 'Switched on');
    expect(await toggle.getAttribute('aria-checked')).toBe('true');
    await toggle.tap();
    await news(page, 'Switched off');
    expect(await toggle.getAttribute('aria-checked')).toBe('false');
  });

  it('edits in a window that fits the phone, and retires and restores', async () => {
    const { page, go, card } = await desk.visit('admin', ON_PHONE);
    await go('#/review?q=resole');
    const shown = card('my climbing shoes have a hole');
    await shown.getByRole('button', { name: 'Edit' }).tap();
    const dialog = page.getByRole('dialog', { name: 'Edit the pattern' });
    await dialog.waitFor();
    const box = (await dialog.boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(PHONE.width);
    expect(await overflow(page)).toBe(0);
    await dialog.getByRole('textbox', { name: 'Staff answer' }).fill('A resole is $45 and takes two to three weeks.');
    await dialog.getByRole('button', { name: 'Save' }).tap();
    await news(page, 'Saved as version');
    await shown.getByRole('button', { name: 'Retire' }).tap();
    await news(page, 'Retired');
    await shown.getByRole('button', { name: 'Restore' }).tap();
    await news(page, 'Restored');
  });

  it('marks an exchange as not to be learned', async () => {
    const { page, go } = await desk.visit('operator', ON_PHONE);
    await go('#/mine');
    const turn = page.getByRole('article').first();
    await turn.getByRole('button', { name: 'Don’t learn' }).tap();
    const dialog = page.getByRole('dialog').or(page.getByRole('alertdialog'));
    await dialog.getByRole('button', { name: 'Don’t learn' }).tap();
    await news(page, 'is marked');
  });

  it('tries a text', async () => {
    const { page, go } = await desk.visit('operator', ON_PHONE);
    await go('#/try');
    await page.getByRole('textbox').first().tap();
    await page.getByRole('textbox').first().fill('hi, when do you open on saturday?');
    await page.getByRole('button', { name: 'Try', exact: false }).tap();
    await page.getByText('open 10am to 10pm').first().waitFor();
    expect(await overflow(page)).toBe(0);
  });
});
