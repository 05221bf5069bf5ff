/**
 * A row of the fault matrix: a test that draws from the matrix' seed, tells at its end what was pressed, which faults happened and what the
 * ledger says of it, and is told how to be repeated where it fails.
 */
import { appendFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, it, type TestContext } from 'vitest'
import { sizeOf } from '../../../src/central/fleet/seq-ranges.ts'
import type { Ledger } from '../../../src/contracts/http/terminals.ts'
import { faultScale, faultSeed, makeDraw, repeatCommand } from './fault-parameters.ts'

const names = ['pressed', 'stored', 'pending', 'missing', 'repeated', 'quarantined', 'refused'] as const
type Figures = Record<(typeof names)[number], number>
type Played = {
  /** Presses that were made, as whoever made them knows. */
  pressed: number
  /** That happened, by their names. */
  faults: Readonly<Record<string, number>>
  /** Of each terminal that took presses. */
  ledgers: readonly Ledger[]
  /** Where it is not all stored, none pending, missing or quarantined. */
  expected?: Partial<Figures>
}

export type FaultRow = {
  /** Uniform in [0, 1), by the matrix' seed. */
  draw: () => number
  /** Prints the row with its ledger, which must agree with what was pressed. To be called once, at the end. */
  close(played: Played): void
}

const sum = (ledgers: readonly Ledger[], pick: (ledger: Ledger) => number) =>
  ledgers.reduce((total, ledger) => total + pick(ledger), 0)

function readFigures(ledgers: readonly Ledger[]): Figures {
  const missing = sum(ledgers, ({ missing, missingCount }) => missingCount ?? sizeOf(missing))
  const others = names.filter((name) => name !== 'missing')
  return {
    ...Object.fromEntries(others.map((name) => [name, sum(ledgers, (ledger) => ledger[name])])),
    missing,
  } as Figures
}

/** Where `npm run test:faults` reads what each row has said. */
const report = process.env.SMILEPOST_FAULT_REPORT

type Run = { row: string; file: string; startedAtMs: number }

function tell({ row, file, startedAtMs }: Run, { pressed, faults }: Played, ledger: Figures): void {
  const figures = names.map((name) => `${name} ${ledger[name]}`).join(' ')
  const happened = Object.entries(faults).map(([name, count]) => `${name} ${count}`)
  process.stdout.write(`${row} · seed ${faultSeed} · made ${pressed} · ledger: ${figures} · ${happened.join(', ')}\n`)
  const seconds = (performance.now() - startedAtMs) / 1_000
  const line = { row, file, seed: faultSeed, pressed, faults, ledger, seconds }
  if (report) appendFileSync(report, `${JSON.stringify(line)}\n`)
}

/**
 * @param name of the fault
 * @param seconds in which it ends on a busy machine, at the scale of CI
 * @param canRun false where the machine lacks what the row needs
 */
export function faultRow(
  name: string,
  seconds: number,
  play: (row: FaultRow) => Promise<void> | void,
  canRun = true,
): void {
  it.runIf(canRun)(name, { timeout: seconds * 1_000 * Math.max(1, faultScale) }, async (context: TestContext) => {
    const file = basename(context.task.file.name)
    context.onTestFailed(() => void process.stderr.write(`repeat it: ${repeatCommand(file, faultSeed)}\n`))
    const startedAtMs = performance.now()
    let isClosed = false
    await play({
      draw: makeDraw(faultSeed),
      close(played) {
        const ledger = readFigures(played.ledgers)
        tell({ row: name, file, startedAtMs }, played, ledger)
        for (const [fault, count] of Object.entries(played.faults)) expect(count, fault).toBeGreaterThan(0)
        const all = { pressed: played.pressed, stored: played.pressed, pending: 0, missing: 0, quarantined: 0 }
        expect(ledger).toMatchObject({ ...all, ...played.expected })
        isClosed = true
      },
    })
    expect(isClosed).toBe(true)
  })
}
