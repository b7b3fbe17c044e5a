// `npm run doctor` against a running system and its database: what it finds, that it changes nothing, and that no value of a
// secret leaves it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCHEMA_LEVEL } from '../../db/level.js';
import { takeLock } from '../../scripts/database/embedded-lock.js';
import type { Check } from '../../scripts/doctor/check.js';
import { signHeaders } from '../../scripts/quo/sign.js';
import { runScriptFile, SECRETS, type System, startSystem } from '../scripts/support/system.js';
import { createTestDatabase } from '../support/postgres.js';

const PRIVACY_KEY = '5e0d9b3a7c41f86220bb4f1de97a3c58';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.close());

const run = (words: string[], env: Record<string, string> = {}) =>
  runScriptFile('doctor.ts', words, system.folder, {
    ...SECRETS,
    PRIVACY_KEY,
    DATABASE_URL: system.database.url,
    ...env,
  });

async function examine(words: string[] = [], env: Record<string, string> = {}) {
  const { code, stdout } = await run(['--json', ...words], env);
  const report = JSON.parse(stdout) as { ok: boolean; checks: Check[] };
  const find = (id: string) => report.checks.find(check => check.id === id)!;
  return { code, report, find, failed: report.checks.filter(check => check.status === 'fail').map(check => check.id) };
}

const callCron = () =>
  fetch(`${system.url}/api/cron/safety`, { headers: { authorization: `Bearer ${SECRETS.CRON_SECRET}` } });

async function countRows(): Promise<Record<string, number>> {
  const tables = await system.database.sql<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await system.database.sql<{ count: string }>(`select count(*) from "${name}"`);
    counts[name] = Number(row!.count);
  }
  return counts;
}

describe('a system before its first cron', () => {
  it('fails for that alone: a line for each thing measured, and under what is not well what to do', async () => {
    const { code, stdout } = await run(['--url', system.url]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✓ ADMIN_TOKEN: set$/m);
    expect(stdout).toMatch(/^✗ Watchdog: never ran\n {4}The cron runs only on production deployments/m);
    expect(stdout).toMatch(/^✗ Health of the deployment: stale\n {4}\S/m);
    expect(stdout).toMatch(/\d+ pass, 2 fail, \d+ unknown\n$/);
  });
});

describe('a system that is well', () => {
  beforeAll(async () => void (await callCron()));

  it('ends with 0, has every guard of the migrations, and is closed to whoever has no key', async () => {
    const before = await countRows();
    const { code, report, find, failed } = await examine(['--url', system.url]);
    expect([code, report.ok, failed]).toEqual([0, true, []]);
    for (const id of ['health', 'headers', 'anonymous', 'cron', 'webhook'])
      expect(find(`deployment.${id}`).status, id).toBe('pass');
    for (const id of ['migrations', 'guards', 'rows', 'configuration', 'clock'])
      expect(find(`database.${id}`).status, id).toBe('pass');
    expect(find('database.address')).toMatchObject({ status: 'unknown', todo: expect.stringContaining('Neon') });
    expect(find('webhook.silence').status).toBe('unknown');
    // The one trace: the delivery that the system refused, and counted.
    expect({ ...(await countRows()), delivery_counts: before.delivery_counts }).toEqual(before);
  });

  it('is the same afterwards, and the doctor knows its own refused delivery again', async () => {
    const authorization = `Bearer ${SECRETS.ADMIN_TOKEN}`;
    await fetch(`${system.url}/api/monitoring`, { headers: { authorization } });
    const before = await countRows();
    expect(before.delivery_counts).toBeGreaterThanOrEqual(1);
    expect((await examine()).find('webhook.refusals')).toMatchObject({ status: 'pass', measured: 'none' });
    expect(await countRows()).toEqual(before);
  });

  it('accepts the token that is set here, and has the database that is set here', async () => {
    const { find } = await examine(['--url', system.url]);
    expect(find('deployment.token')).toMatchObject({ status: 'pass', measured: 'accepted' });
    expect(find('deployment.database')).toMatchObject({ status: 'pass', measured: 'the same last watchdog run' });
  });

  it('is looked at without its database too, by what its own API tells an admin', async () => {
    const { find, failed } = await examine(['--url', system.url], { DATABASE_URL: '' });
    expect(failed).toEqual([]);
    for (const id of ['database.configuration', 'cron.last_run', 'safety.kill_switch'])
      expect(find(id).status, id).toBe('pass');
    expect(find('webhook.refusals').todo).toContain('run the doctor with DATABASE_URL');
    expect(find('database.guards')).toMatchObject({
      status: 'unknown',
      measured: expect.stringContaining('not asked'),
    });
  });

  it('never shows a value: neither a secret nor the address of the database', async () => {
    const address = new URL(system.database.url);
    address.password = 'hunter2-hunter2';
    for (const words of [['--json'], ['--url', system.url]]) {
      const { stdout, stderr } = await run(words, {
        DATABASE_URL: address.href,
        ALLOWED_ORIGINS: 'https://hunter2.example/x',
      });
      for (const value of [...Object.values(SECRETS), PRIVACY_KEY, 'hunter2', address.pathname.slice(1)])
        expect(stdout + stderr).not.toContain(value);
    }
  });
});

