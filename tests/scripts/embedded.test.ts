// The embedded database on disk: one process at a time, and nothing that was confirmed is lost when it is killed.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { takeLock } from '../../scripts/database/embedded-lock.js';
import { openEmbedded } from '../../scripts/database/pglite.js';

const folder = mkdtempSync(path.join(tmpdir(), 'v3pls-embedded-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the lock of the embedded database', () => {
  const file = path.join(folder, 'lock');
  const said: string[] = [];
  const take = (patienceMs = 0) => takeLock(file, line => void said.push(line), patienceMs);

  it('is held by one, named by its process, and given back', async () => {
    const release = await take();
    expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`^${process.pid}\n`));
    await expect(take()).rejects.toThrow(`The embedded database is in use by process ${process.pid}`);
    release();
    expect(existsSync(file)).toBe(false);
    (await take())();
  });

  it('is waited for a little, for the one that has it may be closing', async () => {
    const release = await take();
    const next = take(5_000);
    setTimeout(release, 100);
    (await next)();
  });

  it('is taken over from a process that is gone, with a message', async () => {
    writeFileSync(file, '999999999\n\n');
    (await take())();
    expect(said).toEqual(['Taking over the embedded database: process 999999999, which held it, is gone.']);
  });

  it('is taken over from an earlier process of the same number', async () => {
    writeFileSync(file, `${process.pid}\nan-earlier-boot-123\n`);
    (await take())();
    expect(said).toHaveLength(2);
  });

  it('is not given back by somebody who no longer has it', async () => {
    const release = await take();
    writeFileSync(file, '1\n\n');
    release();
    expect(existsSync(file)).toBe(true);
  });
});

it('keeps every confirmed write when its process is killed', async () => {
  const dataDir = path.join(folder, 'data');
  const confirmed = await writeUntilKilled(dataDir, 200);
  const said: string[] = [];
  const database = await openEmbedded(dataDir, line => void said.push(line));
  expect(said).toEqual([expect.stringMatching(/^Taking over the embedded database/)]);
  const headers = { 'Neon-Raw-Text-Output': 'true', 'Neon-Array-Mode': 'true' };
  const body = JSON.stringify({ query: 'select count(*), max(n) from written' });
  const answer = await database.transport('https://localhost/sql', { method: 'POST', headers, body });
  const { rows } = (await answer.json()) as { rows: [[string, string]] };
  expect(Number(rows[0][0])).toBeGreaterThanOrEqual(confirmed);
  expect(rows[0][0]).toBe(rows[0][1]);
  await database.close();
  expect(existsSync(path.join(dataDir, 'pg.lock'))).toBe(false);
}, 60_000);

/** Returns the last number whose write was confirmed before the process was killed with no chance to clean up. */
async function writeUntilKilled(dataDir: string, atLeast: number): Promise<number> {
  const script = fileURLToPath(new URL('./embedded-writer.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  let confirmed = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    confirmed = Number(line);
    if (confirmed === atLeast) child.kill('SIGKILL');
  }
  return confirmed;
}
