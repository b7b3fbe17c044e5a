// A running system for the tests of commands: the functions of api/ over a real socket, on a database of their own.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeApp } from '../../../scripts/server/app.js';
import { listen } from '../../../scripts/server/listen.js';
import { loadRoutes } from '../../../scripts/server/routes.js';
import { makeHeaderFinder, readVercelConfig } from '../../../scripts/server/vercel-config.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export const SECRETS = {
  ADMIN_TOKEN: '3f9a61c07be2d4855c1e0a97f26b8d43',
  CRON_SECRET: 'b81f5c02e7a94d63',
  QUO_WEBHOOK_SECRETS: `whsec_${Buffer.from('kR7v-2pQx9-Lw4s-Tz6m-Yb1').toString('base64')}`,
};

export type System = { url: string; folder: string; database: TestDatabase; close(): Promise<void> };

export async function startSystem(): Promise<System> {
  const folder = mkdtempSync(path.join(tmpdir(), 'v3pls-system-'));
  const publicDir = path.join(folder, 'public');
  mkdirSync(publicDir);
  writeFileSync(path.join(publicDir, 'index.html'), '<html>page</html>');
  const database = await createTestDatabase();
  await database.use();
  Object.assign(process.env, SECRETS);
  const app = makeApp({
    routes: await loadRoutes(path.join(ROOT, 'api')),
    publicDir,
    findHeaders: makeHeaderFinder(readVercelConfig(path.join(ROOT, 'vercel.json')).headers),
    log: () => {},
  });
  const listening = await listen(app.listener, 0);
  return {
    url: `http://localhost:${listening.port}`,
    folder,
    database,
    async close() {
      await listening.close(1_000, app.settle);
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Ended = { code: number | null; stdout: string; stderr: string };

/** A script as npm would run it, in a folder without a .env; nothing of this process's environment but what is given. */
export function runScriptFile(name: string, words: string[], cwd: string, env: Record<string, string>): Promise<Ended> {
  const tsx = fileURLToPath(import.meta.resolve('tsx'));
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['--import', tsx, path.join(ROOT, 'scripts', name), ...words], {
    cwd,
    env: { PATH, HOME, ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', data => {
    stdout += data;
  });
  child.stderr.on('data', data => {
    stderr += data;
  });
  return new Promise(resolve => child.on('close', code => resolve({ code, stdout, stderr })));
}
