import type { Health } from '../../contracts/messages.ts'
import type { Logger } from '../../shared/logger.ts'
import type { UplinkCounters } from './uplink-counters.ts'

export type HealthReporterOptions = {
  gatherHealth: () => Promise<Omit<Health, 'nonce'>>
  publish: (health: Omit<Health, 'nonce'>) => void
  logger: Logger
  counters: UplinkCounters
  /** Between two reports when nothing changed, and at least when something did. */
  everyMs: number
  gapMs: number
}

export type HealthReporter = {
  /** Reports now and from then on. */
  start(): void
  /** Something changed that should not wait for the next report. */
  noteChange(): void
  /** The central has everything; said soon where the last report told of records that wait, so that no page shows them for minutes. */
  noteDrained(): void
  stop(): void
}

/** Paces the health reports of one connection: changes are said soon, a flapping one not more often than `gapMs`. */
export function makeHealthReporter(options: HealthReporterOptions): HealthReporter {
  const { gatherHealth, publish, logger, counters, everyMs, gapMs } = options
  let timer: NodeJS.Timeout | undefined
  let isRunning = false
  let isUrgent = false
  let reportedWaiting = 0

  async function report(): Promise<void> {
    isUrgent = false
    schedule(everyMs)
    try {
      const health = await gatherHealth()
      if (!isRunning) return
      reportedWaiting = health.unacknowledged
      publish(health)
    } catch (error) {
      // What it asks may have been closed meanwhile.
      if (!isRunning) return
      counters.add('health-failed')
      logger.warn({ error: String(error) }, 'health could not be gathered')
    }
  }

  function schedule(ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void report(), ms)
  }

  function noteChange(): void {
    if (!isRunning || isUrgent) return
    isUrgent = true
    schedule(gapMs)
  }

  return {
    start() {
      if (isRunning) return
      isRunning = true
      void report()
    },
    noteChange,
    noteDrained() {
      if (reportedWaiting > 0) noteChange()
    },
    stop() {
      isRunning = false
      clearTimeout(timer)
    },
  }
}
