// The embedded database: PGlite in DATA_DIR/pg, opened by one process at a time.
// What a request was told is committed survives a killed process: PGlite writes through to the files before it answers.
// A power cut is another matter, for it never calls fsync; a deployment has a real PostgreSQL.
import { execFile } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { Refusal } from '../server/refusal.js';
import { takeLock } from './embedded-lock.js';
import { makeTransport, type Transport } from './neon-protocol.js';
import { makeDataDir } from './open.js';
import { makePgliteRunner } from './pglite-runner.js';

export type Embedded = {
  transport: Transport;
  /** Runs SQL with any number of statements; for tests and scripts. */
  exec(sql: string): Promise<void>;
  close(): Promise<void>;
};

/** PGlite's defaults, and then ours: they are not exported, and passing any replaces all. */
const START_PARAMS = [
  ...['--single', '-F', '-O', '-j', ...settings('search_path=public', 'exit_on_error=false', 'log_checkpoints=false')],
  ...settings('max_worker_processes=0', 'max_parallel_workers=0', 'max_parallel_workers_per_gather=0'),
  ...settings('io_method=sync', 'max_parallel_maintenance_workers=0'),
  // 140 MB less memory than with the 128 MB default; nothing to replicate to; a small log that is reused.
  ...settings('shared_buffers=16MB', 'max_connections=5', 'wal_level=minimal', 'max_wal_senders=0'),
  ...settings('max_wal_size=64MB', 'min_wal_size=32MB'),
];

/**
 * Opens the embedded database under `dataDir`, creating it the first time.
 * Throws a Refusal when another process has it open.
 */
export async function openEmbedded(dataDir: string, say: (line: string) => void = console.error): Promise<Embedded> {
  makeDataDir(dataDir);
  const releaseLock = await takeLock(path.join(dataDir, 'pg.lock'), say);
  try {
    const directory = path.join(dataDir, 'pg');
    if (!existsSync(path.join(directory, 'PG_VERSION'))) await createEmbedded(directory, say);
    const db = await PGlite.create({ dataDir: directory, startParams: START_PARAMS });
    return { ...wrapPglite(db), close: () => db.close().finally(releaseLock) };
  } catch (error) {
    releaseLock();
    throw error;
  }
}

/** Deletes the embedded database and keeps the generated secrets. Throws a Refusal while a process has it open. */
export async function deleteEmbedded(dataDir: string): Promise<void> {
  if (!existsSync(dataDir)) return;
  const releaseLock = await takeLock(path.join(dataDir, 'pg.lock'), console.error);
  rmSync(path.join(dataDir, 'pg'), { recursive: true, force: true });
  releaseLock();
}

/** An empty database in memory, for tests; `loadDataDir` starts from a copy of another one. */
export async function openInMemory(loadDataDir?: Blob): Promise<Embedded & { dump(): Promise<Blob> }> {
  const db = await PGlite.create({ startParams: START_PARAMS, ...(loadDataDir && { loadDataDir }) });
  return { ...wrapPglite(db), dump: () => db.dumpDataDir('none') };
}

function wrapPglite(db: PGlite): Embedded {
  return {
    transport: makeTransport(makePgliteRunner(db)),
    exec: async sql => void (await db.exec(sql)),
    close: () => db.close(),
  };
}

/** A directory appears under its name only when it is complete: one that was interrupted is begun again. */
async function createEmbedded(directory: string, say: (line: string) => void): Promise<void> {
  say('Creating the embedded database, some seconds, once …');
  const unfinished = `${directory}.creating`;
  rmSync(unfinished, { recursive: true, force: true });
  rmSync(directory, { recursive: true, force: true });
  const script = fileURLToPath(new URL('./create-embedded.mjs', import.meta.url));
  await promisify(execFile)(process.execPath, [script, unfinished, JSON.stringify(START_PARAMS)]).catch(error => {
    if (!(error as { signal?: string }).signal) throw error;
    throw new Refusal('Creating the embedded database was interrupted: the next start begins it again.');
  });
  renameSync(unfinished, directory);
}

function settings(...list: string[]): string[] {
  return list.flatMap(setting => ['-c', setting]);
}
