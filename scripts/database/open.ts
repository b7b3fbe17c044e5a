// Which database this process talks to, and the only place that decides it.
import { accessSync, constants, mkdirSync } from 'node:fs';
import path from 'node:path';
import { Refusal } from '../server/refusal.js';
import type { Transport } from './neon-protocol.js';

export type OpenDatabase = { kind: 'embedded' | 'postgres' | 'neon'; transport?: Transport; close(): Promise<void> };
const ANSWER_LIMIT_MS = 5_000;

type Environment = Record<string, string | undefined>;

/** What DATABASE_URL says while the embedded database is open: well-formed for the client, and of no use to anybody. */
export const EMBEDDED_URL = 'postgres://local:local@localhost/v3pls';

/** DATA_DIR, or `.data` in the folder the command was started in. */
export function readDataDir(env: Environment): string {
  return path.resolve(env.DATA_DIR || '.data');
}

/** Throws a Refusal where it cannot be made or written. */
export function makeDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.W_OK);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new Refusal(`${dataDir} cannot be written (${code}): set DATA_DIR to a folder that you may write in.`);
  }
}

/**
 * Opens the database that `env` names and points db/client at it. Unset: embedded under DATA_DIR; Neon: as it is;
 * any other PostgreSQL: through the proxy. Throws a Refusal for a bad address, which it never repeats: it holds a password.
 */
export async function openDatabase(env: Environment, say?: (line: string) => void): Promise<OpenDatabase> {
  const url = env.DATABASE_URL;
  if (!url || url === EMBEDDED_URL) {
    const { openEmbedded } = await import('./pglite.js');
    const { transport, close } = await openEmbedded(readDataDir(env), say);
    process.env.DATABASE_URL = EMBEDDED_URL;
    await useTransport(transport);
    return { kind: 'embedded', transport, close };
  }
  process.env.DATABASE_URL = url;
  if (isNeon(parseAddress(url))) return { kind: 'neon', close: async () => {} };
  const { openPostgres } = await import('./postgres-proxy.js');
  const { transport, close } = await openPostgres(url);
  await requireAnswer(transport).catch(async error => {
    await close();
    throw error;
  });
  await useTransport(transport);
  return { kind: 'postgres', transport, close };
}

function parseAddress(url: string): URL {
  let address: URL;
  try {
    address = new URL(url);
  } catch {
    throw new Refusal('DATABASE_URL is not a valid address: postgres://user:password@host/database is expected.');
  }
  if (address.protocol !== 'postgres:' && address.protocol !== 'postgresql:')
    throw new Refusal('DATABASE_URL is no PostgreSQL address: postgres:// is expected at its beginning.');
  if (!address.hostname || !address.username || address.pathname.length < 2)
    throw new Refusal('DATABASE_URL needs a user, a host and a database: postgres://user:password@host/database.');
  return address;
}

const isNeon = ({ hostname }: URL) => /(^|\.)neon\.(tech|build)$/i.test(hostname);

/** False too for what is no address: opening it says so. */
export function isNeonAddress(url: string | undefined): boolean {
  return url !== undefined && URL.canParse(url) && isNeon(new URL(url));
}

/** Says at the start, in a sentence, what every later request would fail with. */
async function requireAnswer(transport: Transport): Promise<void> {
  const headers = { 'Neon-Raw-Text-Output': 'true', 'Neon-Array-Mode': 'true' };
  const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
  const response = await transport('', { headers, body: JSON.stringify({ query: 'select 1' }), signal }).catch(() => {
    throw new Refusal(`The database of DATABASE_URL does not answer within ${ANSWER_LIMIT_MS / 1000} s.`);
  });
  if (response.status === 400) {
    const { message } = (await response.json()) as { message: string };
    throw new Refusal(`The database of DATABASE_URL refuses the connection: ${message}.`);
  }
  if (!response.ok) throw new Refusal(`DATABASE_URL: ${await response.text()}.`);
}

async function useTransport(transport: Transport): Promise<void> {
  const { setTransport } = await import('../../db/client.js');
  setTransport(transport);
}
