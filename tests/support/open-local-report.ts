// A report with all it needs on one store, whose nights run where it is.
import { runNights } from '../../src/central/report/night/run-nights.ts'
import { openFixes } from '../../src/central/report/open-fixes.ts'
import { openNights } from '../../src/central/report/open-nights.ts'
import { openReport, type Report } from '../../src/central/report/open-report.ts'
import { updateNights } from '../../src/central/report/update-nights.ts'
import type { Store } from '../../src/central/store/port.ts'
import type { Clock } from '../../src/shared/clock.ts'
import { silentLogger } from './silent-logger.ts'

/** A busy machine takes its time. */
const patienceMs = 60_000

export function openLocalReport({ store, clock }: { store: Store; clock: Clock }): Report {
  const nights = openNights({
    ...{ store, clock, logger: silentLogger, patienceMs },
    runner: { update: (order) => updateNights(store.read, order, runNights), close: async () => {} },
  })
  return openReport({ store: store.read, clock, nights, fixes: openFixes({ store, clock, nights }) })
}
