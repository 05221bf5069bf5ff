/** The cable of the box is pulled, in the midst of a line of the box and while the daemon writes, and put back. */
import { expect } from 'vitest'
import type { FaultyCable } from '../../firmware-bridge/simulator/faulty-cable.ts'
import type { LineEnd } from '../../firmware-bridge/simulator/line-end.ts'
import { hasSocat } from '../support/box-on-pty.ts'
import { type BoxRoad, openBoxRoad } from './support/box-road.ts'
import { faultScale } from './support/fault-parameters.ts'
import { faultRow } from './support/fault-row.ts'

const canRun = hasSocat()
const newline = 0x0a
const rounds = Math.max(2, Math.round(6 * faultScale))

/** Back after a while in which people have pressed on. */
async function putBack({ pty, live, press }: BoxRoad, draw: () => number): Promise<void> {
  await press(2)
  await live(draw() * 800)
  await pty.plug()
}

faultRow(
  'unplugged within a line of the box',
  300,
  async (row) => {
    const road = await openBoxRoad(row)
    const { box, pty } = road
    const faults = { 'pulled within a line': 0 }
    let bytesOfLine = 0
    box.onByte((byte) => {
      bytesOfLine = byte === newline ? 0 : bytesOfLine + 1
    })
    try {
      for (let round = 0; round < rounds; round += 1) {
        await road.press(2)
        const wanted = 2 + Math.floor(row.draw() * 15)
        // The box greets every second, whether pressed or not.
        for (let steps = 0; bytesOfLine !== wanted; steps += 1) {
          expect(steps).toBeLessThan(100_000)
          await road.live(bytesOfLine < wanted ? 0.1 : 1)
        }
        await pty.unplug()
        expect(bytesOfLine).toBe(wanted)
        faults['pulled within a line'] += 1
        await putBack(road, row.draw)
      }
      await road.finish(faults)
    } finally {
      await road.close()
    }
  },
  canRun,
)

/** Once armed, lets half of an acknowledgement through (PROTOCOL.md §6), and asks for the cable to be pulled. */
function makeTrap(pull: () => void) {
  const trap: { is: 'open' | 'armed' | 'sprung' } = { is: 'open' }
  const wrap = (cable: FaultyCable): LineEnd => ({
    ...cable,
    write(text) {
      if (trap.is === 'sprung') return
      if (trap.is === 'open' || !text.startsWith('A,')) return void cable.write(text)
      trap.is = 'sprung'
      cable.write(text.slice(0, text.length >> 1))
      pull()
    },
  })
  return { wrap, trap }
}

faultRow(
  'unplugged while the daemon writes',
  300,
  async (row) => {
    const faults = { 'pulled within a line of the daemon': 0 }
    let pulled: Promise<void> = Promise.resolve()
    const { wrap, trap } = makeTrap(() => {
      pulled = road.pty.unplug()
    })
    const road: BoxRoad = await openBoxRoad(row, wrap)
    try {
      for (let round = 0; round < rounds; round += 1) {
        await road.press(2)
        trap.is = 'armed'
        await road.pressUntil('an acknowledgement', () => trap.is === 'sprung')
        await pulled
        faults['pulled within a line of the daemon'] += 1
        await putBack(road, row.draw)
        trap.is = 'open'
      }
      await road.finish(faults)
    } finally {
      await road.close()
    }
  },
  canRun,
)
