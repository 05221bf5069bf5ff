/**
 * The ledger of a terminal: what its boxes say they committed against what is stored here (architecture.md, "Custody").
 * A hole between stored presses is missing; presses after the last stored one are pending as far as box and outbox say they
 * hold some, and missing beyond that.
 */
import type { Ledger } from '../../contracts/http/terminals.ts'
import type { SeqRange, StoreReader } from '../store/port.ts'
import { readReports, type TerminalReports } from './terminal-reports.ts'

type BoxAccount = { pressed: number; stored: number; pending: number; missing: Ledger['missing'] }

const count = ({ from, to }: SeqRange) => to - from + 1

function findHoles(ranges: readonly SeqRange[]): SeqRange[] {
  return ranges.flatMap(({ from }, i) => {
    const before = ranges[i - 1]?.to ?? 0
    return from > before + 1 ? [{ from: before + 1, to: from - 1 }] : []
  })
}

/** @param held presses that box and outbox say they still hold */
function accountForBox(box: string, ranges: readonly SeqRange[], next: number, held: number): BoxAccount {
  const highest = ranges.at(-1)?.to ?? 0
  const tail = Math.max(0, next - 1 - highest)
  const pending = Math.min(tail, held)
  const holes = findHoles(ranges)
  if (tail > pending) holes.push({ from: highest + 1, to: highest + tail - pending })
  return {
    pressed: highest + tail,
    stored: ranges.reduce((sum, range) => sum + count(range), 0),
    pending,
    missing: holes.map(({ from, to }) => ({ from, to, cause: `never came from box ${box}` })),
  }
}

async function accountForBoxes(
  read: StoreReader,
  terminal: string,
  { box, unacknowledged }: TerminalReports,
): Promise<BoxAccount[]> {
  const boxes = new Set(await read.boxesOf(terminal))
  if (box) boxes.add(box.id)
  const accounts: BoxAccount[] = []
  for (const id of boxes) {
    const isPresent = box?.id === id
    const held = isPresent ? box.pending + (unacknowledged ?? 0) : 0
    accounts.push(accountForBox(id, await read.boxRanges(id), isPresent ? box.next : 1, held))
  }
  return accounts
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** @returns null for an unknown terminal */
export async function readLedger(read: StoreReader, terminal: string): Promise<Ledger | null> {
  if (!(await read.terminal(terminal))) return null
  const state = await read.terminalState(terminal)
  const reports = readReports(state)
  const counters = await read.ledgerCounters(terminal)
  const boxes = await accountForBoxes(read, terminal, reports)
  const issued = Math.max(reports.touchIssued, counters.storedTouch)
  return {
    pressed: sum(boxes.map(({ pressed }) => pressed)) + issued,
    stored: sum(boxes.map(({ stored }) => stored)) + counters.storedTouch,
    pending:
      sum(boxes.map(({ pending }) => pending)) + Math.min(issued - counters.storedTouch, reports.unacknowledged ?? 0),
    missing: boxes.flatMap(({ missing }) => missing),
    repeated: counters.repeated,
    quarantined: counters.quarantined,
    refused: reports.box?.dropped ?? 0,
    asOf: state?.lastSeenAtMs == null ? null : new Date(state.lastSeenAtMs).toISOString(),
  }
}
