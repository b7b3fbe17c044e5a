// The lock on the embedded database's directory. PGlite takes none itself, and two processes would corrupt it for good,
// so nobody opens the directory without holding this file.
import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { Refusal } from '../server/refusal.js';

/** Taking over lasts microseconds; an older takeover file was left by a crash within them. */
const TAKEOVER_LIMIT_MS = 10_000;
/** npm returns to its caller before the server under it has closed: a restart must not trip over that. */
const PATIENCE_MS = 10_000;

type Holder = { pid: number; identity: string };

/** Takes the lock, or throws a Refusal that names the process holding it. Returns the function that gives it back. */
export async function takeLock(file: string, say: (line: string) => void, patienceMs = PATIENCE_MS) {
  const deadline = Date.now() + patienceMs;
  while (!createLock(file)) {
    const refusal = takeOver(file, say);
    if (!refusal) break;
    if (Date.now() >= deadline) throw refusal;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  return () => {
    if (readHolder(file)?.pid === process.pid) rmSync(file, { force: true });
  };
}

function createLock(file: string): boolean {
  const content = `${process.pid}\n${identify(process.pid)}\n`;
  let descriptor: number;
  try {
    descriptor = openSync(file, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  writeSync(descriptor, content);
  closeSync(descriptor);
  return true;
}

/** Two processes may find the same stale lock: a second O_EXCL file decides which of them replaces it. */
function takeOver(file: string, say: (line: string) => void): Refusal | undefined {
  const takeover = `${file}.takeover`;
  if (ageMs(takeover) > TAKEOVER_LIMIT_MS) rmSync(takeover, { force: true });
  if (!createLock(takeover)) return new Refusal(`Another process is just opening the embedded database (${file}).`);
  try {
    const holder = readHolder(file);
    if (holder && isAlive(holder))
      return new Refusal(
        `The embedded database is in use by process ${holder.pid} (${file}): stop that one first, or set DATA_DIR or DATABASE_URL.`,
      );
    if (holder) say(`Taking over the embedded database: process ${holder.pid}, which held it, is gone.`);
    rmSync(file, { force: true });
    return createLock(file) ? undefined : new Refusal(`Another process took the embedded database first (${file}).`);
  } finally {
    rmSync(takeover, { force: true });
  }
}

function readHolder(file: string): Holder | undefined {
  try {
    const [pid, identity] = readFileSync(file, 'utf8').split('\n');
    return { pid: Number(pid), identity: identity ?? '' };
  } catch {
    return undefined;
  }
}

/** A pid alone is not enough: after a restart of the machine or container another process may carry the same number. */
function isAlive({ pid, identity }: Holder): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const current = identify(pid);
  return current !== 'dead' && (identity === '' || current === identity);
}

/** Boot and start time of a process where Linux tells them, `dead` for one that only its parent still counts, else empty. */
function identify(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name may hold spaces and parentheses: the fields are counted after the last one, from the state on.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return 'dead';
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}-${fields[19]}`;
  } catch {
    return '';
  }
}

function ageMs(file: string): number {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}
