/**
 * Ten boxes (forty: SMILEPOST_FAULT_SCALE=4 npx vitest run tests/flow/line-under-fire), each pressed two hundred times behind a
 * real serial device on a bad cable, while they lose power in the midst of EEPROM writes, cables are pulled and the host restarts:
 * committed ⊆ received ⊆ pressed, in order, no gap, no double.
 * Truth is the simulator's own log of EEPROM commits, outside of the product, against the rows of the outbox.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBoxPty } from '../../firmware-bridge/simulator/box-pty.ts'
import { makeFaultyCable } from '../../firmware-bridge/simulator/faulty-cable.ts'
import { makeSeededRandom } from '../../firmware-bridge/simulator/seeded-random.ts'
import { faultScale, faultSeed } from '../faults/support/fault-parameters.ts'
import { hasSocat } from '../support/box-on-pty.ts'
import { openBox } from '../support/box-script.ts'
import { type LineFire, liveUntil, pressThroughFire } from '../support/line-fire.ts'
import { openTerminalEnd, type TerminalEnd } from '../support/terminal-end.ts'

const seeds = Array.from({ length: Math.max(2, Math.round(10 * faultScale)) }, (_, i) => 6_999 + faultSeed + 13 * i)
const presses = 200

type Rig = LineFire & { terminal: TerminalEnd }

async function openRig(folder: string, seed: number): Promise<Rig> {
  const random = makeSeededRandom(seed)
  const box = openBox({ seed })
  const rates = () => ({ drop: random() * 0.004, flip: random() * 0.004, insert: random() * 0.004 })
  const cable = makeFaultyCable({ box, seed, toHost: rates(), toBox: rates() })
  const dir = mkdtempSync(join(folder, 'box-'))
  const pty = await openBoxPty({ end: cable, path: join(dir, 'device') })
  const terminal = openTerminalEnd({ device: pty.path, dir })
  return { box, cable, pty, random, terminal, restartHost: terminal.restart }
}

function isSubsequence(part: readonly number[], whole: readonly number[]): boolean {
  let at = 0
  for (const item of whole) if (item === part[at]) at += 1
  return at === part.length
}

describe.runIf(hasSocat())('a box on a bad line', () => {
  let folder = ''
  const seen = { committed: 0, received: 0, hurtBytes: 0 }
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'smilepost-fire-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.concurrent.each(seeds)(
    'has each press stored once, in order (seed %i)',
    async (seed) => {
      const rig = await openRig(folder, seed)
      const { box, cable, pty, terminal } = rig
      try {
        await liveUntil(box, () => terminal.link().state() === 'up')
        const pressed = await pressThroughFire(rig, presses)
        cable.setRates({})
        await liveUntil(box, () => {
          const hello = terminal.link().lastHello()
          return hello?.pending === 0 && hello.nextSequence === box.committed().length + 1
        })
        const stored = terminal.stored()
        const committed = box.committed()
        expect(stored.map(({ box: id, boxSeq, button }) => [id, boxSeq, button])).toEqual(
          committed.map(({ boxId, sequence, button }) => [boxId, sequence, button]),
        )
        expect(stored.map(({ boxSeq }) => boxSeq)).toEqual(stored.map((_, i) => i + 1))
        expect(
          isSubsequence(
            committed.map(({ button }) => button),
            pressed,
          ),
        ).toBe(true)
        // The rest fell to power cuts, or was refused visibly by a box whose host was away for too long.
        expect(committed.length).toBeGreaterThan(presses * 0.5)
        seen.committed += committed.length
        seen.received += terminal.received()
        const { toHost, toBox } = cable.counts()
        for (const { dropped, flipped, inserted } of [toHost, toBox]) seen.hurtBytes += dropped + flipped + inserted
      } finally {
        await terminal.close()
        await pty.close()
      }
    },
    240_000,
  )

  it('was hurt, and had to repeat', () => {
    expect(seen.hurtBytes).toBeGreaterThan(10 * seeds.length)
    expect(seen.received).toBeGreaterThan(seen.committed)
    expect(seen.committed).toBeGreaterThan(0.6 * presses * seeds.length)
  })
})
