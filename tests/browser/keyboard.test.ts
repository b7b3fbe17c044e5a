/** The review deck by keyboard alone: no test here moves a mouse or touches anything. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openDesk } from './support/desk.js';
import { settle } from './support/visit.js';

const desk = openDesk('tour');

type Listed = {
  id: string;
  triggerText: string;
  responseTemplate: string;
  isActive: boolean;
  status: string;
  version: number;
};

async function read(id: string): Promise<Listed & { mergedInto: string | null }> {
  return (await desk.call('admin', 'GET', `/api/patterns/${id}`)).body as Listed & { mergedInto: string | null };
}

/** The pattern whose card has the focus. */
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest('[data-id]')?.getAttribute('data-id') ?? null);
const focusedName = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');

async function openDeck() {
  const visit = await desk.visit('admin');
  await visit.go('#/review');
  const { body } = await desk.call('admin', 'GET', '/api/patterns?limit=25');
  return { ...visit, ids: (body as { patterns: Listed[] }).patterns.map(({ id }) => id) };
}

const news = (page: Page, words: string) => page.getByRole('status').filter({ hasText: words }).waitFor();

/** As often as it takes, to the control of this name. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab');
    if (name.test(await focusedName(page))) return;
  }
  throw new Error(`Tab never came to ${name}`);
}

describe('by keyboard alone an admin', () => {
  it('moves through the deck with j and k, each card in sight as it comes', async () => {
    const { page, ids } = await openDeck();
    for (const id of ids.slice(0, 4)) {
      await page.keyboard.press('j');
      expect(await focused(page)).toBe(id);
      const box = await page.evaluate(() => document.activeElement!.getBoundingClientRect().top);
      expect(box).toBeGreaterThanOrEqual(0);
      expect(box).toBeLessThan(800);
    }
    await page.keyboard.press('k');
    await page.keyboard.press('k');
    expect(await focused(page)).toBe(ids[1]);
  });

  it('switches a pattern on with a, and off again', async () => {
    const { page, ids } = await openDeck();
    await page.keyboard.press('j');
    await page.keyboard.press('a');
    await news(page, 'Switched on');
    expect((await read(ids[0]!)).isActive).toBe(true);
    await page.keyboard.press('a');
    await news(page, 'Switched off');
    expect((await read(ids[0]!)).isActive).toBe(false);
  });

  it('edits with e: the words are typed, Tab leads to Save, Escape leaves everything as it was', async () => {
    const { page, ids } = await openDeck();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const before = await read(ids[1]!);
    await page.keyboard.press('e');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type(' jkaxm');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await read(ids[1]!)).toMatchObject({ version: before.version, triggerText: before.triggerText });
    expect(await focused(page)).toBe(ids[1]);

    await page.keyboard.press('e');
    await page.getByRole('dialog').waitFor();
    await page.getByRole('textbox', { name: 'Customers ask' }).focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('What does a membership cost a month?');
    await tabTo(page, /^Save$/);
    await page.keyboard.press('Enter');
    await news(page, 'Saved as version');
    expect(await read(ids[1]!)).toMatchObject({
      version: before.version + 1,
      triggerText: 'What does a membership cost a month?',
      isActive: false,
    });
  });

  it('retires with x and brings it back with x', async () => {
    const { page, ids } = await openDeck();
    for (let n = 0; n < 3; n++) await page.keyboard.press('j');
    await page.keyboard.press('x');
    await news(page, 'Retired');
    expect((await read(ids[2]!)).status).toBe('retired');
    await page.keyboard.press('x');
    await news(page, 'Restored');
    expect((await read(ids[2]!)).status).not.toBe('retired');
  });

  it('is asked before an approved answer is retired, and may say no', async () => {
    const { page, go } = await desk.visit('admin');
    await go('#/review?status=active');
    await page.keyboard.press('j');
    const id = (await focused(page))!;
    await page.keyboard.press('x');
    await page.getByRole('dialog').or(page.getByRole('alertdialog')).waitFor();
    await page.keyboard.press('Escape');
    expect((await read(id)).isActive).toBe(true);
  });

  it('merges with m: the other one is searched and chosen by arrow keys', async () => {
    const { page, ids } = await openDeck();
    for (let n = 0; n < 5; n++) await page.keyboard.press('j');
    await page.keyboard.press('m');
    await page.getByRole('dialog').waitFor();
    await tabTo(page, /^$/);
    await page.getByRole('searchbox', { name: 'Search for another one' }).focus();
    await page.keyboard.type('lost property');
    await page.getByRole('radio').first().waitFor();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Space');
    await page.getByRole('group', { name: 'Whose words stay?' }).waitFor();
    await tabTo(page, /^Merge$/);
    await page.keyboard.press('Enter');
    await news(page, 'Merged');
    expect((await read(ids[4]!)).mergedInto).not.toBeNull();
  });

  it('searches with /, and letters are letters there', async () => {
    const { page } = await openDeck();
    await page.keyboard.press('/');
    await page.keyboard.type('signed waiver');
    await page.getByRole('searchbox', { name: 'Search' }).and(page.locator(':focus')).waitFor();
    expect(await page.getByRole('searchbox', { name: 'Search' }).inputValue()).toBe('signed waiver');
    await expect.poll(() => page.getByRole('heading', { level: 2 }).count()).toBe(1);
  });

  it('opens what is behind a pattern with Enter, and comes back to the same card', async () => {
    const { page, ids } = await openDeck();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const id = await focused(page);
    expect(id).toBe(ids[2]);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Pattern' }).waitFor();
    expect(page.url()).toContain(`#/pattern/${id}`);
    await tabTo(page, /Review$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Review' }).waitFor();
    await settle(page);
    const top = await page.locator(`[data-id="${id}"]`).evaluate(card => card.getBoundingClientRect().top);
    expect(top).toBeGreaterThanOrEqual(0);
    expect(top).toBeLessThan(800);
  });

  it('finds the keys with ?, and can switch them off', async () => {
    const { page } = await openDeck();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await tabTo(page, /^Keys$/);
    await page.keyboard.press('Space');
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    expect(await focused(page)).toBeNull();
  });

  it('reaches every section from the top of the page by Tab and Enter', async () => {
    const { page, go } = await desk.visit('operator');
    await go('#/review');
    for (const name of ['Approved answers', 'Why not?', 'Try a text', 'Monitoring', 'Safety', 'Learned from me']) {
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await tabTo(page, new RegExp(`^${name.replace('?', '\\?')}$`));
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name }).waitFor();
      await settle(page);
      await page.reload();
      await settle(page);
    }
  });
});
