/** A box that loses power, or is reset, again and again while it is pressed: at random instants, and in the midst of EEPROM writes. */
import { expect } from 'vitest'
import { hasSocat } from '../support/box-on-pty.ts'
import { openBoxRoad } from './support/box-road.ts'
import { faultScale } from './support/fault-parameters.ts'
import { faultRow } from './support/fault-row.ts'

const canRun = hasSocat()
const presses = Math.round(60 * faultScale)

faultRow(
  'power of the box cut',
  300,
  async (row) => {
    const { draw } = row
    const road = await openBoxRoad(row)
    const { box } = road
    const faults = { cuts: 0, 'in a write': 0 }
    let writesUntilMs = 0
    let isAimed = false
    const cut = () => {
      if (!box.isOn()) return
      faults.cuts += 1
      if (box.nowMs() < writesUntilMs) faults['in a write'] += 1
      box.powerOff({ tear: draw() < 0.5 })
      box.after(1 + draw() * 60, box.powerOn)
    }
    box.onEepromWrite((_, takesMs) => {
      writesUntilMs = box.nowMs() + takesMs
      if (!isAimed) return
      isAimed = false
      box.after(draw() * takesMs, cut)
    })
    try {
      await road.press(presses, (i) => {
        // Of six presses one is hit at any instant, one in a write, if it comes to one.
        if (i % 6 === 1) box.after(draw() * 90, cut)
        if (i % 6 === 4) isAimed = true
      })
      await road.live(200)
      expect(faults['in a write']).toBeGreaterThanOrEqual(3)
      expect(new Set(road.hellos().map(({ bootNumber }) => bootNumber)).size).toBeGreaterThan(faults.cuts / 2)
      await road.finish(faults)
    } finally {
      await road.close()
    }
  },
  canRun,
)

faultRow(
  'box reset',
  300,
  async (row) => {
    const road = await openBoxRoad(row)
    const { box } = road
    const faults = { resets: 0 }
    try {
      await road.press(presses, (i) => {
        if (i % 3 !== 1) return
        box.after(row.draw() * 90, () => {
          box.reset()
          faults.resets += 1
        })
      })
      await road.live(200)
      const boots = road.hellos().filter(({ resetCause }) => resetCause === 'reset-pin')
      expect(new Set(boots.map(({ bootNumber }) => bootNumber)).size).toBeGreaterThan(faults.resets / 2)
      await road.finish(faults)
    } finally {
      await road.close()
    }
  },
  canRun,
)
