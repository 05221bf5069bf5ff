import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { buttonAt } from './box-script.ts'
import { type Installation, openInstallation } from './installation.ts'
import type { UsageSince } from './process-usage.ts'
import { openRawCable, type RawCable } from './raw-cable.ts'
import { type SmilepostProcess, waitFor } from './smilepost-process.ts'
import { openWireBox, type WireBox } from './wire-box.ts'

type Press = { sequence: number; button: number }

/** A daemon with the real serialport on a tty of its own, and a box at the other end; one of each at a time. */
export type SerialBench = {
  readonly installation: Installation
  readonly daemon: SmilepostProcess
  readonly box: WireBox
  readonly cable: RawCable
  readonly boxId: string
  readonly device: string
  /** A device and a box of this name, not plugged, and a daemon that looks for it. */
  open(name: string): Promise<void>
  /** The same, until the daemon has greeted the box. */
  start(name: string): Promise<void>
  /** The daemon has opened the device, heard the box and woken it. */
  waitForGreeting(deadlineMs?: number): Promise<unknown>
  /** @returns after how many ms the daemon had greeted the box again */
  replug(): Promise<number>
  readPresses(id: string): Press[]
  /** What the outbox holds is what the box has ever committed, in its order. */
  expectExact(): Promise<void>
}

/** To be called once in a suite: brings the installation up, and takes down after each test what it has started. */
export function useSerialBench(): SerialBench {
  let installation: Installation
  let boxId: string
  let device: string
  let daemon: SmilepostProcess | undefined
  let box: WireBox | undefined
  let cable: RawCable | undefined

  beforeAll(async () => {
    installation = await openInstallation()
    await installation.startCentral()
  })
  afterAll(() => installation.close())
  afterEach(async () => {
    box?.stop()
    await cable?.hangUp()
    await daemon?.end('SIGKILL')
  })

  const bench = {
    get installation() {
      return installation
    },
    get daemon() {
      return given(daemon)
    },
    get box() {
      return given(box)
    },
    get cable() {
      return given(cable)
    },
    get boxId() {
      return boxId
    },
    get device() {
      return device
    },
    // Each with a box of its own, so that what one leaves behind is nobody else's.
    async open(name: string) {
      boxId = createHash('sha256').update(name).digest('hex').slice(0, 8)
      device = join(installation.folder, name)
      cable = await openRawCable(device)
      box = openWireBox(boxId)
      daemon = await installation.startTerminal(device)
    },
    async start(name: string) {
      await bench.open(name)
      bench.box.plug(bench.cable)
      await bench.waitForGreeting()
    },
    waitForGreeting: (deadlineMs = 60_000) =>
      waitFor('the daemon to greet the box', deadlineMs, () =>
        bench.box.takeHeard().some(({ type }) => type === 'wake'),
      ),
    async replug() {
      const pluggedAtMs = performance.now()
      cable = await openRawCable(device)
      bench.box.takeHeard()
      bench.box.plug(cable)
      await bench.waitForGreeting()
      return performance.now() - pluggedAtMs
    },
    readPresses: (id: string) =>
      installation
        .readOutbox<{ box_seq: number; content: string }>(
          "SELECT box_seq, content FROM records WHERE kind = 'press' AND box = ? ORDER BY ordinal, sequence",
          id,
        )
        .map(({ box_seq: sequence, content }) => ({
          sequence,
          button: 4 - (JSON.parse(content) as { value: number }).value,
        })),
    async expectExact() {
      for (let i = 0; i < 5; i++) bench.box.press(buttonAt(i))
      await waitFor('the box to be rid of its presses', 60_000, () => bench.box.pending() === 0)
      expect(bench.readPresses(boxId)).toEqual(bench.box.committed())
    },
  }
  return bench
}

function given<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) throw new Error('the bench has not been started')
  return thing
}

/** No spin, and memory that does not grow with what the line brings. */
export function expectModest(name: string, usage: UsageSince): void {
  process.stderr.write(
    `${name}: ${usage.cpuPercent.toFixed(1)} % of a core over ${usage.seconds.toFixed(1)} s, RSS ${usage.rssMb.toFixed(0)} MB (${usage.grownMb >= 0 ? '+' : ''}${usage.grownMb.toFixed(0)})\n`,
  )
  // Under 5 % is promised of a core of one's own. How much it is of a core shared with others is the machine's affair; a spin takes 75 %.
  expect(usage.cpuPercent).toBeLessThan(40)
  expect(usage.grownMb).toBeLessThan(32)
}
