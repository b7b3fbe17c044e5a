// How this project starts a browser: Debian's Chromium, headless, quiet, asking nobody but the page's own server.
import { existsSync } from 'node:fs';
import type { LaunchOptions } from 'playwright-core';
import { Refusal } from '../server/refusal.js';

const PATH = '/usr/bin/chromium';

/** Throws a Refusal where it is not installed. */
export function chromiumOptions(): LaunchOptions {
  if (!existsSync(PATH)) throw new Refusal(`There is no ${PATH}: apt-get install chromium.`);
  return {
    executablePath: PATH,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  };
}
