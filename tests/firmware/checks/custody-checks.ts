import assert from 'node:assert/strict'
import { makeEeprom, openImageRig, rigBoxId } from '../image-rig.ts'
import type { DirectedCheck } from './directed-check.ts'

/** From the journal to the host: PROTOCOL.md §9.1 to §9.3 and §14. */
export const custodyChecks: readonly DirectedCheck[] = [
  {
    name: 'the sequence goes on after a boot, also when all was delivered',
    promise: '§9.1.4',
    run(hex) {
      const rig = openImageRig(hex)
      for (const sequence of [1, 2]) {
        rig.tap(1)
        rig.ack(sequence)
        rig.box.advance(40)
      }
      rig.reboot()
      assert.equal(rig.nextHello().nextSequence, 3)
      rig.tap(4)
      assert.deepEqual(
        rig.presses().map(({ sequence, button }) => [sequence, button]),
        [[3, 4]],
      )
    },
  },
  {
    name: 'an undelivered press outlives a power cut and comes with age -',
    promise: '§9.1.2',
    run(hex) {
      const rig = openImageRig(hex)
      rig.tap(2)
      rig.tap(3)
      rig.reboot()
      const told = rig.presses()
      assert(told.length > 0, 'nothing was sent again')
      for (const { sequence, button, ageMs } of told) assert.deepEqual([sequence, button, ageMs], [1, 2, null])
      assert.equal(rig.nextHello().pending, 2)
    },
  },
  {
    name: 'a delivered press is marked and not sent after a boot',
    promise: '§14.4',
    run(hex) {
      const rig = openImageRig(hex)
      rig.tap(2)
      rig.ack(1)
      assert.equal(rig.nextHello().pending, 0)
      rig.reboot()
      rig.box.advance(400)
      assert.deepEqual(rig.presses(), [])
    },
  },
  {
    name: 'H comes before E after a boot',
    promise: '§9.2.2',
    run(hex) {
      const rig = openImageRig(hex, makeEeprom({ presses: [{ sequence: 9 }] }))
      assert.deepEqual(
        rig.lines.slice(0, 2).map(({ text }) => text[0]),
        ['H', 'E'],
      )
    },
  },
  {
    name: 'an ack with a wrong CRC has no effect',
    promise: '§8.1',
    run(hex) {
      const rig = openImageRig(hex)
      rig.tap(2)
      for (const crc of ['0000', 'FFFF', '1829']) rig.box.write(`A,${rigBoxId},1,0*${crc}\n`)
      const { pending, bad } = rig.nextHello()
      assert.deepEqual([pending, bad], [1, 3])
    },
  },
  {
    name: 'an ack of what was not sent in this boot has no effect',
    promise: '§9.3.3',
    run(hex) {
      const rig = openImageRig(hex)
      for (const button of [1, 2, 3] as const) rig.tap(button)
      for (const sequence of [2, 3, 4, 1000, 4294967294]) rig.ack(sequence)
      assert.equal(rig.nextHello().pending, 3)
      rig.ack(1)
      rig.box.advance(40)
      rig.reboot()
      rig.ack(3)
      assert.equal(rig.nextHello().pending, 2)
    },
  },
  {
    name: 'an ack of another box has no effect',
    promise: '§9.3.3',
    run(hex) {
      const rig = openImageRig(hex)
      rig.tap(1)
      rig.say('A,3f9c02d8,1,0')
      assert.equal(rig.nextHello().pending, 1)
    },
  },
  {
    name: 'an ack delivers its press, and the next one follows at once',
    promise: '§9.2.1',
    run(hex) {
      const rig = openImageRig(hex)
      rig.tap(1)
      rig.tap(2)
      rig.forget()
      rig.ack(1)
      rig.box.advance(30)
      assert.deepEqual(
        rig.presses().map(({ sequence }) => sequence),
        [2],
      )
      assert.equal(rig.nextHello().pending, 1)
    },
  },
  {
    name: 'status 2 keeps the press and slows its repeats down',
    promise: '§9.3.2',
    run(hex) {
      const rig = openImageRig(hex)
      rig.tap(3)
      rig.ack(1, 2)
      rig.box.advance(20)
      rig.forget()
      rig.box.advance(5200)
      assert.equal(rig.presses().length, 2)
      assert.equal(rig.hellos().at(-1)?.pending, 1)
    },
  },
  {
    name: 'repeats come after 150 ms, doubling to 2400 ms, and never end',
    promise: '§9.2.1',
    run(hex) {
      const rig = openImageRig(hex)
      rig.tap(1)
      rig.box.advance(12_100)
      const times = rig.presses().map(({ atMs }) => atMs)
      const gaps = times.slice(1).map((atMs, index) => Math.round((atMs - (times[index] ?? 0)) / 30) * 30)
      assert(gaps.length >= 7, `only ${gaps.length} repeats`)
      assert.deepEqual(gaps, [150, 300, 600, 1200, ...gaps.slice(4).map(() => 2400)])
    },
  },
  {
    name: 'a damaged or misplaced record is no press',
    promise: '§14.2',
    run(hex) {
      const eeprom = makeEeprom({ presses: [{ sequence: 5, isDelivered: true }, { sequence: 6 }] })
      eeprom.copyWithin(0x20 + 60 * 8, 0x20 + 6 * 8, 0x20 + 7 * 8)
      eeprom.set([7, 0, 0, 0, 2, 0xff, 0x12, 0x34], 0x20 + 7 * 8)
      const { nextSequence, pending } = openImageRig(hex, eeprom).nextHello()
      assert.deepEqual([nextSequence, pending], [7, 1])
    },
  },
]
