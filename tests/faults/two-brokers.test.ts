/**
 * Two independent Mosquittos between terminal and central, each killed once in mid-load and started again, while people press on.
 * Truth is the simulator's own log of EEPROM commits against the central's rows by plain SQL.
 */
import { expect } from 'vitest'
import { hasSocat, openBoxOnPty } from '../support/box-on-pty.ts'
import { buttonAt, listenToBox, openBox } from '../support/box-script.ts'
import { expectCustody } from '../support/expect-custody.ts'
import { openInstallation } from '../support/installation.ts'
import { hasMosquitto } from '../support/mosquitto.ts'
import { waitFor } from '../support/smilepost-process.ts'
import { faultScale, faultSeed } from './support/fault-parameters.ts'
import { faultRow } from './support/fault-row.ts'
import { fetchSettledLedger } from './support/read-ledger.ts'

const canRun = [hasSocat(), hasMosquitto()].every(Boolean)
const presses = Math.round(160 * Math.max(1, faultScale))
/** Simulated milliseconds per wall-clock millisecond. */
const speed = 2

type BrokerState = { url: string; connected: boolean }

faultRow(
  'two brokers, one dying',
  300,
  async (row) => {
    const installation = await openInstallation('two mosquittos')
    const [first, second] = installation.brokers
    if (!first || !second) throw new Error('no brokers')
    const kills = { first: 0, second: 0 }
    const box = openBox({ seed: faultSeed })
    const said = listenToBox(box)
    const cable = await openBoxOnPty({ box, dir: installation.folder, speed })
    const stored = () => installation.readCentral<{ n: number }>('SELECT count(*) AS n FROM press')[0]?.n ?? 0
    const states = async () =>
      ((await (await fetch(`${installation.httpUrl}/readyz`)).json()) as { brokers: BrokerState[] }).brokers
    /** Presses go on arriving, so they take the other road. */
    const waitForMore = async () => {
      const before = stored()
      await waitFor('presses to arrive again', 60_000, () => stored() > before)
    }
    try {
      await installation.startCentral()
      const terminal = await installation.startTerminal(cable.path)
      await waitFor('the box to have an identity', 60_000, () => said.some((line) => line.startsWith('H,')))
      const at = (share: number) => Math.round(presses * (share + row.draw() * 0.05))
      const faults: Record<number, () => Promise<void>> = {
        [at(0.1)]: async () => {
          await waitFor('the first press', 60_000, () => stored() > 0)
          await first.kill()
          kills.first += 1
          await waitFor('the central to notice', 60_000, async () => !(await states())[0]?.connected)
          await waitForMore()
        },
        [at(0.4)]: first.start,
        [at(0.55)]: async () => {
          await waitFor('the first broker to be back', 60_000, async () => (await states())[0]?.connected)
          await second.kill()
          kills.second += 1
          await waitForMore()
        },
        [at(0.8)]: second.start,
      }
      let outage: Promise<void> = Promise.resolve()
      let done = 0
      for (let i = 0; i < presses; i += 1) {
        const settledAtMs = box.press(buttonAt(i), { holdMs: 50, bounceMs: 5 })
        const fault = faults[i]
        if (fault) {
          outage = outage.then(fault)
          done += 1
        }
        await waitFor('the contacts to rest', 60_000, () => box.nowMs() > settledAtMs + 250)
      }
      // A fault may wait for a press to arrive by the other road; people go on pressing until it has.
      let isOver = false
      void outage
        .finally(() => {
          isOver = true
        })
        .catch(() => undefined)
      for (let i = 0; !isOver; i += 1) {
        const settledAtMs = box.press(buttonAt(i), { holdMs: 50, bounceMs: 5 })
        await waitFor('the contacts to rest', 60_000, () => box.nowMs() > settledAtMs + 250)
      }
      await outage
      expect(done).toBe(4)
      expect(terminal.output().stderr).not.toContain('"level":50')

      expect(box.committed().length).toBeGreaterThan(presses * 0.9)
      const committed = box.committed()
      await expectCustody(installation, committed)
      const ledger = await fetchSettledLedger(installation.httpUrl, 'kiosk-1', committed.length)
      const happened = { 'kills of the first': kills.first, 'kills of the second': kills.second }
      row.close({ pressed: committed.length, faults: happened, ledgers: [ledger] })
    } finally {
      await cable.close()
      await installation.close()
    }
  },
  canRun,
)