describe('what is wrong is named', () => {
  it('a webhook’s secret of another kind than the one that is set', async () => {
    const body = '{}';
    const legacy = Buffer.alloc(32, 0x5a).toString('base64');
    const headers = signHeaders('legacy', legacy, body, { deliveryId: 'x', nowMs: Date.now() });
    expect((await fetch(`${system.url}/api/webhook`, { method: 'POST', headers, body })).status).toBe(401);
    // Refusals are counted a while after the answer; monitoring asks for it.
    const authorization = `Bearer ${SECRETS.ADMIN_TOKEN}`;
    await fetch(`${system.url}/api/monitoring`, { headers: { authorization } });
    const { find } = await examine();
    expect(find('webhook.refusals')).toMatchObject({
      status: 'fail',
      measured: '1 × no_secret_for_scheme (openphone-signature)',
      todo: expect.stringContaining('no legacy secret'),
    });
    await system.database.sql('delete from delivery_counts');
  });

  it('a secret that is missing where the system runs, in its own words', async () => {
    const { CRON_SECRET } = process.env;
    delete process.env.CRON_SECRET;
    const { find, failed } = await examine(['--url', system.url]);
    process.env.CRON_SECRET = CRON_SECRET;
    expect(failed).toEqual(['deployment.cron']);
    expect(find('deployment.cron')).toMatchObject({
      measured: 'answered 503: CRON_SECRET is not set.',
      todo: expect.stringContaining('Settings → Environment Variables'),
    });
  });

  it('a token that the deployment does not have, also as the reason why its API told nothing', async () => {
    const other = { ADMIN_TOKEN: '81c5e2f09b7d4a36a0c9d8175e24f6b3' };
    const { code, find, failed } = await examine(['--url', system.url], other);
    expect([code, failed]).toEqual([1, ['deployment.token']]);
    expect(find('deployment.token').todo).toBe(
      'The deployment refuses this ADMIN_TOKEN: set the same one there and deploy again.',
    );
    const alone = await examine(['--url', system.url], { ...other, DATABASE_URL: '' });
    for (const id of ['database.configuration', 'cron.last_run', 'safety.kill_switch', 'webhook.silence'])
      expect(alone.find(id)).toMatchObject({
        status: 'unknown',
        measured: 'not measured: the API refused the token',
      });
    expect(alone.find('database.guards').measured).toBe('not measured: the database was not asked');
    expect((await examine(['--url', system.url], { ADMIN_TOKEN: '' })).find('deployment.token').status).toBe('unknown');
  });

  it('a database here that is not the deployment’s', async () => {
    await system.database.sql(`insert into watchdog_runs (status, checks, started_at) values ('latched', '[]', now())`);
    const other = await createTestDatabase();
    const { find, failed } = await examine(['--url', system.url], { DATABASE_URL: other.url });
    await other.close();
    expect(failed).toContain('deployment.database');
    expect(find('deployment.database').measured).toMatch(/^last watchdog run never here, 0 minutes ago there$/);
  });

  it('a guard that somebody switched off, dropped, or emptied', async () => {
    const { sql } = system.database;
    const [{ source } = { source: '' }] = await sql<{ source: string }>(
      `select pg_get_functiondef('v3pls_guard_birth'::regproc) as source`,
    );
    await sql('alter table decision_patterns disable trigger guard_pattern');
    await sql('drop trigger judge_evidence on pattern_execution_history');
    await sql('alter table decision_patterns drop constraint nothing_executes');
    await sql(
      `create or replace function v3pls_guard_birth() returns trigger language plpgsql as $$ begin return new; end $$`,
    );
    const { find, failed } = await examine();
    expect(failed).toEqual(['database.guards', 'database.rows']);
    const { measured, todo } = find('database.guards');
    expect(todo).toContain('alter table decision_patterns enable trigger guard_pattern;');
    expect(measured).toContain('missing trigger pattern_execution_history.judge_evidence');
    expect(measured).toContain('off trigger decision_patterns.guard_pattern');
    expect(measured).toContain('missing constraint decision_patterns.nothing_executes');
    expect(measured).toContain('changed function v3pls_guard_birth()');
    await sql(source);
    await sql('alter table decision_patterns enable trigger guard_pattern');
    await sql('alter table decision_patterns add constraint nothing_executes check (not auto_executable)');
    await sql(`create trigger judge_evidence after insert on pattern_execution_history referencing new table as new_rows
      for each statement execute function v3pls_judge_evidence()`);
  });

  it('a schema older or newer than the code, and one that is not there; none of them is migrated', async () => {
    const { sql } = system.database;
    await sql('insert into schema_migrations (level, tag) values ($1, $2)', [SCHEMA_LEVEL + 1, 'tomorrow']);
    expect((await examine()).find('database.migrations').todo).toContain('deploy the newer code');
    await sql('delete from schema_migrations where level >= $1', [SCHEMA_LEVEL]);
    const older = await examine();
    expect(older.failed).toEqual(['database.migrations']);
    expect(older.find('database.migrations').todo).toContain('npm run migrate');
    await sql('insert into schema_migrations (level, tag) values ($1, $2)', [SCHEMA_LEVEL, 'again']);
    const empty = await createTestDatabase({ template: 'template1' });
    const report = await examine([], { DATABASE_URL: empty.url });
    expect(report.find('database.migrations')).toMatchObject({
      status: 'fail',
      measured: expect.stringContaining('level none'),
    });
    expect(await empty.sql(`select 1 from pg_class where relnamespace = 'public'::regnamespace`)).toEqual([]);
    await empty.close();
  });

  it('a database that does not answer, and an address that is none', async () => {
    for (const DATABASE_URL of ['postgres://u:hunter2@127.0.0.1:1/db', 'hunter2']) {
      const { code, find } = await examine([], { DATABASE_URL });
      expect([code, find('database.address').status]).toEqual([1, 'fail']);
      expect(find('database.guards').status).toBe('unknown');
    }
  });

  it('an embedded database that a server has open, and one that is not there: neither is a fault, neither is made', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'v3pls-doctor-'));
    const env = { DATABASE_URL: '', DATA_DIR: folder, PORT: '4321' };
    expect((await examine([], env)).find('database.address')).toMatchObject({
      status: 'unknown',
      todo: expect.stringContaining('npm start'),
    });
    mkdirSync(path.join(folder, 'pg'));
    writeFileSync(path.join(folder, 'pg', 'PG_VERSION'), '18');
    const release = await takeLock(path.join(folder, 'pg.lock'), () => {});
    expect((await examine([], env)).find('database.address')).toMatchObject({
      status: 'unknown',
      measured: `not set: the embedded database, which process ${process.pid} has open`,
      todo: expect.stringContaining('--url http://localhost:4321'),
    });
    release();
    rmSync(folder, { recursive: true });
  });
});

