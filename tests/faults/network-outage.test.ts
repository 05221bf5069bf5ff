/** No network from the start for an hour, by which the terminal's clock is put forward, and a restart of the daemon within; afterwards all is there, at its time. */
import { expect } from 'vitest'
import { systemClock } from '../../src/shared/clock.ts'
import { waitFor } from '../support/smilepost-process.ts'
import { faultScale } from './support/fault-parameters.ts'
import { faultRow } from './support/fault-row.ts'
import { openPressedTerminal } from './support/pressed-terminal.ts'

const hourMs = 3_600_000

faultRow('an hour without network', 300, async (row) => {
  let aheadMs = 0
  const clock = { wallMs: systemClock.wallMs, monoMs: () => systemClock.monoMs() + aheadMs }
  const kiosk = await openPressedTerminal('embedded', { clock, isOffline: true })
  const pass = (ms: number) => {
    aheadMs += ms
    kiosk.age(ms)
  }
  try {
    const steps = 4
    for (let step = 0; step < steps; step += 1) {
      await kiosk.press(Math.round((60 + row.draw() * 60) * faultScale))
      pass(hourMs / steps)
      if (step === 1) await kiosk.restart({ clock })
    }
    const meanwhile = kiosk.pressed.length
    expect(kiosk.terminal().undelivered()).toBeGreaterThanOrEqual(meanwhile)
    expect(kiosk.stored()).toBe(0)
    expect(kiosk.proxy.taken()).toBeGreaterThan(0)
    expect(kiosk.proxy.bytes()).toEqual({ up: 0, down: 0 })

    kiosk.proxy.faults.isMute = false
    kiosk.proxy.reset()
    await waitFor('the first of the hour to arrive', 40_000, () => kiosk.stored() > 0)
    await kiosk.press(5)
    await kiosk.finish(row, { 'minutes without network': aheadMs / 60_000, 'pressed meanwhile': meanwhile })
  } finally {
    await kiosk.close()
  }
})
