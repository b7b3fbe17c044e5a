/** What `npm run demo -- --tour` prints is true: every state is there, where the list says, and everything ends well. */
import { describe, expect, inject, it } from 'vitest';
import { openDesk } from './support/desk.js';

const desk = openDesk('tour');
const OUTPUT = inject('tourOutput');

/** What follows a headline of the list, as pairs. */
function readList(headline: RegExp): [what: string, where: string][] {
  const lines = OUTPUT.split('\n');
  const from = lines.findIndex(line => headline.test(line)) + 1;
  const to = lines.findIndex((line, at) => at >= from && !line.startsWith('  '));
  return lines.slice(from, to).map(line => line.trim().split(/ {2,}/) as [string, string]);
}

describe('the tour', () => {
  it('was lived through without a failed delivery', () => {
    expect(OUTPUT).toMatch(/^\d{3} deliveries\.$/m);
  });

  it('names a pattern for each of its states', () => {
    const states = readList(/^Patterns, one for each state/);
    expect(states.map(([what]) => what)).toEqual([
      'active',
      'pending review',
      'learning',
      'its approval expired',
      'switched off by the rollback',
      'retired',
      'merged into another',
      'restored',
      'edited, with versions to compare',
      'newer replies say another fact',
      'conflicts with another answer',
      'possible duplicate',
      'a blank that nothing can fill',
      'stale: not asked for three months',
    ]);
    for (const [what, where] of states)
      expect([what, where]).toEqual([what, expect.stringMatching(/#\/pattern\/[0-9a-f-]{36}$/)]);
  });

  it('leads to each of them on the page, and to every section', async () => {
    const { page, go } = await desk.visit('operator');
    const words: Record<string, RegExp> = {
      active: /Active \(shadow\)/,
      'its approval expired': /Pending Review/,
      retired: /Retired/,
      'newer replies say another fact': /A fact has changed/,
      'conflicts with another answer': /Staff often answer with another pattern/,
      'possible duplicate': /May be the same as another one/,
      'a blank that nothing can fill': /Has a blank that nothing can fill/,
      'stale: not asked for three months': /Not needed for 90 days/,
    };
    for (const [what, where] of readList(/^Patterns, one for each state/)) {
      await go(new URL(where).hash);
      expect(await page.locator('main').innerText(), what).toMatch(words[what] ?? /Customers ask/);
    }
    for (const [, where] of readList(/^Sections/)) {
      await go(new URL(where).hash);
      expect(await page.getByRole('heading', { level: 1 }).innerText()).not.toMatch(/no such/);
    }
  });

  it('ends in a usable state: learning is on, nothing is open, a few answers are approved, the watchdog is content', async () => {
    const { body } = await desk.call('admin', 'GET', '/api/monitoring?window=30d');
    expect(body).toMatchObject({ learning: { enabled: true }, killSwitch: { engaged: false }, incidents: { open: 0 } });
    const active = await desk.call('admin', 'GET', '/api/patterns?status=active');
    expect((active.body as { patterns: unknown[] }).patterns).toHaveLength(5);
    expect((await desk.call(null, 'GET', '/api/monitoring?view=health')).body).toEqual({ status: 'ok' });
    const run = await desk.call('operator', 'POST', '/api/incidents', { action: 'check' });
    expect(run.body).toMatchObject({ status: 'clean' });
  });

  it('left two incidents, one of them with evidence that another program planted, both closed', async () => {
    const { body } = await desk.call('admin', 'GET', '/api/incidents');
    const { incidents } = body as { incidents: { source: string; state: string; evidenceCount: number }[] };
    expect(incidents.map(({ source, state, evidenceCount }) => [source, state, evidenceCount])).toEqual([
      ['evidence', 'closed', 1],
      ['manual', 'closed', 0],
    ]);
  });
});
