import { formatBatch } from '../../../src/contracts/format-batch.ts'
import type { PressRecord, TerminalRecord } from '../../../src/contracts/records.ts'
import { hashText } from '../../support/record-arbitraries.ts'

/** Terminals that each send some batches, one press a minute, the last one now. */
export type LoadPlan = {
  terminals: number
  batchesPerTerminal: number
  /** Presses of each batch. An anchor comes before them where there are many, as it does on a terminal that catches up. */
  pressesPerBatch: number
  /** Batches on their way at any time, over all terminals; one of a terminal never is beside another. */
  onTheWay: number
}

export const question = 'service'
export const nameOf = (terminal: number) => `till-${terminal}`
export const secretOf = (terminal: number) => `secret of till ${terminal}`
const epochOf = (terminal: number) => terminal.toString(16).padStart(16, 'e')
const boxOf = (terminal: number) => (0xb000_0000 + terminal).toString(16)
const bootOf = (terminal: number) => `b0070000-${terminal.toString(16).padStart(8, '0')}`

const minuteMs = 60_000
/** A day of uptime before the first press. */
const firstMonoMs = 86_400_000

const withAnchor = (plan: LoadPlan) => plan.pressesPerBatch > 1
export const pressesOf = (plan: LoadPlan) => plan.terminals * plan.batchesPerTerminal * plan.pressesPerBatch

/** When a terminal's machine started, so that its last press is at `nowMs`. */
function bootedAt(plan: LoadPlan, nowMs: number): number {
  return nowMs - firstMonoMs - plan.batchesPerTerminal * plan.pressesPerBatch * minuteMs
}

export function makePress(terminal: number, press: number, sequence: number, bootedAtMs: number): PressRecord {
  const monoMs = firstMonoMs + press * minuteMs + ((terminal * 7_919 + press * 104_729) % 50_000)
  return {
    ...{ kind: 'press', sequence, boot: bootOf(terminal), monoMs, wallMs: bootedAtMs + monoMs },
    ...{ question, surveyRevision: 1, value: (press * 7 + terminal) % 4, spreadMs: 20 + (press % 3), flags: 0 },
    ...{ source: 'box', box: boxOf(terminal), boxSeq: press + 1 },
  }
}

function makeAnchor(terminal: number, sequence: number, monoMs: number, bootedAtMs: number): TerminalRecord {
  const wallMs = bootedAtMs + monoMs
  return {
    kind: 'anchor',
    sequence,
    boot: bootOf(terminal),
    monoMs,
    wallMs,
    utcMs: wallMs,
    errorMs: 20,
    clock: 'kernel',
  }
}

/**
 * The payloads of one terminal in order: an anchor alone, then the batches.
 *
 * @returns with the sequence of each payload's last record
 */
export function makePayloads(plan: LoadPlan, terminal: number, nowMs: number): { payload: string; last: number }[] {
  const bootedAtMs = bootedAt(plan, nowMs)
  const epoch = epochOf(terminal)
  const payloads: { payload: string; last: number }[] = []
  let sequence = 1
  const add = (records: readonly TerminalRecord[]) => {
    payloads.push({
      payload: formatBatch({ epoch, first: sequence, records }, hashText),
      last: sequence + records.length - 1,
    })
    sequence += records.length
  }
  add([makeAnchor(terminal, 1, withAnchor(plan) ? 0 : firstMonoMs, bootedAtMs)])
  for (let batch = 0; batch < plan.batchesPerTerminal; batch += 1) {
    const firstPress = batch * plan.pressesPerBatch
    const records: TerminalRecord[] = []
    if (withAnchor(plan)) records.push(makeAnchor(terminal, sequence, firstMonoMs + firstPress * minuteMs, bootedAtMs))
    for (let i = 0; i < plan.pressesPerBatch; i += 1) {
      records.push(makePress(terminal, firstPress + i, sequence + records.length, bootedAtMs))
    }
    add(records)
  }
  return payloads
}
