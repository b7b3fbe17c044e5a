import { defineConfig, mergeConfig } from 'vitest/config';
import ordinary from './vitest.config.js';

/** What takes longer than a person waits for: races with killed backends, whole processes. */
export default mergeConfig(
  { ...ordinary, test: { ...ordinary.test, include: [], exclude: [] } },
  defineConfig({
    test: {
      include: ['tests/long/**/*.test.ts'],
      // CI has twenty minutes for everything: what only measures learning is left to a longer run.
      exclude: process.env.CI ? ['tests/long/{grouping-order,matching-noise,small-data}.test.ts'] : [],
    },
  }),
);
