import { defineConfig } from 'vitest/config';

/** What shows the page in a real headless Chromium. Not part of `npm test`, which needs no browser. */
export default defineConfig({
  test: {
    include: ['tests/browser/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts', 'tests/browser/support/global-setup.ts'],
    // Each has a server and a database of its own beside the one browser, and some of them measure time.
    maxWorkers: 2,
    // The server says of each request how it ended; what a test measured is of more interest.
    onConsoleLog: line => !line.startsWith('{"event"'),
    testTimeout: 30_000,
    hookTimeout: 90_000,
  },
});
