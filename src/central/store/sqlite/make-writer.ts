import type { Database } from 'better-sqlite3'
import type { StoreWriter } from '../port.ts'
import { makeAccountWriter } from './account-tables.ts'
import { makeAnchorWindows } from './anchor-windows.ts'
import { makeBootTable } from './boot-table.ts'
import { makeCatalogueWriter } from './catalogue-tables.ts'
import { makeComparisonTable } from './comparison-table.ts'
import { makeCustodyWriter } from './custody-tables.ts'
import type { KeptRows } from './kept-rows.ts'
import type { Names } from './names.ts'
import { makeNightWriter } from './night-tables.ts'
import { makePressReader, makePressWriter } from './press-table.ts'
import { makeRecordTable } from './record-table.ts'
import { makeTallyWriter } from './tally-table.ts'
import { makeTerminalStateTable } from './terminal-state-table.ts'
import { makeTimeTables } from './time-tables.ts'

/** The writing half of the store; only to be used between BEGIN and COMMIT. */
export function makeWriter(db: Database, names: Names, kept: KeptRows): StoreWriter {
  const custody = makeCustodyWriter(db, names, kept)
  const stored = makePressReader(db, names)
  const presses = makePressWriter(db, names)
  const records = makeRecordTable(db, names)
  const tallies = makeTallyWriter(db, names, kept)
  const times = makeTimeTables(db, names, makeAnchorWindows(kept))
  const boots = makeBootTable(db, names)
  const states = makeTerminalStateTable(db, names)
  const comparison = makeComparisonTable(db)
  const nights = makeNightWriter(db)
  return {
    ...makeCatalogueWriter(db),
    accounts: makeAccountWriter(db),
    noteCompared: async (compared) => comparison.noteCompared(compared),
    putNight: async (night) => nights.put(night),
    putFix: async (fix) => nights.putFix(fix),
    removeFix: async (dip) => nights.removeFix(dip),
    lockCursor: async (terminal, epoch) => custody.lockCursor(terminal, epoch),
    advanceCursor: async (cursor) => void custody.advanceCursor(cursor),
    recordsBetween: async (terminal, epoch, from, to) => {
      const rows = [...stored.bySequence(terminal, epoch, from, to), ...records.between(terminal, epoch, from, to)]
      return new Map(rows.map((record) => [record.sequence, record] as const))
    },
    boxRanges: async (box) => custody.boxRanges(box),
    setBoxRanges: async (terminal, box, ranges) => custody.setBoxRanges(terminal, box, ranges),
    noteRefused: async (terminal, told) => custody.noteRefused(terminal, told),
    noteBoxTold: async (terminal, told) => custody.noteBoxTold(terminal, told),
    noteMissingPresses: async (terminal, ranges) => custody.noteMissingPresses(terminal, ranges),
    knownTouchIds: async (terminal, touchIds) => presses.knownTouchIds(terminal, touchIds),
    insertPresses: async (rows) => presses.insert(rows),
    insertRecords: async (rows) => {
      for (const row of rows) records.insert(row)
    },
    insertTombstone: async (terminal, epoch, sequence, reason) =>
      records.insertTombstone(terminal, epoch, sequence, reason),
    tombstonesBetween: async (terminal, epoch, from, to) => records.tombstonesBetween(terminal, epoch, from, to),
    insertMissing: async (missing) => void custody.insertMissing(missing),
    insertQuarantined: async (row) => custody.insertQuarantined(row),
    insertAnchor: async (terminal, anchor) => times.insertAnchor(terminal, anchor),
    anchorsAround: async (terminal, boot, fromMonoMs, toMonoMs) =>
      times.anchorsAround(terminal, boot, fromMonoMs, toMonoMs),
    insertAlive: async (terminal, stretch) => times.insertAlive(terminal, stretch),
    timeAlive: async (terminal, anchor) => times.timeAlive(terminal, anchor),
    bootSpan: async (terminal, boot) => boots.span(terminal, boot),
    newestBootNo: async (terminal) => boots.newestNo(terminal),
    bootsBetween: async (terminal, fromNo, toNo) => boots.between(terminal, fromNo, toNo),
    bootBefore: async (terminal, span) => boots.before(terminal, span),
    bootAfter: async (terminal, span) => boots.after(terminal, span),
    putBootSpan: async (terminal, span) => boots.put(terminal, span),
    looselyTimed: async (terminal, boot, than) => presses.looselyTimed(terminal, boot, than),
    lastBoxPress: async (terminal, before) => presses.lastOfBox(terminal, before),
    unplacedPresses: async (terminal, page) => presses.unplaced(terminal, page),
    setPressesAside: async (terminal, receivedFromMs) => presses.setAside(terminal, receivedFromMs),
    retimePress: async (key, time) => presses.retime(key, time),
    changeTallies: async (changes) => tallies.change(changes),
    addLedger: async (terminal, delta) => custody.addLedger(terminal, delta),
    markDirty: async (hours) => tallies.markDirty(hours),
    clearDirty: async (hours) => tallies.clearDirty(hours),
    pressesBetween: async (terminal, fromMs, toMs) => stored.between(terminal, fromMs, toMs),
    labelPresses: async (labels) => presses.label(labels),
    updateTerminalState: async (terminal, change) => states.update(terminal, change),
  }
}
