// `npm run erase`: what is typed is erased, and every refusal is a sentence.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createErasableLine, dump, findHits, NUMBER, PRIVACY_KEY, TRACES, talk } from '../line/support/erasing.js';
import { count } from '../line/support/quo-line.js';
import type { TestDatabase } from '../support/postgres.js';
import { runScriptFile } from './support/system.js';

let db: TestDatabase;
let folder: string;
beforeAll(async () => {
  db = await createErasableLine();
  await talk();
  folder = mkdtempSync(path.join(tmpdir(), 'v3pls-erase-'));
  return async () => {
    rmSync(folder, { recursive: true, force: true });
    await db.close();
  };
});

const run = (words: string[], env: Record<string, string> = {}) =>
  runScriptFile('erase.ts', words, folder, { DATABASE_URL: db.url, PRIVACY_KEY, ...env });
const refused = async (words: string[], env?: Record<string, string>) => {
  const { code, stdout, stderr } = await run(words, env);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr).not.toContain('postgres');
  return stderr;
};

describe('the erase command', () => {
  it('says how it is called when it is called without a number', async () => {
    expect(await refused([])).toContain('npm run -s erase -- NUMBER');
    expect(await refused(['--all'])).toContain('npm run -s erase -- NUMBER');
  });

  it('refuses what is no number, what lacks its country, and to work without PRIVACY_KEY', async () => {
    expect(await refused(['someone'])).toContain('no phone number');
    expect(await refused(['020 7183 8750'])).toContain('country');
    expect(await refused(['--yes', NUMBER], { PRIVACY_KEY: '' })).toBe('Nothing was erased: PRIVACY_KEY is not set.\n');
    expect(await count(db, 'messages where text is null')).toBe(0);
  });

  it('erases nothing where there is no terminal to ask on, unless it is told not to ask', async () => {
    expect(await refused([NUMBER])).toBe(
      'Nothing was erased: there is no terminal to ask on. With --yes it erases without asking.\n',
    );
    expect(await count(db, 'messages where text is null')).toBe(0);
  });

  it('erases a number that was typed in pieces, says how much, and does it again without harm', async () => {
    const first = await run(['--yes', '(555)', '100-0001']);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain('Erased: 4 texts in 1 thread, 4 raw deliveries, 2 exchanges');
    expect(first.stdout).toContain('Patterns: 1 that only they had taught went, 1 got the words of others.');
    expect(first.stdout).not.toContain('5551000001');
    expect(findHits(await dump(db), TRACES)).toEqual([]);
    const again = await run(['--yes', '--json', NUMBER]);
    expect(JSON.parse(again.stdout)).toMatchObject({ threads: 0, messages: 0 });
    expect(await db.sql(`select distinct actor from audit_log where action = 'customer_erased'`)).toEqual([
      { actor: 'command:erase' },
    ]);
  });
});
