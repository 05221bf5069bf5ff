import type { Clock } from '../shared/clock.ts'
import type { Logger } from '../shared/logger.ts'
import { openNightThread } from './open-night-thread.ts'
import { describeNights } from './report/describe-nights.ts'
import { runNights } from './report/night/run-nights.ts'
import { openFixes } from './report/open-fixes.ts'
import { type NightRunner, openNights } from './report/open-nights.ts'
import { openReport } from './report/open-report.ts'
import { updateNights } from './report/update-nights.ts'
import type { Store } from './store/port.ts'

/**
 * Wires reports with the nights that they tell and the fixes that people enter.
 *
 * @param store whose writes wait for those of others
 * @param path of the database, for a thread for each night; null = they run here
 */
export function openReports({
  store,
  clock,
  logger,
  path,
}: {
  store: Store
  clock: Clock
  logger: Logger
  path: string | null
}) {
  const nights = openNights({ store, clock, logger, runner: makeRunner(store, path) })
  const fixes = openFixes({ store, clock, nights })
  return {
    report: openReport({ store: store.read, clock, nights, fixes }),
    counters: nights.counters.snapshot,
    gauges: () => describeNights(nights),
    close: nights.close,
  }
}

function makeRunner(store: Store, path: string | null): NightRunner {
  if (path !== null) return openNightThread(path)
  return { update: (order) => updateNights(store.read, order, runNights), close: async () => {} }
}
