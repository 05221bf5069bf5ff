/**
 * A box is moved from one Pi to another while both have presses of it that no central has: some of them the same ones, since the first
 * Pi's acknowledgements were lost on the cable. Truth is the simulator's own log of EEPROM commits.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { parseBoxLine } from '../../firmware-bridge/line/parse-line.ts'
import { makeFaultyCable } from '../../firmware-bridge/simulator/faulty-cable.ts'
import { hasSocat, openBoxOnPty } from '../support/box-on-pty.ts'
import { buttonAt, listenToBox, openKnownBox } from '../support/box-script.ts'
import { openInstallation } from '../support/installation.ts'
import { runSmilepost, startSmilepost, waitFor } from '../support/smilepost-process.ts'
import { faultSeed } from './support/fault-parameters.ts'
import { type FaultRow, faultRow } from './support/fault-row.ts'
import { fetchLedger } from './support/read-ledger.ts'

type Row = { terminal: string; box_seq: number; value: number; is_repeat: number }

async function play({ draw, close }: FaultRow): Promise<void> {
  const installation = await openInstallation()
  const { folder } = installation
  const config = join(folder, 'central.toml')
  const args = ['terminals', 'create', 'kiosk-2', '--config', config, '--json']
  const { secret } = JSON.parse((await runSmilepost(args)).stdout) as { secret: string }
  // Long before: a box in quick time tells ages that reach back behind the start of the test.
  const placement = '[[placements]]\nterminal = "kiosk-2"\ntouchpoint = "exit"\nfrom = "2026-01-01T00:00:00Z"\n'
  writeFileSync(join(folder, 'both.toml'), readFileSync(join(folder, 'places.toml'), 'utf8') + placement)
  expect((await runSmilepost(['places', 'apply', join(folder, 'both.toml'), '--config', config])).code).toBe(0)
  const box = openKnownBox({ seed: faultSeed })
  const said = listenToBox(box)
  /** As its last hello tells, which it repeats every second. */
  const waitsAtBox = () => {
    const parsed = parseBoxLine(said.findLast((line) => line.startsWith('H,')) ?? '')
    return parsed.ok && parsed.line.type === 'hello' && parsed.line.nextSequence === pressed + 1
      ? parsed.line.pending
      : null
  }
  const noise = makeFaultyCable({ box })
  const cable = await openBoxOnPty({ box, cable: noise, dir: folder, speed: 4 })
  const countOutbox = () => installation.readOutbox("SELECT 1 FROM records WHERE kind = 'press'").length
  let pressed = 0
  async function press(count: number): Promise<void> {
    for (let i = 0; i < count; i += 1, pressed += 1) {
      const settledAtMs = box.press(buttonAt(pressed), { holdMs: 50, bounceMs: 5 })
      await waitFor('the contacts to rest', 60_000, () => box.nowMs() > settledAtMs + 60)
    }
    await waitFor('commits', 60_000, () => box.committed().length >= pressed)
  }
  const running: ReturnType<typeof startSmilepost>[] = []
  function startSecond(): void {
    const text = readFileSync(join(folder, 'terminal.toml'), 'utf8')
      .replace('id = "kiosk-1"', 'id = "kiosk-2"')
      .replace(join(folder, 'terminal'), join(folder, 'second'))
    writeFileSync(join(folder, 'second.toml'), text)
    running.push(startSmilepost(['terminal', '--config', join(folder, 'second.toml')], { SMILEPOST_SECRET: secret }))
  }
  const read = () =>
    installation.readCentral<Row>(
      "SELECT terminal, box_seq, value, is_repeat FROM press WHERE source = 'box' ORDER BY box_seq",
    )
  const settled = (terminal: string, wanted: { stored: number; repeated?: number }) =>
    waitFor(`the ledger of ${terminal}`, 60_000, async () => {
      const ledger = await fetchLedger(installation.httpUrl, terminal)
      const all = { pending: 0, ...wanted }
      return Object.entries(all).every(([name, value]) => ledger[name as keyof typeof all] === value) && ledger
    })

  try {
    const first = await installation.startTerminal(cable.path)
    const early = 6 + Math.floor(draw() * 12)
    await press(early)
    await waitFor('presses at the first Pi', 60_000, () => countOutbox() === early)
    await waitFor('their acknowledgement', 60_000, () => waitsAtBox() === 0)
    noise.setMuted(true, 'toBox')
    await press(5)
    await waitFor('presses whose acknowledgement is lost', 60_000, () => countOutbox() > early)
    await first.end('SIGKILL')
    // The box says no more than a window of presses that nobody acknowledges (PROTOCOL.md).
    const shared = countOutbox() - early
    await cable.unplug()
    noise.setMuted(false)
    await press(3)
    await waitFor('presses that wait at the box', 60_000, () => waitsAtBox() === 8)

    await cable.plug()
    startSecond()
    await waitFor('the second Pi to have taken them', 60_000, () => waitsAtBox() === 0)
    const late = 2 + Math.floor(draw() * 6)
    await press(late)
    await installation.startCentral()
    await settled('kiosk-2', { stored: 8 + late })
    await installation.startTerminal()
    const ledgers = [
      await settled('kiosk-1', { stored: early, repeated: shared }),
      await settled('kiosk-2', { stored: 8 + late, repeated: 0 }),
    ]
    expect(ledgers.map((ledger) => [ledger.pressed, ledger.missing])).toEqual([
      [early, []],
      [8 + late, []],
    ])

    const truth = box.committed().map(({ sequence, button }) => [sequence, 4 - button])
    expect(truth).toHaveLength(pressed)
    const rows = read()
    expect(rows.filter((row) => row.is_repeat === 0).map((row) => [row.box_seq, row.value])).toEqual(truth)
    const repeats = rows.filter((row) => row.is_repeat === 1)
    expect(repeats.map((row) => [row.terminal, row.box_seq])).toEqual(
      Array.from({ length: shared }, (_, i) => ['kiosk-1', early + 1 + i]),
    )
    const tallied = () =>
      installation.readCentral<{ sum: number }>(
        "SELECT coalesce(sum(n0 + n1 + n2 + n3), 0) AS sum FROM cell_tally WHERE class IN ('raw', 'uncertain')",
      )[0]?.sum
    await waitFor('tallies', 60_000, () => tallied() === pressed)
    const faults = { 'waiting on the first Pi': early + shared, 'of them on the second too': shared }
    close({ pressed, faults, ledgers, expected: { repeated: shared } })
  } finally {
    for (const process of running) await process.end('SIGKILL')
    await cable.close()
    await installation.close()
  }
}

faultRow('box moved between two Pis', 300, play, hasSocat())
