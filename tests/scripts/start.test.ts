// `npm start` as a person meets it: ready when it answers, one sentence when it cannot start, gone when it is told to go.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(path.join(tmpdir(), 'v3pls-start-'));
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describe('npm start', () => {
  let port: number;
  let server: ReturnType<typeof start>;
  let firstAnswer: Response;
  beforeAll(async () => {
    port = await findFreePort();
    server = start({ PORT: String(port), DATA_DIR: folder });
    firstAnswer = await untilAnswered(`http://127.0.0.1:${port}/api/monitoring?view=health`, server);
  }, 60_000);

  it('is not answered before it is ready: migrated, and watched once', async () => {
    expect([firstAnswer.status, await firstAnswer.text()]).toEqual([200, '{"status":"ok"}']);
    expect(await fetch(`http://localhost:${port}/`).then(page => page.text())).toMatch(/<html/i);
  });

  it('prints a link that signs in', async () => {
    await expect.poll(server.output).toMatch(new RegExp(`http://localhost:${port}/#token=.{32,}`));
    const token = /#token=(\S+)/.exec(server.output())![1];
    const config = await fetch(`http://127.0.0.1:${port}/api/config`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(config.status).toBe(200);
  });

  it('says in a sentence that its port is taken', async () => {
    const second = start({ PORT: String(port), DATA_DIR: path.join(folder, 'other') });
    expect(await second.exit).toBe(1);
    expect(second.output()).toBe(`Port ${port} is already in use: stop what runs there, or set PORT.\n`);
  });

  it('says in a sentence that its database is in use', async () => {
    const second = start({ PORT: String(await findFreePort()), DATA_DIR: folder });
    expect(await second.exit).toBe(1);
    expect(second.output()).toMatch(/^The embedded database is in use by process \d+ \(.*\): stop that one first.*\n$/);
  });

  it('says in a sentence what is wrong with the environment, and repeats no secret', async () => {
    const bad = { PORT: String(await findFreePort()), DATA_DIR: path.join(folder, 'other') };
    const short = start({ ...bad, ADMIN_TOKEN: 'too-short' });
    expect(await short.exit).toBe(1);
    expect(short.output()).toBe('ADMIN_TOKEN must have at least 32 characters.\n');
    const unreachable = start({ ...bad, DATABASE_URL: 'postgres://somebody:hunter2@127.0.0.1:1/business' });
    expect(await unreachable.exit).toBe(1);
    expect(unreachable.output()).toBe('DATABASE_URL: the database cannot be reached (ECONNREFUSED).\n');
    const nonsense = start({ ...bad, DATABASE_URL: 'hunter2' });
    expect(await nonsense.exit).toBe(1);
    expect(nonsense.output()).toMatch(/^DATABASE_URL is not a valid address: .*\n$/);
    expect(nonsense.output()).not.toContain('hunter2');
    const foreign = start({ ...bad, DATABASE_URL: 'mysql://somebody:hunter2@127.0.0.1/business' });
    expect(await foreign.exit).toBe(1);
    expect(foreign.output()).toBe('DATABASE_URL is no PostgreSQL address: postgres:// is expected at its beginning.\n');
  });

  it('ends with 0 at SIGTERM, however often it comes, and gives the database back', async () => {
    expect(existsSync(path.join(folder, 'pg.lock'))).toBe(true);
    server.child.kill('SIGTERM');
    server.child.kill('SIGTERM');
    expect(await server.exit).toBe(0);
    expect(existsSync(path.join(folder, 'pg.lock'))).toBe(false);
    expect(Object.keys(JSON.parse(readFileSync(path.join(folder, 'secrets.json'), 'utf8')))).toHaveLength(3);
  });
});

describe('npm run demo', () => {
  it('fills no database at Neon', async () => {
    const demo = start(
      { DATA_DIR: folder, PORT: '0', DATABASE_URL: 'postgres://u:hunter2@ep-cool-lake-1-pooler.eu.aws.neon.tech/db' },
      'demo.ts',
    );
    expect(await demo.exit).toBe(1);
    expect(demo.output()).toMatch(
      /^DATABASE_URL is a database at Neon: the demo would fill it with made-up texts .*\n$/,
    );
  });

  it('is ended by Ctrl-C in its first seconds without a fault', async () => {
    const demo = start({ DATA_DIR: path.join(folder, 'new'), PORT: String(await findFreePort()) }, 'demo.ts');
    await expect.poll(demo.output, { timeout: 20_000 }).toContain('Creating the embedded database');
    // As a terminal sends it: to every process of the group.
    process.kill(-demo.child.pid!, 'SIGINT');
    expect(await demo.exit).toBe(0);
    expect(demo.output()).not.toMatch(/Command failed|^\s+at /m);
  });
});

function start(env: Record<string, string>, name = 'start.ts') {
  const script = fileURLToPath(new URL(`../../scripts/${name}`, import.meta.url));
  const { DATABASE_URL, ...rest } = process.env;
  // A group of its own, so that a signal can go to it and the processes under it.
  const child = spawn(process.execPath, ['--import', 'tsx', script], { env: { ...rest, ...env }, detached: true });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', data => {
      output += data;
    });
  const exit = once(child, 'close').then(([code]) => code as number | null);
  return { child, exit, output: () => output };
}

async function untilAnswered(url: string, server: ReturnType<typeof start>): Promise<Response> {
  for (;;) {
    if (server.child.exitCode !== null) throw new Error(server.output());
    try {
      return await fetch(url);
    } catch {
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
