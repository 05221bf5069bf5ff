/** A store filled as ingest and labels fill it, for whoever checks or rebuilds its tallies. */
import Sqlite from 'better-sqlite3'
import { makeCellFinder } from '../../../src/central/ingest/press-cell.ts'
import { openLabels } from '../../../src/central/labels/open-labels.ts'
import type { Store, StoredPress } from '../../../src/central/store/port.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import { makePress, question } from '../../support/central-store.ts'
import { silentLogger } from '../../support/silent-logger.ts'

export type Where = {
  zones: Record<string, string>
  placements: { terminal: string; touchpoint: string; fromMs: number; toMs: number | null }[]
}
export type Pressed = { terminal: string; utcMs: number; errorMs: number; value: number; isRepeat: boolean }

/** Touchpoints, and terminals that stand at them from time to time. */
export async function putWhere(store: Store, { zones, placements }: Where): Promise<void> {
  await store.transact(async (writer) => {
    await writer.putPlace({ id: 'store', parent: null, name: 'Store', kind: 'store' })
    await writer.putSurvey({ question, revision: 1, scaleMax: 3, texts: [{ language: 'en', text: 'How was it?' }] })
    for (const [id, zone] of Object.entries(zones)) {
      const rest = { openingHours: [], exceptions: [], lights: null }
      await writer.putTouchpoint({ id, place: 'store', name: id, zone, question, ...rest })
    }
    for (const terminal of new Set(placements.map((placement) => placement.terminal)))
      await writer.putTerminal({ id: terminal, secretHash: '', createdAtMs: 0, name: terminal })
    for (const placement of placements) await writer.putPlacement(placement)
  })
}

async function place(store: Store, pressed: readonly Pressed[]): Promise<StoredPress[]> {
  const cells = makeCellFinder(await store.read.catalogue())
  return pressed.map(({ terminal, utcMs, errorMs, value, isRepeat }, i) => {
    const press = makePress({ terminal, sequence: i + 1, utcMs, value })
    const { cell, isUnplaced } = isRepeat
      ? { cell: null, isUnplaced: false }
      : cells.find(terminal, { utcMs, errorMs }, 0)
    return { ...press, errorMs, cell, isUnplaced, isRepeat }
  })
}

/** Stores presses where the catalogue says, tallies them, and labels them. */
export async function fillStore(store: Store, pressed: readonly Pressed[]): Promise<void> {
  const presses = await place(store, pressed)
  await store.transact(async (writer) => {
    await writer.insertPresses(presses)
    for (const { terminal, cell, record, utcMs, isUnplaced } of presses) {
      if (isUnplaced) await writer.addLedger(terminal, { unplaced: 1 })
      if (!cell) continue
      await writer.changeTallies([{ ...cell, question: record.question, value: record.value, delta: 1 }])
      await writer.markDirty([{ terminal, utcHour: Math.floor((utcMs ?? 0) / 3_600_000) }])
    }
  })
  await labelAll(store)
}

export async function labelAll(store: Store): Promise<void> {
  const labels = openLabels({ store, clock: systemClock, logger: silentLogger, onRelabelled: () => {} })
  await labels.drain()
  await labels.close()
}

/** All that a rebuild may change, by plain SQL. */
export function dumpStore(path: string): { tallies: unknown[]; presses: unknown[]; unplaced: unknown[] } {
  const db = new Sqlite(path, { readonly: true })
  try {
    const all = (sql: string) => db.prepare(sql).all()
    return {
      tallies: all(
        // A tally of nothing says as much as none.
        'SELECT * FROM cell_tally WHERE n0 <> 0 OR n1 <> 0 OR n2 <> 0 OR n3 <> 0 ORDER BY touchpoint, question, class, local_date, hour, offset_minutes',
      ),
      presses:
        all(`SELECT terminal, sequence, touchpoint, local_date, hour, offset_minutes, class, label, rule, is_unplaced
        FROM press ORDER BY terminal, sequence`),
      unplaced: all(
        'SELECT name.text AS terminal, unplaced FROM ledger JOIN name ON name.no = ledger.terminal WHERE unplaced <> 0 ORDER BY 1',
      ),
    }
  } finally {
    db.close()
  }
}
