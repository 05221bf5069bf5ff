import type { Ack } from '../../contracts/messages.ts'
import type { Counters } from '../../shared/counters.ts'
import { makeCounters } from '../../shared/counters.ts'
import type { Catalogue } from '../store/catalogue.ts'
import type { LedgerCounters, TerminalState } from '../store/custody.ts'
import type { PressCell, StoreWriter } from '../store/port.ts'
import type { CellFinder } from './press-cell.ts'
import type { UtcTime } from './press-time.ts'
import { makeSeqSet, type SeqSet } from './seq-set.ts'
import { makeTallySheet } from './tally-sheet.ts'
import { addState, makeTerminalSheets, writeSheet } from './terminal-sheet.ts'

/** What a transaction needs to know beside the messages. */
export type GroupContext = {
  catalogue: Catalogue
  cells: CellFinder
  /** Terminals of which two are known to speak under one name. */
  cloned: ReadonlySet<string>
  /** Committed state of a terminal. */
  readState(terminal: string): Promise<TerminalState | null>
  /** When somebody gave the terminal its name and secret; null for one that nobody knows. */
  createdAtMs(terminal: string): Promise<number | null>
  /** Terminals that are known, by what is committed, to have delivered presses of a box. */
  terminalsOf(box: string): Promise<string[]>
}
/** What is to be said once the transaction is committed. */
type Outgoing = { terminal: string; ack: Ack }
type Conflict = { terminal: string; epoch: string; sequence: number }
type Loss = { terminal: string; epoch: string; from: number; to: number; cause: string }
type Reject = { terminal: string; reason: string; epoch: string; sequence: number }
type Clone = { terminal: string; epochs: [string, string] }

const hourMs = 3_600_000

/**
 * The running sums of one transaction: marks, box ranges, tallies, dirty hours, ledger and states are read once, changed in memory and
 * written once by `write`. Nothing of it outlives the transaction, so a rollback needs no undoing here.
 */
export function makeGroupSheet(writer: StoreWriter, context: GroupContext) {
  const terminals = makeTerminalSheets()
  const boxes = new Map<string, { set: SeqSet; terminal: string }>()
  const tallies = makeTallySheet()
  const counters: Counters = makeCounters()
  const outgoing: Outgoing[] = []
  const conflicts: Conflict[] = []
  const losses: Loss[] = []
  const rejects: Reject[] = []
  const clones: Clone[] = []
  const cloned = new Set(context.cloned)

  function markOf(terminal: string, epoch: string) {
    const entry = terminals.of(terminal).marks.find((one) => one.epoch === epoch)
    if (!entry) throw new Error(`the cursor of ${terminal} ${epoch} is not locked`)
    return entry
  }

  return {
    writer,
    context,
    counters,
    tallies,
    outgoing,
    conflicts,
    losses,
    rejects,
    clones,
    isCloned: (terminal: string) => cloned.has(terminal),
    noteClone(clone: Clone) {
      cloned.add(clone.terminal)
      clones.push(clone)
    },
    /** Where a press is tallied; those of a cloned terminal lie nowhere until somebody decides. */
    findCell(terminal: string, time: UtcTime, flags: number): ReturnType<CellFinder['find']> {
      const found = context.cells.find(terminal, time, flags)
      return found.cell && cloned.has(terminal) ? { cell: null, isUnplaced: true } : found
    },
    /** Reads a cursor's mark and locks it until COMMIT; to be done before it is asked for or moved. */
    async lockMark(terminal: string, epoch: string) {
      const { marks } = terminals.of(terminal)
      if (marks.some((one) => one.epoch === epoch)) return
      marks.push({ epoch, mark: await writer.lockCursor(terminal, epoch), isChanged: false })
    },
    mark: (terminal: string, epoch: string) => markOf(terminal, epoch).mark,
    moveMark(terminal: string, epoch: string, upTo: number) {
      const entry = markOf(terminal, epoch)
      entry.mark = upTo
      entry.isChanged = true
    },
    /** The stored presses of a box, to be added to. */
    async boxSet(terminal: string, box: string): Promise<SeqSet> {
      const entry = boxes.get(box)
      if (entry?.terminal === terminal) return entry.set
      // The store learns who delivered what from who adds to the ranges.
      if (entry) await writer.setBoxRanges(entry.terminal, box, entry.set.ranges())
      const set = entry?.set ?? makeSeqSet(await writer.boxRanges(box))
      boxes.set(box, { set, terminal })
      return set
    },
    /** Adds a press to the tallies of its cell or takes it away; labels of its hour are then worked out again. */
    tally(cell: PressCell, question: string, value: number, delta: 1 | -1) {
      tallies.add(cell, question, value, delta)
    },
    markDirty(terminal: string, utcMs: number) {
      const sheet = terminals.of(terminal)
      sheet.dirtyHours ??= new Set()
      sheet.dirtyHours.add(Math.floor(utcMs / hourMs))
    },
    addLedger(terminal: string, name: keyof Omit<LedgerCounters, 'terminal'>, by = 1) {
      const sheet = terminals.of(terminal)
      sheet.ledger ??= {}
      sheet.ledger[name] = (sheet.ledger[name] ?? 0) + by
    },
    /** The state as this transaction will leave it. */
    async state(terminal: string) {
      return { ...(await context.readState(terminal)), ...terminals.of(terminal).state }
    },
    setState(terminal: string, change: Partial<Omit<TerminalState, 'terminal'>>) {
      addState(terminals.of(terminal), change)
    },
    notePress(terminal: string, utcMs: number) {
      const sheet = terminals.of(terminal)
      sheet.lastPressAtMs = Math.max(utcMs, sheet.lastPressAtMs ?? utcMs)
    },
    say(terminal: string, ack: Ack) {
      outgoing.push({ terminal, ack })
    },
    /** Of which the state changed. */
    terminals: () => new Set([...terminals.all()].flatMap(({ terminal, state }) => (state ? terminal : []))),
    async write() {
      for (const [box, { set, terminal }] of boxes) await writer.setBoxRanges(terminal, box, set.ranges())
      await writer.changeTallies(tallies.changes())
      for (const sheet of terminals.all()) await writeSheet(writer, sheet)
    },
  }
}

export type GroupSheet = ReturnType<typeof makeGroupSheet>
