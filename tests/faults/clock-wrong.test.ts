/**
 * The wall clock of a terminal is a day fast and a day slow while it runs; another begins in 1970 and hears the time three hours later only.
 * The central places every press by monoMs and the exchange of time alone.
 */
import { expect } from 'vitest'
import { systemClock } from '../../src/shared/clock.ts'
import { waitFor } from '../support/smilepost-process.ts'
import { faultScale } from './support/fault-parameters.ts'
import { faultRow } from './support/fault-row.ts'
import { openPressedTerminal, type PressedTerminal } from './support/pressed-terminal.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const some = (draw: () => number) => Math.round((10 + draw() * 20) * faultScale)

/** By how many days the terminal believed to be elsewhere in time, each once. */
function listWrongDays({ installation }: PressedTerminal): number[] {
  const sql = `SELECT DISTINCT CAST(round((wall_ms - utc_ms) / ${dayMs}.0) AS INTEGER) AS days FROM press ORDER BY days`
  return installation.readCentral<{ days: number }>(sql).map(({ days }) => days)
}

faultRow('clock a day off while it runs, either way', 300, async (row) => {
  let wrongByMs = 0
  const clock = { wallMs: () => systemClock.wallMs() + wrongByMs, monoMs: systemClock.monoMs }
  const kiosk = await openPressedTerminal('embedded', { clock })
  try {
    await waitFor('the welcome', 60_000, () => kiosk.terminal().isConnected())
    for (const next of [0, dayMs, -dayMs]) {
      wrongByMs = next
      await kiosk.press(some(row.draw))
    }
    await kiosk.finish(row, { 'jumps of the clock': 2 })
    expect(listWrongDays(kiosk)).toEqual([-1, 0, 1])
  } finally {
    await kiosk.close()
  }
})

faultRow('start in 1970, the time heard hours later', 300, async (row) => {
  const startedAtMs = systemClock.wallMs()
  let aheadMs = 0
  const clock = {
    wallMs: () => systemClock.wallMs() - startedAtMs + aheadMs,
    monoMs: () => systemClock.monoMs() + aheadMs,
  }
  const kiosk = await openPressedTerminal('embedded', { clock, isOffline: true })
  try {
    for (let hour = 0; hour < 3; hour += 1) {
      await kiosk.press(some(row.draw))
      aheadMs += hourMs
      kiosk.age(hourMs)
    }
    expect(kiosk.stored()).toBe(0)
    const untimed = kiosk.pressed.length
    kiosk.proxy.faults.isMute = false
    kiosk.proxy.reset()
    await waitFor('the welcome', 40_000, () => kiosk.terminal().isConnected())
    await kiosk.press(some(row.draw))
    await kiosk.finish(row, { 'hours without the time': aheadMs / hourMs, 'presses before it': untimed })
    expect(Math.max(...listWrongDays(kiosk))).toBeLessThan(-20_000)
  } finally {
    await kiosk.close()
  }
})
