/** The plan's phase 6.3 on the page: patterns appear after a replay, every one is off, an admin switches one on and off again, and both stand in the audit. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { QuoListItem } from '../../scripts/quo/encode.js';
import { chooseSigner, replayMessages } from '../../scripts/server/replay-messages.js';
import { openDesk } from './support/desk.js';
import { settle } from './support/visit.js';

const SAMPLE = readFileSync(new URL('../../scripts/demo/sample-line.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line) as QuoListItem);
const QUESTION = 'hi what time do you open today';

const desk = openDesk('empty');

describe('an admin at the page', () => {
  it('sees that nothing was learned yet, then the patterns of a replay, every one off, and switches one on and off', async () => {
    const { page, go, card } = await desk.visit('admin');
    await go('#/review');
    await page.getByText('Nothing has been learned yet.').waitFor();

    const config = await desk.call('admin', 'PATCH', '/api/config', { values: { enabled: true }, reason: 'A replay.' });
    expect(config.status).toBe(200);
    const report = await replayMessages(SAMPLE, {
      url: desk.url,
      signer: chooseSigner(process.env.QUO_WEBHOOK_SECRETS),
    });
    expect(report.statuses).toEqual({ 200: SAMPLE.length });

    await page.reload();
    await settle(page);
    const more = page.getByRole('button', { name: 'Load more' });
    while (await more.isVisible()) {
      await more.click();
      await settle(page);
    }
    const switches = page.getByRole('switch');
    expect(await switches.count()).toBeGreaterThanOrEqual(40);
    expect(await page.getByRole('switch', { checked: true }).count()).toBe(0);
    expect(await page.getByRole('switch', { checked: false }).count()).toBe(await switches.count());

    const toggle = card(QUESTION).getByRole('switch');
    await toggle.click();
    await page.getByRole('status').filter({ hasText: 'Switched on' }).waitFor();
    expect(await toggle.getAttribute('aria-checked')).toBe('true');
    expect(await listActive()).toEqual([QUESTION]);

    await toggle.click();
    await page.getByRole('status').filter({ hasText: 'Switched off' }).waitFor();
    expect(await toggle.getAttribute('aria-checked')).toBe('false');
    expect(await listActive()).toEqual([]);

    await card(QUESTION).getByRole('link', { name: 'Open', exact: true }).click();
    await settle(page);
    const rows = await page.getByRole('region', { name: 'Audit of this pattern' }).getByRole('row').allInnerTexts();
    const said = rows.slice(1).map(row => row.split('\t').slice(1, 3).join(' '));
    expect(said).toContain('Ada at the desk approved a pattern');
    expect(said).toContain('Ada at the desk switched a pattern off');
    expect(said.indexOf('Ada at the desk switched a pattern off')).toBeLessThan(
      said.indexOf('Ada at the desk approved a pattern'),
    );
  });
});

async function listActive(): Promise<string[]> {
  const { body } = await desk.call('admin', 'GET', '/api/patterns?status=active');
  return (body as { patterns: { triggerText: string }[] }).patterns.map(({ triggerText }) => triggerText);
}
