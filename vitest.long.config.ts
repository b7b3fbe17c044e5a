import { defineConfig, mergeConfig } from 'vitest/config';
import ordinary from './vitest.config.js';

/** What takes longer than a person waits for: races with killed backends, whole processes. */
export default mergeConfig(
  { ...ordinary, test: { ...ordinary.test, include: [], exclude: [] } },
  defineConfig({ test: { include: ['tests/long/**/*.test.ts'] } }),
);
