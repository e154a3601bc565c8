import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Property tests run more cases under ISOTHERM_DEEP=1; nothing here is timed for speed, so every limit is generous. */
const project = (
  name: string,
  include: string[],
  limits: { testTimeout: number; hookTimeout: number; serial?: boolean; exclude?: string[] },
) => ({
  test: {
    name,
    include,
    exclude: ['test/fixtures/**', ...(limits.exclude ?? [])],
    testTimeout: limits.testTimeout,
    hookTimeout: limits.hookTimeout,
    environment: 'node' as const,
    pool: 'forks' as const,
    ...(limits.serial ? { fileParallelism: false } : {}),
  },
});

export default defineConfig({
  test: {
    // Many tests wait for a child process or a pause: one more file at a time than there are cores.
    maxWorkers: availableParallelism() + 1,
    projects: [
      project('unit', ['test/**/*.test.{ts,tsx}'], {
        testTimeout: 60_000,
        hookTimeout: 60_000,
        exclude: ['test/transports/**', 'test/e2e/**', 'test/browser/**', 'test/electron/**', 'test/trino/**'],
      }),
      project('transports', ['test/transports/**/*.test.ts'], { testTimeout: 60_000, hookTimeout: 60_000 }),
      project('e2e', ['test/e2e/**/*.test.ts'], { testTimeout: 180_000, hookTimeout: 300_000, serial: true }),
      project('browser', ['test/browser/**/*.test.ts'], { testTimeout: 180_000, hookTimeout: 300_000, serial: true }),
      project('trino', ['test/trino/**/*.test.ts'], { testTimeout: 600_000, hookTimeout: 1_800_000, serial: true }),
      project('electron', ['test/electron/**/*.test.ts'], { testTimeout: 120_000, hookTimeout: 120_000, serial: true }),
    ],
  },
});
