// `npm run doctor` with the plan's checklists, against a running system: what decides its end, and the one file that it writes.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Check } from '../../scripts/doctor/check.js';
import type { Checklist } from '../../scripts/doctor/checklists.js';
import { runScriptFile, SECRETS, type System, startSystem } from '../scripts/support/system.js';

const TEXT = 'The code of the back door is 4711';

let system: System;
beforeAll(async () => {
  system = await startSystem();
  const authorization = `Bearer ${SECRETS.CRON_SECRET}`;
  await fetch(`${system.url}/api/cron/safety`, { headers: { authorization } });
  await system.database.sql(
    `insert into decision_patterns (pattern_type, trigger_text, response_template) values ('faq', $1, $1)`,
    [TEXT],
  );
});
afterAll(() => system.close());

const run = (words: string[], env: Record<string, string> = {}) =>
  runScriptFile('doctor.ts', words, system.folder, { ...SECRETS, DATABASE_URL: system.database.url, ...env });

async function examine(words: string[], env: Record<string, string> = {}) {
  const { code, stdout } = await run(['--json', ...words], env);
  const report = JSON.parse(stdout) as { ok: boolean; checks: Check[]; checklists: Checklist[] };
  const lines = report.checklists.flatMap(({ parts }) => parts.flatMap(part => part.lines));
  return { code, report, find: (id: string) => lines.find(line => line.id === id)! };
}

const countRows = async () =>
  system.database.sql(`select (select count(*) from audit_log) as audit, (select count(*) from config_changes) as changes,
    (select count(*) from watchdog_runs) as runs, (select count(*) from decision_patterns) as patterns`);

describe('the plan’s checklists', () => {
  it('stand below the checks and leave the end to them; one asked for by name decides it too', async () => {
    const { code, report } = await examine([]);
    expect([code, report.ok]).toEqual([0, true]);
    expect(report.checklists.map(({ id, counts }) => [id, counts.fail > 0])).toEqual([
      ['before', true],
      ['during', true],
      ['after', false],
    ]);
    const during = await examine(['--checklist', 'during']);
    expect([during.code, during.report.ok, during.report.checklists.length]).toEqual([1, false, 1]);
    expect(during.find('during.learning_on')).toMatchObject({ status: 'fail', measured: 'enabled is false' });
    expect((await examine(['--checklist', 'after'])).code).toBe(0);
    const wrong = await run(['--checklist', 'later']);
    expect([wrong.code, wrong.stdout, wrong.stderr]).toEqual([1, '', '--checklist is one of before, during, after.\n']);
  });

  it('write the backup that is asked for, once, and nothing into the database; later they compare it', async () => {
    const file = path.join(system.folder, 'backup.json');
    const before = await countRows();
    const first = await examine(['--checklist', 'before', '--backup', file]);
    expect([first.find('before.backup').status, first.find('before.pattern_count').status]).toEqual(['pass', 'pass']);
    expect(await countRows()).toEqual(before);
    const bytes = readFileSync(file, 'utf8');
    expect(JSON.parse(bytes)).toMatchObject({
      configuration: { enabled: false, shadow_mode: true, silence_hours: 72 },
      patterns: { count: 1, active: 0, versions: [{ version: 1, isActive: false }] },
    });
    for (const secret of [...Object.values(SECRETS), TEXT, new URL(system.database.url).pathname.slice(1)])
      expect(bytes).not.toContain(secret);

    await system.database.sql(
      `update pattern_learning_config set config_value = '48' where config_key = 'silence_hours'`,
    );
    const changed = await examine(['--backup', file]);
    expect(changed.find('before.backup').measured).toMatch(/differs: silence_hours 72 there, 48 now$/);
    expect(readFileSync(file, 'utf8')).toBe(bytes);

    // What it kept is what the API takes back.
    const values = JSON.parse(bytes).configuration;
    const answer = await fetch(`${system.url}/api/config`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${SECRETS.ADMIN_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ values, reason: 'back to the backup' }),
    });
    expect(answer.status).toBe(200);
    expect((await examine(['--backup', file])).find('before.backup').status).toBe('pass');
  });

  it('write no backup of a database that was not asked', async () => {
    const file = path.join(system.folder, 'none.json');
    const { find } = await examine(['--url', system.url, '--backup', file], { DATABASE_URL: '' });
    expect(find('before.backup')).toMatchObject({
      status: 'unknown',
      measured: 'not measured: the database was not asked',
    });
    expect(find('during.shadow_mode').status).toBe('pass');
    expect(existsSync(file)).toBe(false);
  });

  it('look at the page and its list at the address that is given', async () => {
    const { find } = await examine(['--url', system.url]);
    // The page of this test is a stub.
    expect(find('after.page')).toMatchObject({ status: 'fail', measured: 'the page has no script of its own' });
    expect(find('before.metrics')).toMatchObject({
      status: 'pass',
      measured: 'GET /api/monitoring measures 4 of day 1, 4 of week 1, 4 of month 1',
    });
  });
});
