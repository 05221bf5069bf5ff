import assert from 'node:assert/strict'
import type { ButtonNumber } from '../../../firmware-bridge/line/box-line.ts'
import type { SimulatedBox } from '../../../firmware-bridge/simulator/simulated-box.ts'
import { makeEeprom, openImageRig } from '../image-rig.ts'
import type { DirectedCheck } from './directed-check.ts'

const committedButtons = (box: SimulatedBox) => box.committed().map(({ button }) => button)

/** From finger to journal: PROTOCOL.md §9.1, §9.4, §12 and §13. */
export const pressChecks: readonly DirectedCheck[] = [
  {
    name: 'a bouncing contact presses once',
    promise: '§13.1',
    run(hex) {
      const { box } = openImageRig(hex)
      const buttons = [1, 2, 3, 4, 2] as const
      for (const button of buttons) {
        box.press(button, { holdMs: 50, bounceMs: 7 })
        box.advance(120)
      }
      assert.deepEqual(committedButtons(box), [...buttons])
    },
  },
  {
    name: 'a contact closed for 5 ms is no press',
    promise: '§13',
    run(hex) {
      const { box } = openImageRig(hex)
      for (const button of [1, 2, 3, 4] as const) {
        box.press(button, { holdMs: 5 })
        box.advance(60)
      }
      assert.deepEqual(committedButtons(box), [])
    },
  },
  {
    name: 'a short break of the contact is no second press',
    promise: '§13',
    run(hex) {
      const { box } = openImageRig(hex)
      for (const closed of [[1], [], [1], []] as const) {
        box.setClosed(closed)
        box.advance(closed.length > 0 ? 60 : 18)
      }
      box.advance(100)
      assert.deepEqual(committedButtons(box), [1])
    },
  },
  {
    name: 'a button held over power-up does not press',
    promise: '§13.2',
    run(hex) {
      const rig = openImageRig(hex)
      rig.box.powerOff()
      rig.box.setClosed([2])
      rig.box.powerOn()
      rig.box.advance(400)
      assert.deepEqual(committedButtons(rig.box), [])
      rig.box.setClosed([])
      rig.box.advance(60)
      rig.tap(2)
      assert.deepEqual(committedButtons(rig.box), [2])
    },
  },
  {
    name: 'a stuck button is told once and then masked',
    promise: '§13.3',
    run(hex) {
      const { box } = openImageRig(hex)
      const toggles: readonly ButtonNumber[][] = [[], [3], []]
      box.setClosed([3])
      box.advance(10_400)
      for (const closed of toggles) {
        box.setClosed(closed)
        box.advance(200)
      }
      const stuck = box.committed().map(({ flags }) => flags.stuck)
      assert.deepEqual(stuck, [false, true])
    },
  },
  {
    name: 'both presses of a chord are flagged, a lone one is not',
    promise: '§13.4',
    run(hex) {
      const rig = openImageRig(hex)
      rig.box.setClosed([1])
      rig.box.advance(4)
      rig.box.setClosed([1, 4])
      rig.box.advance(80)
      rig.box.setClosed([])
      rig.box.advance(80)
      rig.tap(2)
      assert.deepEqual(
        rig.box.committed().map(({ flags }) => flags.chord),
        [true, true, false],
      )
    },
  },
  {
    name: 'green and the line come after the commit, the tick before',
    promise: '§9.1.2',
    run(hex) {
      const rig = openImageRig(hex)
      rig.forget()
      rig.tap(4)
      const commitAtMs = rig.box.committed()[0]?.atMs
      const greenAtMs = rig.lights.find(({ lights }) => lights.green)?.atMs
      const amberAtMs = rig.lights.find(({ lights }) => lights.amber)?.atMs
      const lineAtMs = rig.presses()[0]?.atMs
      assert(commitAtMs && greenAtMs && amberAtMs && lineAtMs, 'no commit, no tick, no green or no line')
      assert(amberAtMs < commitAtMs && commitAtMs <= greenAtMs && commitAtMs < lineAtMs)
    },
  },
  {
    name: 'the last CRC byte of a record is written last',
    promise: '§9.1.2',
    run(hex) {
      const rig = openImageRig(hex)
      const written: number[] = []
      rig.box.onEepromWrite((address) => void written.push(address))
      rig.tap(3)
      assert.deepEqual([written.indexOf(0x20 + 8 + 7), written.at(-2)], [6, 0x20 + 8 + 6])
    },
  },
  {
    name: 'a full journal refuses, red and counted, and overwrites nothing',
    promise: '§9.4',
    run(hex) {
      const presses = Array.from({ length: 124 }, (_, index) => ({ sequence: 201 + index }))
      const rig = openImageRig(hex, makeEeprom({ presses }))
      rig.tap(2)
      assert.deepEqual([rig.box.lights().red, rig.box.lights().green], [true, false])
      const { dropped, nextSequence, pending } = rig.nextHello()
      assert.deepEqual([dropped, nextSequence, pending], [1, 325, 124])
    },
  },
  {
    name: 'an age grows from repeat to repeat',
    promise: '§5.2',
    run(hex) {
      const rig = openImageRig(hex)
      rig.tap(1)
      rig.box.advance(700)
      const presses = rig.presses()
      assert(presses.length >= 3)
      for (const { ageMs, atMs } of presses)
        assert(Math.abs((ageMs ?? -1e9) - (atMs - (presses[0]?.atMs ?? 0)) - (presses[0]?.ageMs ?? 0)) <= 2)
      assert((presses[0]?.ageMs ?? 0) > 10)
    },
  },
]
