import type { Database } from 'better-sqlite3'
import type { StoreReader } from '../port.ts'
import { makeAccountReader } from './account-tables.ts'
import { makeCatalogueReader } from './catalogue-tables.ts'
import { makeComparisonTable } from './comparison-table.ts'
import { makeCustodyReader } from './custody-tables.ts'
import { makeNames } from './names.ts'
import { makeNightReader } from './night-tables.ts'
import { makePressSums } from './press-sums.ts'
import { makePressReader } from './press-table.ts'
import { makeTallyReader } from './tally-table.ts'
import { makeTerminalStateTable } from './terminal-state-table.ts'
import { makeTimeTables } from './time-tables.ts'

/** The reading half of the store, on a connection of its own, which sees what is committed and nothing else. */
export function makeReader(db: Database): StoreReader {
  const names = makeNames(db)
  const catalogue = makeCatalogueReader(db)
  const comparison = makeComparisonTable(db)
  const custody = makeCustodyReader(db, names)
  const nights = makeNightReader(db)
  const presses = makePressReader(db, names)
  const sums = makePressSums(db, names)
  const tallies = makeTallyReader(db, names)
  const states = makeTerminalStateTable(db, names)
  const times = makeTimeTables(db, names)
  return {
    accounts: makeAccountReader(db),
    catalogue: async () => catalogue.current(),
    places: async () => [...catalogue.current().places],
    touchpoints: async () => [...catalogue.current().touchpoints.values()],
    touchpoint: async (id) => catalogue.current().touchpoints.get(id) ?? null,
    survey: async (question) => catalogue.current().surveys.get(question)?.at(-1) ?? null,
    terminals: async () => catalogue.terminals(),
    terminal: async (id) => catalogue.terminal(id),
    placements: async () => [...catalogue.current().placements.values()].flat(),
    terminalStates: async () => states.all(),
    terminalState: async (terminal) => states.get(terminal),
    tallies: async (query) => tallies.tallies(query),
    talliesOn: async (localDate, touchpoint) => tallies.on(localDate, touchpoint),
    tallyDates: async (query) => tallies.dates(query),
    pressesBetween: async (terminal, fromMs, toMs) => presses.between(terminal, fromMs, toMs),
    pressSpan: async (terminal) => sums.span(terminal),
    pressSums: async (terminal, fromMs, toMs) => sums.sums(terminal, fromMs, toMs),
    compared: async () => comparison.compared(),
    lastNight: async () => nights.last(),
    nightBefore: async (night) => nights.before(night),
    fixes: async () => nights.fixes(),
    dirtyHours: async (limit) => tallies.dirtyHours(limit),
    cursors: async (terminal) => custody.cursors(terminal),
    boxRanges: async (box) => custody.boxRanges(box),
    boxShares: async (box) => custody.boxShares(box),
    boxesOf: async (terminal) => custody.boxesOf(terminal),
    ledgerCounters: async (terminal) => custody.ledger(terminal),
    missing: async (terminal) => custody.missing(terminal),
    missingSpans: async (terminal) => custody.missingSpans(terminal),
    boxTold: async (box) => custody.boxTold(box),
    missingPresses: async (terminal) => custody.missingPresses(terminal),
    pressTimes: async (terminal) => presses.times(terminal),
    knownTouchIds: async (terminal, touchIds) => presses.knownTouchIds(terminal, touchIds),
    touchSince: async (terminal, told) => presses.touchSince(terminal, told),
    refused: async (terminal) => custody.refused(terminal),
    clonedTerminals: async () => states.cloned(),
    quarantined: async (terminal) => custody.quarantined(terminal),
    aliveStretches: async (terminal, fromMs, toMs) => times.aliveStretches(terminal, fromMs, toMs),
  }
}
