import { cpus } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/long/**', 'tests/browser/**'],
    globalSetup: ['tests/support/global-setup.ts'],
    // One more than there are cores: the tests of locks and of processes mostly wait.
    maxWorkers: cpus().length + 1,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
