/** What the page shows when the server says no, when it does not answer, and when another tab or person was quicker: the server's words and the true state. */
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openDesk } from './support/desk.js';
import { settle } from './support/visit.js';

const desk = openDesk('tour');

type Listed = { id: string; version: number; triggerText: string; isActive: boolean; status: string };

async function listPatterns(status: string): Promise<Listed[]> {
  const { body } = await desk.call('admin', 'GET', `/api/patterns?status=${status}&limit=100`);
  return (body as { patterns: Listed[] }).patterns;
}

async function read(id: string): Promise<Listed> {
  return (await desk.call('admin', 'GET', `/api/patterns/${id}`)).body as Listed;
}

async function succeed(...call: Parameters<typeof desk.call>): Promise<void> {
  expect((await desk.call(...call)).status).toBeLessThan(300);
}

const news = (page: Page, words: string) => page.getByRole('status').filter({ hasText: words }).waitFor();
const alertOf = (place: Page | Locator, words: string | RegExp) => place.getByRole('alert').filter({ hasText: words });

/** Somebody who has the list in front of them, and one pattern of it. */
async function lookAt(status: string, at = 0) {
  const visit = await desk.visit('admin');
  visit.expectFaults(/^console: Failed to load resource/);
  await visit.go(`#/review?status=${status}`);
  const pattern = (await listPatterns(status))[at]!;
  const card = visit.page.locator(`[data-id="${pattern.id}"]`);
  return { ...visit, pattern, card, toggle: card.getByRole('switch') };
}

const isOn = (toggle: Locator) => toggle.getAttribute('aria-checked');

describe('a switch', () => {
  it('of words that somebody changed meanwhile is refused: the server says so, and the new words stand there, off', async () => {
    const { card, toggle, pattern } = await lookAt('pending_review');
    const { id, version: expectedVersion } = pattern;
    await succeed('admin', 'PATCH', `/api/patterns/${id}`, { expectedVersion, triggerText: 'Reworded elsewhere?' });
    await toggle.click();
    await alertOf(card, `It is at version ${expectedVersion + 1} now: read it again, and decide again.`).waitFor();
    await card.getByRole('heading', { name: 'Reworded elsewhere?' }).waitFor();
    expect(await isOn(toggle)).toBe('false');
    expect((await read(id)).isActive).toBe(false);
  });

  it('of a pattern that was retired meanwhile is refused by its gate, and "Retired" stands there', async () => {
    const { card, toggle, pattern } = await lookAt('pending_review', 1);
    await succeed('admin', 'DELETE', `/api/patterns/${pattern.id}`);
    await toggle.click();
    await alertOf(card, 'The pattern is retired: restore it first.').waitFor();
    await card.getByText('Retired', { exact: true }).waitFor();
    expect(await toggle.count()).toBe(0);
  });

  it('is not moved before the server has answered, and asks once however often it is pressed', async () => {
    const { page, toggle, pattern } = await lookAt('pending_review', 2);
    let asked = 0;
    let answer: () => void = () => {};
    const held = new Promise<void>(resolve => {
      answer = resolve;
    });
    await page.route('**/toggle', async route => {
      asked++;
      await held;
      await route.continue();
    });
    await toggle.click();
    await toggle.and(page.locator('[aria-busy="true"]')).waitFor();
    await toggle.click({ force: true });
    await toggle.press('Space');
    expect(await isOn(toggle)).toBe('false');
    expect((await read(pattern.id)).isActive).toBe(false);
    answer();
    await news(page, 'Switched on');
    expect(await isOn(toggle)).toBe('true');
    expect(asked).toBe(1);
  });

  it('whose answer is lost on the way shows what the server did', async () => {
    const { page, card, toggle, pattern } = await lookAt('pending_review', 3);
    await page.route('**/toggle', async route => {
      await route.fetch();
      await route.abort();
    });
    await toggle.click();
    await alertOf(card, /./).waitFor();
    await expect.poll(() => isOn(toggle)).toBe('true');
    expect((await read(pattern.id)).isActive).toBe(true);
  });
});

