// Builds the page from web/ into public/ when it is missing or older than its source.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

/** A build takes two seconds; one that is still locked after this was killed. */
const LOCK_LIMIT_MS = 60_000;

/** Returns undefined, or a sentence about why there is no page; the API works without one. */
export async function buildPage(root: string): Promise<string | undefined> {
  const pageFile = path.join(root, 'public', 'index.html');
  if (!existsSync(path.join(root, 'web', 'vite.config.ts')))
    return existsSync(pageFile) ? undefined : 'There is no page: web/vite.config.ts is missing.';
  const cache = path.join(root, 'node_modules', '.v3pls');
  mkdirSync(cache, { recursive: true });
  const lock = path.join(cache, 'page.lock');
  while (isStale(root, pageFile)) {
    if (!makeLock(lock)) {
      await new Promise(resolve => setTimeout(resolve, 100));
      continue;
    }
    try {
      await runVite(root, cache);
      return undefined;
    } catch (error) {
      const { stderr, message, signal } = error as { stderr?: string; message: string; signal?: string };
      if (signal) return 'The page was not built: the build was interrupted.';
      return `The page could not be built: ${(stderr || message).trim().split('\n').slice(0, 12).join('\n')}`;
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
  return undefined;
}

function isStale(root: string, pageFile: string): boolean {
  return !existsSync(pageFile) || newestMs(path.join(root, 'web')) > statSync(pageFile).mtimeMs;
}

/** In a process of its own, for the bundler's memory is not given back; into a folder of its own, for others may be serving. */
async function runVite(root: string, cache: string): Promise<void> {
  const vite = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const output = path.join(cache, `page-${process.pid}`);
  const former = path.join(cache, `former-${process.pid}`);
  const target = path.join(root, 'public');
  try {
    await promisify(execFile)(
      process.execPath,
      [vite, 'build', 'web', '--outDir', output, '--emptyOutDir', '--logLevel', 'error'],
      { cwd: root, env: { ...process.env, NODE_ENV: 'production' } },
    );
    if (existsSync(target)) renameSync(target, former);
    renameSync(output, target);
  } finally {
    rmSync(output, { recursive: true, force: true });
    rmSync(former, { recursive: true, force: true });
  }
}

function makeLock(lock: string): boolean {
  try {
    if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > LOCK_LIMIT_MS) rmSync(lock, { recursive: true });
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

function newestMs(folder: string): number {
  const times = readdirSync(folder, { withFileTypes: true }).map(entry => {
    const entryPath = path.join(folder, entry.name);
    if (entry.name === 'node_modules') return 0;
    return entry.isDirectory() ? newestMs(entryPath) : statSync(entryPath).mtimeMs;
  });
  return Math.max(0, ...times);
}
