import type { NewRecord } from '../../contracts/records.ts'
import type { Clock } from '../../shared/clock.ts'

/** What time it is at the central, as the anchors of the exchange told it; null before the first of this run. */
export type CentralTime = {
  note(record: NewRecord): void
  nowMs(): number | null
}

export function makeCentralTime(clock: Clock): CentralTime {
  let told: { monoMs: number; utcMs: number } | null = null
  return {
    note(record) {
      if (record.kind === 'anchor' && record.clock === 'exchange') told = record
    },
    nowMs: () => told && told.utcMs + (clock.monoMs() - told.monoMs),
  }
}
