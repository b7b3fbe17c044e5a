// Where a local command's environment comes from: the real one, then .env, then secrets generated once for everybody.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseWebhookSecrets } from '../../lib/quo/signatures.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'v3pls-environment-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('generates what is missing once, for nobody else to read', async () => {
  const first = await load();
  expect(first.ADMIN_TOKEN!.length).toBeGreaterThanOrEqual(32);
  expect(first.CRON_SECRET!.length).toBeGreaterThanOrEqual(16);
  expect(parseWebhookSecrets(first.QUO_WEBHOOK_SECRETS!).map(secret => secret.scheme)).toEqual(['standard', 'legacy']);
  expect(statSync(path.join(folder, '.data', 'secrets.json')).mode & 0o777).toBe(0o600);
  expect(await load()).toEqual(first);
});

it('gives two commands started at once the same secrets', async () => {
  const all = await Promise.all(Array.from({ length: 6 }, () => load()));
  for (const one of all) expect(one).toEqual(all[0]);
});

it('prefers the real environment to .env, and .env to what it generates', async () => {
  writeFileSync(path.join(folder, '.env'), 'ADMIN_TOKEN=from-file\nCRON_SECRET="from file"\nDATA_DIR=elsewhere\n');
  const loaded = await load({ ADMIN_TOKEN: 'from-environment', CRON_SECRET: '' });
  expect(loaded.ADMIN_TOKEN).toBe('from-environment');
  const saved = JSON.parse(readFileSync(path.join(folder, 'elsewhere', 'secrets.json'), 'utf8'));
  expect(loaded.QUO_WEBHOOK_SECRETS).toBe(saved.QUO_WEBHOOK_SECRETS);
  expect((await load()).CRON_SECRET).toBe('from file');
});

it('says so when the file of secrets is damaged, and does not replace it', async () => {
  await load();
  writeFileSync(path.join(folder, '.data', 'secrets.json'), '{"ADMIN_TOKEN":""}');
  await expect(load()).rejects.toThrow(/secrets.json is damaged/);
});

/** In a process of its own: what is tested is what it does to its environment. */
function load(env: Record<string, string> = {}): Promise<Record<string, string | undefined>> {
  const module = pathToFileURL(
    fileURLToPath(new URL('../../scripts/server/local-environment.ts', import.meta.url)),
  ).href;
  const program = `const { loadLocalEnvironment } = await import('${module}'); loadLocalEnvironment();
    const { ADMIN_TOKEN, CRON_SECRET, QUO_WEBHOOK_SECRETS } = process.env;
    console.log(JSON.stringify({ ADMIN_TOKEN, CRON_SECRET, QUO_WEBHOOK_SECRETS }));`;
  const tsx = import.meta.resolve('tsx');
  const child = spawn(process.execPath, ['--import', tsx, '--input-type=module', '-e', program], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', data => {
    stdout += data;
  });
  child.stderr.on('data', data => {
    stderr += data;
  });
  return new Promise((resolve, reject) =>
    child.on('close', code => (code === 0 ? resolve(JSON.parse(stdout)) : reject(new Error(stderr)))),
  );
}
