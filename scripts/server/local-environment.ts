// The environment of a command run on somebody's machine: the real one first, then `.env`, then secrets generated once.
// On Vercel nothing of this runs; there a missing secret stays missing.
import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { makeDataDir, readDataDir } from '../database/open.js';
import { Refusal } from './refusal.js';

const GENERATED = ['ADMIN_TOKEN', 'CRON_SECRET', 'QUO_WEBHOOK_SECRETS'] as const;
type Secrets = Record<(typeof GENERATED)[number], string>;

/**
 * Fills process.env from `.env` and from DATA_DIR/secrets.json (mode 0600). `generate` false only reads that file.
 * Returns the names that came from it. Throws a Refusal when a file cannot be read.
 */
export function loadLocalEnvironment({ generate = true } = {}): string[] {
  loadDotEnv();
  const missing = GENERATED.filter(name => !process.env[name]);
  if (missing.length === 0) return [];
  const file = path.join(readDataDir(process.env), 'secrets.json');
  const secrets = readSecrets(file) ?? (generate ? createSecrets(file) : undefined);
  if (!secrets) return [];
  for (const name of missing) process.env[name] = secrets[name];
  return missing;
}

/** The dev server's port, and where commands look for it. Throws a Refusal for a text that is none. */
export function readPort(text: string | undefined): number {
  if (!text) return 3000;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Refusal(`PORT is ${text}: a port number is expected.`);
  return port;
}

/** Node's own loader takes any bytes: of a file in UTF-16 it reads nothing, and a byte order mark swallows the first name. */
function loadDotEnv(): void {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path.resolve('.env'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new Refusal('.env exists and cannot be read.');
  }
  for (const [name, value] of Object.entries(parseEnv(decodeText(bytes)))) process.env[name] ??= value;
}

function decodeText(bytes: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {}
  throw new Refusal('.env is not plain text in UTF-8: save it as such, with one NAME=value in a line.');
}

function readSecrets(file: string): Secrets | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    // ENOTDIR: what DATA_DIR names cannot be a folder; whoever writes there says so.
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw new Refusal(`${file} cannot be read.`);
  }
  try {
    const secrets = JSON.parse(text) as Partial<Secrets>;
    if (GENERATED.every(name => typeof secrets[name] === 'string' && secrets[name] !== '')) return secrets as Secrets;
  } catch {}
  throw new Refusal(`${file} is damaged: delete it, and new secrets are generated.`);
}

/** Two commands started at once agree on one file: it is linked to its name complete, and only the first link succeeds. */
function createSecrets(file: string): Secrets {
  const secrets: Secrets = {
    ADMIN_TOKEN: randomBytes(24).toString('base64url'),
    CRON_SECRET: randomBytes(24).toString('base64url'),
    // The prefix tells the new scheme from the legacy one.
    QUO_WEBHOOK_SECRETS: `whsec_${randomBytes(32).toString('base64')},${randomBytes(32).toString('base64')}`,
  };
  makeDataDir(path.dirname(file));
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  // A file that was there already keeps its mode when it is written.
  chmodSync(draft, 0o600);
  try {
    linkSync(draft, file);
    return secrets;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readSecrets(file)!;
  } finally {
    rmSync(draft, { force: true });
  }
}
