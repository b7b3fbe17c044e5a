// Once per run of the browser's tests: the page is built, one Chromium is started, and the tour is lived through as a person
// at a terminal would see it. What it leaves is copied by every test file. TOUR_FOLDER keeps it for the next run, for whoever
// writes a test.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { EMBEDDED_URL } from '../../../scripts/database/open.js';
import { chromiumOptions } from '../../../scripts/screenshots/chromium.js';
import { buildPage } from '../../../scripts/server/page-build.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where to reach the one Chromium. */
    browserAddress: string;
    /** A DATA_DIR after `npm run demo -- --tour`; to be copied, not opened. */
    tourFolder: string;
    /** What that command printed. */
    tourOutput: string;
  }
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const TOUR_LIMIT_MS = 120_000;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const kept = process.env.TOUR_FOLDER;
  const folder = kept ?? mkdtempSync(path.join(tmpdir(), 'v3pls-browser-'));
  const remove = () => kept ?? rmSync(folder, { recursive: true, force: true });
  try {
    const missing = await buildPage(ROOT);
    if (missing) throw new Error(missing);
    mkdirSync(folder, { recursive: true });
    const printed = path.join(folder, 'printed.txt');
    if (!existsSync(printed)) writeFileSync(printed, await liveThroughTour(folder));
    project.provide('tourOutput', readFileSync(printed, 'utf8'));
    project.provide('tourFolder', folder);
    const server = await chromium.launchServer(chromiumOptions());
    project.provide('browserAddress', server.wsEndpoint());
    return async () => {
      await server.close();
      remove();
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** @returns everything that it printed until it was ready */
function liveThroughTour(folder: string): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/demo.ts', '--tour'], {
    cwd: ROOT,
    env: { ...process.env, DATABASE_URL: EMBEDDED_URL, DATA_DIR: folder, PORT: '0' },
  });
  let output = '';
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => child.kill('SIGKILL'), TOUR_LIMIT_MS);
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', data => {
        output += data;
        // The last line that it prints: what is in the folder is whole once the process has ended.
        if (/^Sign in as admin: /m.test(output)) child.kill('SIGTERM');
      });
    child.on('close', code => {
      clearTimeout(limit);
      if (code === 0) resolve(output);
      else reject(new Error(`npm run demo -- --tour ended with ${code}:\n${output}`));
    });
  });
}
