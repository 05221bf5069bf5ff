/**
 * Two hundred bouncing presses, while the box loses power twice, the daemon is killed twice and the central once.
 * Truth is the simulator's own log of EEPROM commits, outside of the product, against the central's rows by plain SQL.
 */
import { describe, expect, it } from 'vitest'
import { hasSocat, openBoxOnPty } from '../support/box-on-pty.ts'
import { buttonAt, listenToBox, openBox } from '../support/box-script.ts'
import { expectCustody } from '../support/expect-custody.ts'
import { listBrokerKinds, openInstallation } from '../support/installation.ts'
import { type SmilepostProcess, waitFor } from '../support/smilepost-process.ts'

const socat = hasSocat()
const presses = 200
/** Simulated milliseconds per wall-clock millisecond. */
const speed = 4

describe.runIf(socat)('custody under fire', () => {
  it.each(listBrokerKinds())(
    'stores exactly what the box committed, by way of %s',
    async (kind) => {
      const installation = await openInstallation(kind)
      const box = openBox({ seed: 20_261 })
      const said = listenToBox(box)
      const cable = await openBoxOnPty({ box, dir: installation.folder, speed })
      try {
        let central: SmilepostProcess = await installation.startCentral()
        let terminal: SmilepostProcess = await installation.startTerminal(cable.path)
        await waitFor('the box to have an identity', 20_000, () => said.some((line) => line.startsWith('H,')))
        const killTerminal = async () => {
          await terminal.end('SIGKILL')
          terminal = await installation.startTerminal(cable.path)
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
        let done = 0
        let outage: Promise<void> = Promise.resolve()
        for (let i = 0; i < presses; i += 1) {
          const settledAtMs = box.press(buttonAt(i), { holdMs: 50, bounceMs: 5 })
          const fault = faults[i]
          if (fault) {
            await outage
            // In the middle of a press: in its debounce or its write to EEPROM. People go on pressing meanwhile.
            await waitFor('the middle of a press', 10_000, () => box.nowMs() > settledAtMs - 45)
            outage = fault()
            done += 1
          }
          await waitFor('the contacts to rest', 10_000, () => box.nowMs() > settledAtMs + 60)
        }
        await outage
        expect(done).toBe(5)

        const committed = box.committed()
        expect(committed.length).toBeGreaterThan(presses * 0.9)
        expect(committed.length).toBeLessThanOrEqual(presses)
        await expectCustody(installation, committed)
      } finally {
        await cable.close()
        await installation.close()
      }
    },
    150_000,
  )
})
