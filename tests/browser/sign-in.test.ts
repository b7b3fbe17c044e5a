/** Signing in: by token, by a one-time link, out again. The secret stays nowhere on the page. */
import { describe, expect, inject, it } from 'vitest';
import { openDesk } from './support/desk.js';
import { settle } from './support/visit.js';

const desk = openDesk('tour');

describe('whoever is not signed in', () => {
  it('sees the form and nothing else, whatever the address says', async () => {
    const { page, expectFaults } = await desk.visit(null);
    expectFaults(/401/);
    for (const hash of ['', '#/review', '#/safety', '#/pattern/0']) {
      await page.goto(`${desk.url}/${hash}`);
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      expect(await page.getByRole('navigation').count()).toBe(0);
      expect(await page.getByRole('article').count()).toBe(0);
    }
  });

  it('is told in words that a token is not accepted, and signs in with one by keyboard', async () => {
    const { page, expectFaults } = await desk.visit(null);
    expectFaults(/401/);
    await page.goto(desk.url);
    await page.getByLabel('Access token').waitFor();
    await page.keyboard.type('v3t_nobody');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'does not accept this token' }).waitFor();
    await page.getByLabel('Access token').fill(process.env.ADMIN_TOKEN!);
    await page.keyboard.press('Enter');
    await settle(page);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Review');
  });
});

/** The links that the tour printed: each for one sign-in. */
const LINKS = [...inject('tourOutput').matchAll(/Guest (\w+) +\S+(\/#code=\S+)/g)].map(
  match => match.slice(1) as [string, string],
);

describe('a one-time link', () => {
  it('is printed by the tour for each role', () => {
    expect(LINKS.map(([role]) => role)).toEqual(['viewer', 'operator', 'admin']);
  });

  it.each(LINKS)(
    'signs the %s in once, and its code stays neither in the address nor where a script could read it',
    async (role, link) => {
      const code = link.split('=')[1]!;
      const first = await desk.visit(null);
      first.expectFaults(/401/);
      await first.page.goto(desk.url + link);
      await settle(first.page);
      expect(await first.page.getByRole('navigation').first().innerText()).toMatch(
        new RegExp(`Signed in as\\s+Guest ${role}`),
      );
      expect(first.page.url()).not.toContain(code);
      const kept = await first.page.evaluate(() =>
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
      );
      expect(kept).not.toContain(code);
      expect(kept).not.toContain('v3pls=');
      await first.page.reload();
      await settle(first.page);
      expect(await first.page.getByRole('heading', { level: 1 }).innerText()).toBe('Review');

      const second = await desk.visit(null);
      second.expectFaults(/401/);
      await second.page.goto(desk.url + link);
      await second.page.getByRole('alert').filter({ hasText: 'used already' }).waitFor();
    },
  );
});

describe('signing out', () => {
  it('leads to the form, and the server knows the session no more', async () => {
    const { page, go, fetch, expectFaults } = await desk.visit('viewer');
    expectFaults(/401/);
    await go('#/review');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Access token').waitFor();
    expect((await fetch('GET', '/api/patterns')).status).toBe(401);
  });

  it('in one tab closes the other one too, and a token that is revoked opens nothing more', async () => {
    const { page, go, fetch, expectFaults } = await desk.visit('operator');
    expectFaults(/401/);
    await go('#/review');
    const other = await page.context().newPage();
    await other.goto(`${desk.url}/#/safety`);
    await settle(other);
    await other.getByRole('button', { name: 'Sign out' }).click();
    await other.getByLabel('Access token').waitFor();
    expect((await fetch('GET', '/api/patterns')).status).toBe(401);
    await page.getByRole('link', { name: 'Monitoring' }).click();
    await page.getByLabel('Access token').waitFor();
  });
});
