/**
 * The whole road of a box's press: the real firmware image in the simulator, a cable that can be made bad behind a serial device, the daemon
 * and the central as processes. Truth is the simulator's own log of EEPROM commits, outside of the product.
 */
import { join } from 'node:path'
import type { ButtonNumber, HelloLine } from '../../../firmware-bridge/line/box-line.ts'
import { parseBoxLine } from '../../../firmware-bridge/line/parse-line.ts'
import { type BoxPty, openBoxPty } from '../../../firmware-bridge/simulator/box-pty.ts'
import { type FaultyCable, makeFaultyCable } from '../../../firmware-bridge/simulator/faulty-cable.ts'
import type { LineEnd } from '../../../firmware-bridge/simulator/line-end.ts'
import type { SimulatedBox } from '../../../firmware-bridge/simulator/simulated-box.ts'
import { listenToBox, openBox } from '../../support/box-script.ts'
import { expectCustody } from '../../support/expect-custody.ts'
import { type Installation, openInstallation } from '../../support/installation.ts'
import { live, liveUntil } from '../../support/line-fire.ts'
import type { SmilepostProcess } from '../../support/smilepost-process.ts'
import { faultSeed } from './fault-parameters.ts'
import type { FaultRow } from './fault-row.ts'
import { fetchSettledLedger } from './read-ledger.ts'

export type BoxRoad = {
  installation: Installation
  box: SimulatedBox
  cable: FaultyCable
  pty: BoxPty
  /** Each greeting that the box sent, whoever heard it. */
  hellos(): HelloLine[]
  /** Presses of the box that the daemon has committed. */
  taken(): number
  /** Of whichever daemon runs now. */
  daemon(): SmilepostProcess
  /** SIGKILL, and another one at once. */
  killDaemon(): Promise<void>
  /** Lets time pass for the box. */
  live(ms: number): Promise<void>
  /** @param strike called while a press is under way, which then goes on */
  press(count: number, strike?: (index: number) => Promise<void> | void): Promise<void>
  /** Presses on until it is so; however busy this machine is, the box never gets full by it. */
  pressUntil(what: string, isTrue: () => boolean): Promise<void>
  /** Every fault is over: waits until all has arrived, and closes the row. */
  finish(faults: Readonly<Record<string, number>>): Promise<void>
  close(): Promise<void>
}

/** How many times as fast as the wall clock the box may live: beside it two processes have their work to do. */
const maxSpeed = 8

/** A box holds 124; people wait a little where the daemon is far behind. */
const mostUntaken = 40
const patienceMs = 60_000

/** @param wrap puts something of the row's own between cable and serial device */
export async function openBoxRoad(row: FaultRow, wrap: (cable: FaultyCable) => LineEnd = (it) => it): Promise<BoxRoad> {
  const { draw } = row
  const installation = await openInstallation()
  await installation.startCentral()
  const box = openBox({ seed: faultSeed })
  const said = listenToBox(box)
  const cable = makeFaultyCable({ box, seed: faultSeed })
  const path = join(installation.folder, 'box')
  const pty = await openBoxPty({ end: wrap(cable), path })
  let daemon = await installation.startTerminal(path)
  const hellos = () =>
    said.flatMap((line) => {
      const parsed = parseBoxLine(line)
      return parsed.ok && parsed.line.type === 'hello' ? [parsed.line] : []
    })
  const taken = () => installation.readOutbox("SELECT 1 FROM records WHERE kind = 'press'").length
  await liveUntil(box, () => hellos().length > 0)
  async function press(count: number, strike?: (index: number) => Promise<void> | void): Promise<void> {
    for (let i = 0; i < count; i += 1) {
      const button = (1 + Math.floor(draw() * 4)) as ButtonNumber
      const restsAtMs = box.press(button, { holdMs: 25 + draw() * 30, bounceMs: draw() * 8 })
      await strike?.(i)
      await live(box, Math.max(restsAtMs - box.nowMs(), 0) + 26 + draw() * 20, maxSpeed)
    }
  }
  return {
    ...{ installation, box, cable, pty, hellos, taken, press },
    daemon: () => daemon,
    async killDaemon() {
      await daemon.end('SIGKILL')
      daemon = await installation.startTerminal(path)
    },
    live: (ms) => live(box, ms, maxSpeed),
    async pressUntil(what, isTrue) {
      for (const endMs = Date.now() + patienceMs; !isTrue(); ) {
        if (Date.now() > endMs) throw new Error(`pressed in vain for ${what}`)
        if (box.committed().length - taken() < mostUntaken) await press(1)
        await live(box, 200, maxSpeed)
      }
    },
    async finish(faults) {
      cable.setRates({})
      await liveUntil(box, () => taken() >= box.committed().length)
      await live(box, 2_000)
      const committed = box.committed()
      await expectCustody(installation, committed)
      const ledger = await fetchSettledLedger(installation.httpUrl, 'kiosk-1', committed.length)
      row.close({ pressed: committed.length, faults, ledgers: [ledger] })
    },
    async close() {
      await pty.close()
      await installation.close()
    },
  }
}
