import assert from 'node:assert/strict'
import { makeEeprom, openImageRig } from '../image-rig.ts'
import { openPinRig } from '../pin-rig.ts'
import { framed } from '../read-line.ts'
import type { DirectedCheck } from './directed-check.ts'

/** Boots, identity and conversation: PROTOCOL.md §5, §6, §8, §11 and §14. */
export const sessionChecks: readonly DirectedCheck[] = [
  {
    name: 'the boot number rises with each boot',
    promise: '§14.5',
    run(hex) {
      const rig = openImageRig(hex)
      const boots = [1, 2, 3, 4, 5, 6].map((boot) => {
        if (boot > 1) rig.reboot()
        return rig.hellos()[0]?.bootNumber
      })
      assert.deepEqual(boots, [1, 2, 3, 4, 5, 6])
    },
  },
  {
    name: 'H comes every second, from one boot',
    promise: '§9.2.3',
    run(hex) {
      const rig = openImageRig(hex)
      rig.box.advance(3700)
      const hellos = rig.hellos()
      assert.deepEqual(new Set(hellos.map(({ bootNumber }) => bootNumber)), new Set([1]))
      const times = hellos.map(({ atMs }) => atMs)
      assert.deepEqual(
        times.slice(1).map((atMs, index) => Math.round((atMs - (times[index] ?? 0)) / 10) * 10),
        [1000, 1000, 1000],
      )
    },
  },
  {
    name: 'W brings H at once and then the oldest press',
    promise: '§6',
    run(hex) {
      const rig = openImageRig(hex)
      rig.tap(1)
      rig.box.advance(5500)
      rig.forget()
      rig.say('W')
      rig.box.advance(20)
      assert.deepEqual(
        rig.lines.map(({ text }) => text[0]),
        ['H', 'E'],
      )
      rig.box.advance(160)
      assert.equal(rig.presses().length, 2)
    },
  },
  {
    name: 'bad lines are counted, empty and inapplicable ones are not',
    promise: '§8.2',
    run(hex) {
      const rig = openImageRig(hex)
      rig.box.write('\n\nx\nW*CBE3\n')
      rig.say('A,3f9c02d8,1,0')
      rig.say('A,3f9c02d7,0,0')
      rig.box.write(`${'y'.repeat(200)}\n`)
      rig.box.advance(100)
      assert.equal(rig.nextHello().bad, 4)
    },
  },
  {
    name: 'without an identity it says N and refuses presses',
    promise: '§11.4',
    run(hex) {
      const rig = openImageRig(hex, makeEeprom({ boxId: '' }))
      rig.tap(2)
      assert.equal(rig.box.lights().red, true)
      rig.box.advance(1000)
      assert.deepEqual(new Set(rig.lines.map(({ text }) => text)), new Set(['N*48FA']))
      rig.say('S,0badf00d')
      rig.box.advance(60)
      assert.deepEqual([rig.nextHello().dropped, rig.nextHello().nextSequence], [1, 1])
    },
  },
  {
    name: 'the first identity stays, over later ones and a boot',
    promise: '§11.3',
    run(hex) {
      const rig = openImageRig(hex, makeEeprom({ boxId: '' }))
      rig.say('S,0badf00d')
      rig.box.advance(60)
      rig.say('S,12345678')
      rig.box.advance(60)
      assert.equal(rig.nextHello().boxId, '0badf00d')
      rig.reboot()
      assert.equal(rig.nextHello().boxId, '0badf00d')
    },
  },
  {
    name: 'a dimmed light is driven for an eighth of the time',
    promise: '§6',
    run(hex) {
      const rig = openPinRig(hex, makeEeprom({}))
      rig.run(100)
      rig.say(framed('L,1'))
      rig.setClosed(1)
      rig.run(760)
      const [green] = rig.glows('green')
      assert(green && green.ms > 500 && Math.abs(green.duty - 1 / 8) < 0.01)
    },
  },
  {
    name: 'quiet keeps the lights dark until a press, and a boot ends it',
    promise: '§6',
    run(hex) {
      const rig = openImageRig(hex)
      rig.say('L,2')
      rig.tap(1)
      assert.equal(rig.box.lights().green, true)
      rig.box.advance(1000)
      rig.forget()
      rig.box.advance(5500)
      assert.equal(rig.lights.length, 0)
      rig.reboot()
      rig.box.advance(6200)
      assert(rig.lights.some(({ lights }) => lights.amber))
    },
  },
]
