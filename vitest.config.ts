import { defineConfig } from 'vitest/config'
import { LongestFirst } from './tests/support/longest-first.ts'

/** Set by `.ci/run`, which counts from this file. */
const report = process.env.VITEST_REPORT

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: 'tests/support/prepared-folder.ts',
    testTimeout: 20_000,
    expect: { poll: { timeout: 15_000 } },
    hookTimeout: 60_000,
    pool: 'forks',
    // Most tests wait for processes, lines and timeouts: on two cores four of them keep both busy.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
  },
})
