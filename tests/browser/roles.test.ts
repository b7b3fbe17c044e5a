/** Viewers and operators see nothing to edit or delete, and the server refuses them too when their own page asks. */
import { describe, expect, it } from 'vitest';
import type { Role } from '../../scripts/demo/tour-desk.js';
import { openDesk } from './support/desk.js';
import { listSections } from './support/sections.js';

const desk = openDesk('tour');

/** What only an admin finds on the page, wherever it may stand. */
const ADMINS_BUTTONS =
  /^(Edit|Retire|Restore|Merge|Renew|Release( the kill switch)?|Save|Erase|Make a token|Revoke|Change)\b/;

type Listed = { id: string; version: number; triggerText: string; isActive: boolean };

async function listPatterns(status: string): Promise<Listed[]> {
  const { body } = await desk.call('admin', 'GET', `/api/patterns?status=${status}&limit=100`);
  return (body as { patterns: Listed[] }).patterns;
}

/** Every write that only admins may, with a body that would be accepted from one. */
async function listAdminsCalls(): Promise<[what: string, method: string, path: string, body?: unknown][]> {
  const [one, other] = await listPatterns('pending_review');
  const { id, version: expectedVersion } = one!;
  const incidents = (await desk.call('admin', 'GET', '/api/incidents')).body as { incidents: { id: string }[] };
  const reason = 'I may not.';
  const mergeInto = { id: other!.id, expectedVersion: other!.version };
  return [
    ['edit', 'PATCH', `/api/patterns/${id}`, { expectedVersion, responseTemplate: 'Mine.' }],
    ['merge', 'PATCH', `/api/patterns/${id}`, { expectedVersion, mergeInto }],
    ['retire', 'DELETE', `/api/patterns/${id}`],
    ['activate', 'POST', `/api/patterns/${id}/toggle`, { active: true, expectedVersion }],
    ['change a setting', 'PATCH', '/api/config', { values: { enabled: false }, reason }],
    ['restore', 'POST', '/api/incidents', { action: 'restore', incidentId: incidents.incidents[0]!.id, reason }],
    ['release', 'POST', '/api/incidents', { action: 'release', reason }],
    ['make a token', 'POST', '/api/tokens', { name: 'Mallory', role: 'admin' }],
    ['erase a customer', 'DELETE', '/api/exchanges', { customer: '+15550000001' }],
  ];
}

describe.each<Role>(['viewer', 'operator'])('a %s', role => {
  it('finds no button in any section that edits, retires, merges, releases or makes', async () => {
    const { page, go } = await desk.visit(role);
    for (const [hash, heading] of await listSections(desk)) {
      if (role === 'viewer' && hash === '#/mine') continue;
      await go(hash);
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(heading);
      const names = await page.getByRole('button').allInnerTexts();
      expect(
        names.filter(name => ADMINS_BUTTONS.test(name)),
        hash,
      ).toEqual([]);
    }
  });

  it('is refused by the server from the page itself, and nothing has changed', async () => {
    const { go, fetch, expectFaults } = await desk.visit(role);
    // The browser notes each refusal in its console.
    expectFaults(/^console: Failed to load resource: .* 403/);
    await go('#/review');
    const before = await listPatterns('all');
    for (const [what, method, path, body] of await listAdminsCalls()) {
      const { status, body: problem } = await fetch(method, path, body);
      expect([what, status, problem.code]).toEqual([what, 403, 'forbidden']);
    }
    expect(await listPatterns('all')).toEqual(before);
  });
});

describe('a viewer', () => {
  it('has no switch to press, no text of an exchange, and nothing to mark', async () => {
    const { page, go } = await desk.visit('viewer');
    await go('#/review?status=all');
    expect(await page.getByRole('switch').count()).toBe(0);
    await go('#/why-not');
    await page.getByText('Text hidden: it is shown to operators and admins.').first().waitFor();
    expect(await page.getByRole('button', { name: /Don’t learn|Learn again/ }).count()).toBe(0);
    await go('#/try');
    await page.getByText('This is for operators and admins.').waitFor();
  });

  it('is refused a trial, a mark, a switch and the kill switch by the server', async () => {
    const { go, fetch, expectFaults } = await desk.visit('viewer');
    expectFaults(/^console: Failed to load resource: .* 403/);
    await go('#/review');
    const [active] = await listPatterns('active');
    const { id, version: expectedVersion } = active!;
    for (const [method, path, body] of [
      ['POST', '/api/preview', { text: 'when do you open?' }],
      ['PATCH', '/api/exchanges', { threadId: 'CNsomebody', dontLearn: true }],
      ['POST', `/api/patterns/${id}/toggle`, { active: false, expectedVersion }],
      ['POST', '/api/incidents', { action: 'rollback', reason: 'I may not.' }],
    ] as const)
      expect((await fetch(method, path, body)).status).toBe(403);
    expect((await listPatterns('active')).map(pattern => pattern.id)).toContain(id);
  });
});

describe('an operator', () => {
  it('may switch an approved answer off, which the page offers, and not on again', async () => {
    const { page, go, card } = await desk.visit('operator');
    await go('#/review?status=active');
    const [active] = await listPatterns('active');
    const shown = card(active!.triggerText);
    await shown.getByRole('switch', { checked: true }).click();
    await page.getByRole('status').filter({ hasText: 'Switched off' }).waitFor();
    expect(await shown.getByRole('switch').count()).toBe(0);
    expect((await listPatterns('active')).map(({ id }) => id)).not.toContain(active!.id);
  });
});
