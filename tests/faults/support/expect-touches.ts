import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import { countTallyFaults } from '../../../src/cli/simulate/check-tallies.ts'
import { makeHourOracle } from '../../../src/cli/simulate/local-hour-oracle.ts'
import type { Installation } from '../../support/installation.ts'

/** A touch that the page was thanked for, sent and answered at these UTC instants. */
export type Pressed = { id: string; value: number; earliestMs: number; latestMs: number }
type Row = { touch_id: string; value: number; utc_ms: number; error_ms: number; cell: string }

/** Of the installation's touchpoint. */
const zone = 'Europe/Prague'

/** The central's rows by plain SQL are exactly these presses, at their times, and its tallies agree. */
export function expectTouches(installation: Installation, pressed: readonly Pressed[]): void {
  const rows = installation.readCentral<Row>(`SELECT touch_id, value, utc_ms, error_ms,
    local_date || ' ' || hour || ' ' || offset_minutes AS cell FROM press WHERE is_repeat = 0`)
  const keys = rows.map(({ touch_id: touchId, value }) => `${touchId} ${value}`)
  expect(new Set(keys)).toEqual(new Set(pressed.map((press) => `${press.id} ${press.value}`)))
  expect(keys).toHaveLength(pressed.length)
  const truth = new Map(pressed.map((press) => [press.id, press]))
  const hourOf = makeHourOracle(zone)
  for (const { touch_id: touchId, utc_ms: utcMs, error_ms: errorMs, cell } of rows) {
    const { earliestMs = 0, latestMs = 0 } = truth.get(touchId) ?? {}
    expect(utcMs + errorMs).toBeGreaterThanOrEqual(earliestMs)
    expect(utcMs - errorMs).toBeLessThanOrEqual(latestMs)
    // Not only within the bounds that the central states: those of a good line are good. A busy machine widens them honestly.
    expect(Math.abs(utcMs - earliestMs)).toBeLessThan(Math.max(1_000, errorMs) + latestMs - earliestMs)
    expect(cell).toBe(hourOf(utcMs))
  }
  const db = new Database(join(installation.folder, 'central/central.sqlite'), { readonly: true })
  try {
    expect(countTallyFaults(db)).toEqual(new Map())
  } finally {
    db.close()
  }
}
