// The npm packages that the benchmarks compare with: in a folder of their own, installed when first needed, so that nobody
// pays for them who only wants the product.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Refusal } from '../server/refusal.js';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
/** npm writes it last, so a broken install does not count. */
const INSTALLED = new URL('./node_modules/.package-lock.json', import.meta.url);

const require = createRequire(import.meta.url);

export function arePeersInstalled(): boolean {
  return existsSync(INSTALLED);
}

/** Throws a Refusal where npm cannot fetch them. */
export function installPeers(): void {
  if (arePeersInstalled()) return;
  console.error('Installing the libraries to compare with into scripts/peers, once …');
  const words = ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const { status } = spawnSync('npm', words, { cwd: FOLDER, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0 || !arePeersInstalled())
    throw new Refusal(
      'The libraries to compare with could not be installed: "npm ci" in scripts/peers needs the npm registry. Without them, "--peers none" measures ours alone.',
    );
}

export function whyNotInstalled(): string | null {
  return arePeersInstalled() ? null : 'not installed (npm ci in scripts/peers)';
}

/** @returns the package as CommonJS; each adapter says what it uses of it */
export function loadPeer<T>(name: string): T {
  return require(name) as T;
}
