/**
 * Two hundred bouncing presses, while the box loses power twice, the daemon is killed twice and the central once.
 * Truth is the simulator's own log of EEPROM commits, outside of the product, against the central's rows by plain SQL.
 */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openBoxPty } from '../../firmware-bridge/simulator/box-pty.ts'
import { hasSocat } from '../support/box-on-pty.ts'
import { buttonAt, listenToBox, openBox } from '../support/box-script.ts'
import { expectCustody } from '../support/expect-custody.ts'
import { listBrokerKinds, openInstallation } from '../support/installation.ts'
import { live, liveUntil } from '../support/line-fire.ts'
import type { SmilepostProcess } from '../support/smilepost-process.ts'

const socat = hasSocat()
const presses = 200
/** Simulated milliseconds per wall-clock millisecond, at most: the box waits for no process, and none of them for the box. */
const speed = 8

describe.runIf(socat)('custody under fire', () => {
  it.each(listBrokerKinds())(
    'stores exactly what the box committed, by way of %s',
    async (kind) => {
      const installation = await openInstallation(kind)
      const box = openBox({ seed: 20_261 })
      const said = listenToBox(box)
      const path = join(installation.folder, 'box')
      const cable = await openBoxPty({ end: box, path })
      try {
        let central: SmilepostProcess = await installation.startCentral()
        let terminal: SmilepostProcess = await installation.startTerminal(path)
        await liveUntil(box, () => said.some((line) => line.startsWith('H,')))
        const killTerminal = async () => {
          await terminal.end('SIGKILL')
          terminal = await installation.startTerminal(path)
        }
        const killCentral = async () => {
          await central.end('SIGKILL')
          central = await installation.startCentral()
        }
        const cutPower = async () => {
          box.powerOff({ tear: true })
          box.powerOn()
        }
        const faults: Record<number, () => Promise<void>> = {
          40: killTerminal,
          70: cutPower,
          90: killCentral,
          120: killTerminal,
          160: cutPower,
        }
        const committed = () => box.committed()
        const taken = () => installation.readOutbox("SELECT 1 FROM records WHERE kind = 'press'").length
        let done = 0
        let outage: Promise<void> = Promise.resolve()
        for (let i = 0; i < presses; i += 1) {
          const restsAtMs = box.press(buttonAt(i), { holdMs: 50, bounceMs: 5 })
          const fault = faults[i]
          if (fault) {
            await outage
            // In the middle of a press: in its debounce or its write to EEPROM. People go on pressing meanwhile.
            await live(box, restsAtMs - 45 - box.nowMs(), speed)
            outage = fault()
            done += 1
          }
          await live(box, restsAtMs + 60 - box.nowMs(), speed)
        }
        await outage
        expect(done).toBe(5)
        await liveUntil(box, () => taken() >= committed().length)
        expect(committed().length).toBeGreaterThan(presses * 0.9)
        expect(committed().length).toBeLessThanOrEqual(presses)
        // Anchors and ticks of the box's clock, which give the last presses their times.
        await live(box, 2_000)
        await expectCustody(installation, committed())
      } finally {
        await cable.close()
        await installation.close()
      }
    },
    150_000,
  )
})