describe('at the address given', () => {
  it('somebody else who opens everything is not taken for this system', async () => {
    const server = createServer((_, response) => void response.writeHead(200).end('{"status":"ok"}'));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { failed, find } = await examine(['--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`]);
    server.close();
    expect(failed).toEqual(['headers', 'anonymous', 'cron', 'webhook'].map(id => `deployment.${id}`));
    expect(find('deployment.anonymous').todo).toContain('open to anybody');
  });

  it('somebody else who answers everything with a page is not told to be open', async () => {
    const server = createServer((_, response) => void response.writeHead(200).end('<html>welcome</html>'));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { failed, find } = await examine(['--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`]);
    server.close();
    expect(failed).toEqual(['deployment.health']);
    for (const id of ['headers', 'anonymous', 'cron', 'webhook'])
      expect(find(`deployment.${id}`)).toMatchObject({ status: 'unknown', measured: 'not measured: not this system' });
    expect(find('deployment.token').measured).toBe('answered 200, and not by this system');
  });

  it('nobody is a sentence, and a bad address is refused before anything is asked', async () => {
    const { failed, find } = await examine(['--url', 'http://127.0.0.1:1']);
    expect(failed).toHaveLength(5);
    expect(find('deployment.health').todo).toMatch(/^Nothing answers at /);
    for (const words of [['--url', 'http://desk.example.com'], ['--everything']]) {
      const { code, stdout, stderr } = await run(words);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).not.toMatch(/^\s+at /m);
    }
  });
});
