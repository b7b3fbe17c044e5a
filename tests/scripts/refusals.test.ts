// What commands say when they cannot go on, or are asked for help: sentences, never a stack trace. One file for those that
// have no other tests.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCHEMA_LEVEL } from '../../db/level.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { runScriptFile } from './support/system.js';

const folder = mkdtempSync(path.join(tmpdir(), 'v3pls-refusals-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (name: string, words: string[] = [], env: Record<string, string> = {}) =>
  runScriptFile(name, words, folder, env);

describe('--help', () => {
  it.each(['doctor', 'token', 'plan', 'erase', 'replay', 'backtest'])(
    'of %s is its usage, and no failure',
    async name => {
      for (const word of ['--help', '-h']) {
        const { code, stdout, stderr } = await run(`${name}.ts`, [word]);
        expect([code, stderr]).toEqual([0, '']);
        expect(stdout).toContain(`npm run -s ${name} -- `);
      }
    },
  );
});

describe('a database', () => {
  let database: TestDatabase;
  let stranger: string;
  beforeAll(async () => {
    database = await createTestDatabase({ template: 'template1' });
    await database.sql('drop role if exists migrate_stranger');
    await database.sql(`create role migrate_stranger login password 'hunter2'`);
    const url = new URL(database.url);
    [url.username, url.password] = ['migrate_stranger', 'hunter2'];
    stranger = url.href;
    return async () => {
      await database.sql('drop role migrate_stranger');
      await database.close();
    };
  });

  it.each(['migrate.ts', 'start.ts'])('in which this role may not create is told by what to do (%s)', async name => {
    expect(await run(name, [], { DATABASE_URL: stranger, DATA_DIR: folder, PORT: '0' })).toEqual({
      code: 1,
      stdout: '',
      stderr:
        "The migration did not run and nothing was changed: this role may not create in the schema public: use the database's owner.\n",
    });
  });

  it('in which this role may not read is told by the doctor in the same way', async () => {
    expect((await run('migrate.ts', [], { DATABASE_URL: database.url })).code).toBe(0);
    const { stdout } = await run('doctor.ts', [], { DATABASE_URL: stranger });
    expect(stdout).toContain(
      "✗ DATABASE_URL: this role may not read in the schema public: use the database's owner.\n",
    );
  });

  it('that is newer than the code is not called up to date', async () => {
    const env = { DATABASE_URL: database.url };
    expect((await run('migrate.ts', [], env)).stdout).toContain('up to date');
    await database.sql('insert into schema_migrations (level, tag) values ($1, $2)', [SCHEMA_LEVEL + 2, 'tomorrow']);
    const { code, stdout, stderr } = await run('migrate.ts', [], env);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`is newer than this code (level ${SCHEMA_LEVEL + 2}, this code ${SCHEMA_LEVEL})`);
  });
});

describe('what cannot be written or is not there', () => {
  it('is told by the backtest before its long pass', async () => {
    const item = { id: 'AC1', direction: 'incoming', from: '+15550001111', to: ['+15550002222'], text: 'hello' };
    writeFileSync(path.join(folder, 'line.jsonl'), JSON.stringify({ ...item, createdAt: '2026-11-01T00:00:00Z' }));
    const out = path.join(folder, 'nowhere', 'out.jsonl');
    expect(await run('backtest.ts', ['line.jsonl', '--decisions', out])).toEqual({
      code: 1,
      stdout: '',
      stderr: `${out} cannot be written (ENOENT).\n`,
    });
    expect((await run('backtest.ts', ['--nonsense'])).stderr).not.toMatch(/^\s+at /m);
  });

  it('is told by the caller of built functions when nothing is built', async () => {
    expect(await run('call-built-functions.mjs')).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^There is no build here .*\n$/),
    });
  });
});
