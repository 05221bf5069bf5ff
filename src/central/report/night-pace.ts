import type { Clock } from '../../shared/clock.ts'

/** When nights may run: a fleet that always delivers late, or a disk that is full, costs a small part of a core. */
export type NightPace = {
  /** Milliseconds until a run may begin, or less than 0. */
  restMs(): number
  /** Of a run by the minute: weeks of presses that come in at once are better looked at when they are all there. */
  isPutOff(): boolean
  /** Tallies of days that were looked at changed. */
  noteTallies(): void
  /** Somebody waits to see it: the next run does not rest. */
  hurry(): void
  noteStarted(): void
  noteDone(tookMs: number): void
  /** @returns how many runs failed one after the other */
  noteFailed(): number
}

export const checkEveryMs = 60_000
const longestPutOffMs = 15 * 60_000
/** Between two runs, in durations of the last one. */
const restRuns = 10
const firstRetryMs = 60_000
const lastRetryMs = 3_600_000

export function makeNightPace({ monoMs }: Pick<Clock, 'monoMs'>): NightPace {
  let isUrgent = false
  let restUntilMs = Number.NEGATIVE_INFINITY
  let retryAtMs = Number.NEGATIVE_INFINITY
  let failures = 0
  let notedAtMs = Number.NEGATIVE_INFINITY
  let putOffAtMs: number | null = null
  return {
    restMs: () => (isUrgent ? retryAtMs : Math.max(retryAtMs, restUntilMs)) - monoMs(),
    isPutOff() {
      const nowMs = monoMs()
      putOffAtMs ??= nowMs
      if (nowMs - notedAtMs < checkEveryMs && nowMs - putOffAtMs < longestPutOffMs) return true
      putOffAtMs = null
      return false
    },
    noteTallies() {
      notedAtMs = monoMs()
    },
    hurry() {
      isUrgent = true
    },
    noteStarted() {
      isUrgent = false
    },
    noteDone(tookMs) {
      failures = 0
      restUntilMs = monoMs() + restRuns * tookMs
    },
    noteFailed() {
      retryAtMs = monoMs() + Math.min(lastRetryMs, firstRetryMs * 2 ** failures)
      failures += 1
      return failures
    },
  }
}
