import { defineConfig } from 'vitest/config';

/** What shows the page in a real headless Chromium. Not part of `npm test`, which needs no browser. */
export default defineConfig({
  test: {
    include: ['tests/browser/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts', 'tests/browser/support/global-setup.ts'],
    // Each has a server and a database of its own beside the one browser, and some of them measure time.
    maxWorkers: 2,
    // The server says what it answers; only of a failed test is that of interest.
    silent: 'passed-only',
    testTimeout: 30_000,
    hookTimeout: 90_000,
  },
});
