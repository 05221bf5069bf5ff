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
const stateKey = (terminal: string, epoch: string) => `${terminal} ${epoch}`

/**
 * The running sums of one transaction: marks, box ranges, tallies, dirty hours, ledger and states are read once, changed in memory and
 * written once by `write`. Nothing of it outlives the transaction, so a rollback needs no undoing here.
 */
export function makeGroupSheet(writer: StoreWriter, context: GroupContext) {
  const marks = new Map<string, { terminal: string; epoch: string; mark: number; isChanged: boolean }>()
  const boxes = new Map<string, { set: SeqSet; terminal: string }>()
  const dirty = new Map<string, Set<number>>()
  const ledgers = new Map<string, Partial<Omit<LedgerCounters, 'terminal'>>>()
  const states = new Map<string, Partial<Omit<TerminalState, 'terminal'>>>()
  const lastPresses = new Map<string, number>()
  const tallies = makeTallySheet()
  const counters: Counters = makeCounters()
  const outgoing: Outgoing[] = []
  const conflicts: Conflict[] = []
  const losses: Loss[] = []
  const rejects: Reject[] = []
  const clones: Clone[] = []
  const cloned = new Set(context.cloned)

  async function lockMark(terminal: string, epoch: string) {
    const key = stateKey(terminal, epoch)
    const known = marks.get(key)
    if (known) return known
    const entry = { terminal, epoch, mark: await writer.lockCursor(terminal, epoch), isChanged: false }
    marks.set(key, entry)
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
    mark: async (terminal: string, epoch: string) => (await lockMark(terminal, epoch)).mark,
    async moveMark(terminal: string, epoch: string, upTo: number) {
      const entry = await lockMark(terminal, epoch)
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
      let hours = dirty.get(terminal)
      if (!hours) {
        hours = new Set()
        dirty.set(terminal, hours)
      }
      hours.add(Math.floor(utcMs / hourMs))
    },
    addLedger(terminal: string, name: keyof Omit<LedgerCounters, 'terminal'>, by = 1) {
      const ledger = ledgers.get(terminal) ?? {}
      ledgers.set(terminal, ledger)
      ledger[name] = (ledger[name] ?? 0) + by
    },
    /** The state as this transaction will leave it. */
    async state(terminal: string) {
      return { ...(await context.readState(terminal)), ...states.get(terminal) }
    },
    setState(terminal: string, change: Partial<Omit<TerminalState, 'terminal'>>) {
      states.set(terminal, { ...states.get(terminal), ...change })
    },
    notePress(terminal: string, utcMs: number) {
      lastPresses.set(terminal, Math.max(utcMs, lastPresses.get(terminal) ?? utcMs))
    },
    say(terminal: string, ack: Ack) {
      outgoing.push({ terminal, ack })
    },
    terminals: () => new Set([...states.keys()]),
    async write() {
      for (const { terminal, epoch, mark, isChanged } of marks.values()) {
        if (isChanged) await writer.advanceCursor({ terminal, epoch, upTo: mark })
      }
      for (const [box, { set, terminal }] of boxes) await writer.setBoxRanges(terminal, box, set.ranges())
      await writer.changeTallies(tallies.changes())
      for (const [terminal, hours] of dirty) {
        await writer.markDirty([...hours].map((utcHour) => ({ terminal, utcHour })))
      }
      for (const [terminal, lastPressAtMs] of lastPresses) this.setState(terminal, { lastPressAtMs })
      for (const [terminal, delta] of ledgers) await writer.addLedger(terminal, delta)
      for (const [terminal, change] of states) await writer.updateTerminalState(terminal, change)
    },
  }
}

export type GroupSheet = ReturnType<typeof makeGroupSheet>
