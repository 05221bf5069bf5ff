import { defineConfig } from 'vitest/config'

/** Set by `.ci/run`, which counts from this file. */
const report = process.env.VITEST_REPORT

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: 'tests/support/prepared-folder.ts',
    testTimeout: 20_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Most tests wait for processes, lines and timeouts: on two cores three of them keep both busy.
    maxWorkers: 3,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
  },
})