describe('a window', () => {
  it('in which words were typed says that another version is there, and keeps what was typed', async () => {
    const { page, card, pattern } = await lookAt('pending_review', 4);
    const { id, version: expectedVersion } = pattern;
    await card.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit the pattern' });
    await dialog.getByRole('textbox', { name: 'Customers ask' }).fill('My own words?');
    await succeed('admin', 'PATCH', `/api/patterns/${id}`, { expectedVersion, triggerText: 'Quicker words?' });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await alertOf(dialog, /version|changed/i).waitFor();
    expect(await dialog.getByRole('textbox', { name: 'Customers ask' }).inputValue()).toBe('My own words?');
    expect((await read(id)).triggerText).toBe('Quicker words?');
  });

  it('says which words the server does not take, and why', async () => {
    const { page, card } = await lookAt('pending_review', 5);
    await card.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit the pattern' });
    await dialog.getByRole('textbox', { name: 'Staff answer' }).fill('Write to ada@example.com, {{whatever}} it is.');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await alertOf(dialog, '"{{whatever}}" is no blank').waitFor();
  });
});

describe('two tabs of one person', () => {
  it('tell each other: what one switches the other shows, without being touched', async () => {
    const { page, toggle, pattern } = await lookAt('learning');
    const other = await page.context().newPage();
    await other.goto(`${desk.url}/#/review?status=learning`);
    await settle(other);
    const same = other.locator(`[data-id="${pattern.id}"]`).getByRole('switch');
    expect(await isOn(same)).toBe('false');
    await toggle.click();
    await news(page, 'Switched on');
    // In a list of what is learning it is no more; where it still stands, it stands on.
    await expect.poll(async () => ((await same.count()) === 0 ? 'gone' : isOn(same))).not.toBe('false');
    await other.goto(`${desk.url}/#/pattern/${pattern.id}`);
    await settle(other);
    await expect.poll(() => isOn(other.getByRole('switch'))).toBe('true');
    await other.getByRole('switch').click();
    await news(other, 'Switched off');
    await expect.poll(async () => ((await toggle.count()) === 0 ? 'gone' : isOn(toggle))).not.toBe('true');
  });
});

describe('while the database cannot be reached', () => {
  it('a switch says so and stays, the banner claims nothing, and all of it is right again afterwards', async () => {
    const { page, go, card, toggle } = await lookAt('active');
    try {
      desk.reachDatabase(false);
      await toggle.click();
      await alertOf(card, /database|available/i).waitFor();
      expect(await isOn(toggle)).toBe('true');
      await go('#/monitoring').catch(() => {});
      await page.getByRole('button', { name: 'Try again' }).first().waitFor();
      await expect
        .poll(() => page.getByRole('region', { name: 'State of the system' }).innerText(), { timeout: 10_000 })
        .toMatch(/Not known/);
    } finally {
      desk.reachDatabase(true);
    }
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await page.getByText('Patterns learned', { exact: true }).first().waitFor();
    await go('#/review?status=active');
    await expect.poll(() => isOn(toggle)).toBe('true');
  });
});

describe('while nothing answers at all', () => {
  it('an act says so, and works when the line is back', async () => {
    const { page, card, toggle } = await lookAt('pending_review', 6);
    await page.context().setOffline(true);
    await toggle.click();
    await alertOf(card, /./).waitFor();
    expect(await isOn(toggle)).toBe('false');
    await page.context().setOffline(false);
    await toggle.click();
    await news(page, 'Switched on');
  });
});

describe('with the kill switch engaged by somebody else', () => {
  it('a switch is refused by the gate in the server’s words; the banner, the list and Safety say what is true', async () => {
    const { page, go, card, toggle } = await lookAt('pending_review', 7);
    const wasActive = (await listPatterns('active'))[0]!;
    await succeed('operator', 'POST', '/api/incidents', { action: 'rollback', reason: 'Seen from another desk.' });
    await toggle.click();
    await alertOf(card, 'The kill switch is engaged: an admin releases it on the Safety page.').waitFor();
    expect(await isOn(toggle)).toBe('false');
    await page
      .getByRole('region', { name: 'State of the system' })
      .getByText('The kill switch is engaged')
      .first()
      .waitFor();
    await go('#/review?status=all');
    expect(await page.getByRole('switch', { checked: true }).count()).toBe(0);
    expect((await read(wasActive.id)).isActive).toBe(false);

    await go('#/safety');
    await page.getByText('Seen from another desk.').first().waitFor();
    await page.getByRole('button', { name: 'Release', exact: true }).click();
    const dialog = page.getByRole('dialog').or(page.getByRole('alertdialog'));
    await dialog.getByRole('textbox').fill('It was only a test.');
    await dialog.getByRole('button', { name: 'Release' }).click();
    await news(page, 'The kill switch is released');
    expect(await listPatterns('active')).toEqual([]);
  });
});
