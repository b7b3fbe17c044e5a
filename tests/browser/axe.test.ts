/** axe-core finds nothing serious or critical, in any section, light or dark, with every state of the tour drawn; nor where a phone has other parts. */
import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openDesk } from './support/desk.js';
import { listSections } from './support/sections.js';
import { ON_PHONE, settle, type Visit } from './support/visit.js';

const desk = openDesk('tour');

/** What is serious or critical, and where. */
async function listFindings(page: Page): Promise<string[]> {
  // Without frames the older way does, and opens no page of its own each time.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.target.join(' ')}: ${node.failureSummary}`));
}

/** Whatever unfolds is looked at too. */
const unfold = (page: Page) =>
  page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });

const WAYS: [name: string, options: BrowserContextOptions][] = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
];

async function openDialog({ page, go }: Visit, hash: string, button: string): Promise<void> {
  await go(hash);
  await page.getByRole('button', { name: button, exact: true }).first().click();
  await page.getByRole('dialog').or(page.getByRole('alertdialog')).first().waitFor();
  // A window that is fading in has other contrasts than one that is there.
  await page.evaluate(() => Promise.all(document.getAnimations().map(animation => animation.finished.catch(() => {}))));
}

describe.each(WAYS)('%s', (_, options) => {
  it('every section is sound', async () => {
    const { page, go } = await desk.visit('admin', options);
    const operator = await desk.visit('operator', options);
    for (const [hash] of await listSections(desk)) {
      const visit = hash === '#/mine' ? operator : { page, go };
      await visit.go(hash);
      await unfold(visit.page);
      expect([hash, await listFindings(visit.page)]).toEqual([hash, []]);
    }
  }, 90_000);

  it('signing in and every window are sound', async () => {
    const guest = await desk.visit(null, options);
    guest.expectFaults(/401/);
    await guest.page.goto(desk.url);
    await guest.page.getByLabel('Access token').waitFor();
    await guest.page.keyboard.press('Enter');
    await guest.page.getByRole('alert').waitFor();
    expect(await listFindings(guest.page)).toEqual([]);

    const admin = await desk.visit('admin', options);
    for (const [hash, button] of [
      ['#/review?q=membership', 'Edit'],
      ['#/review?q=membership', 'Merge'],
      ['#/review?status=active', 'Retire'],
      ['#/why-not', 'Don’t learn'],
      ['#/safety', 'Stop everything'],
    ] as const) {
      await openDialog(admin, hash, button);
      expect([button, await listFindings(admin.page)]).toEqual([button, []]);
      await admin.page.keyboard.press('Escape');
    }
  }, 60_000);
});

describe('on a phone', () => {
  it('the bar at the foot, what "More" opens and the filters are sound', async () => {
    const { page, go } = await desk.visit('operator', { ...ON_PHONE, colorScheme: 'dark' });
    await go('#/review?status=retired');
    await page.getByRole('button', { name: 'Filters' }).tap();
    await page.getByRole('navigation', { name: 'Sections' }).getByRole('button', { name: 'More' }).tap();
    await page.getByRole('link', { name: 'Learned from me' }).waitFor();
    expect(await listFindings(page)).toEqual([]);
  });
});

describe('with the kill switch engaged', () => {
  it.each(WAYS)('the banner, the Safety section and a refused switch are sound, %s', async (_, options) => {
    const { page, go, expectFaults } = await desk.visit('admin', options);
    expectFaults(/409/);
    const stopped = await desk.call('operator', 'POST', '/api/incidents', {
      action: 'rollback',
      reason: 'A look at it.',
    });
    expect(stopped.status).toBe(200);
    await go('#/safety');
    await unfold(page);
    expect(await listFindings(page)).toEqual([]);
    await go('#/review');
    await page.getByRole('switch').first().click();
    await page.getByRole('alert').first().waitFor();
    await settle(page);
    expect(await listFindings(page)).toEqual([]);
  });
});
