/**
 * Salvage: what a damaged database still holds goes over into a new one.
 *
 * Records are read page by page, from the file and from its WAL, past whatever has become unreadable, and each is believed by its own
 * checksum. They keep their keys (epoch, sequence); those that are missing are later said to be lost by these. Where the name of an epoch
 * is gone its records get a fresh one: the central knows presses by their own names too.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import Database from 'better-sqlite3'
import { type Cell, type CellValue, pageBytes, readCells } from './read-page.ts'
import { insertRecordSql, isIntact, type RecordRow, type RowValues, sealRow } from './record-row.ts'
import { salvageLasts } from './salvage-lasts.ts'
import { readWalFrames } from './wal-frames.ts'

type OldEpoch = { epoch: string; next: number; confirmed: number; trimmed: number }
/** `missing`: null where how far an epoch went was not to be read. `lastOrdinal`: of the epochs that got records back, 0 for none. */
export type Salvaged = { records: number; epochs: number; missing: number | null; lastOrdinal?: number }

const chunkPages = 256
/** A counter that is further ahead of what is there was changed by the damage, not by presses. */
const maxMissing = 100_000
const kinds = ['press', 'answer', 'anchor', 'tick', 'alive']

/** Pages of the WAL first: of what changes, they have the newest. */
function* readPages(path: string): Generator<Buffer> {
  for (const { page } of readWalFrames(path).reverse()) yield page
  const file = openSync(path, 'r')
  try {
    const chunk = Buffer.alloc(chunkPages * pageBytes)
    for (let at = 0, length = 1; length > 0; at += length) {
      length = readSync(file, chunk, 0, chunk.length, at)
      for (let start = 0; start + pageBytes <= length; start += pageBytes)
        yield chunk.subarray(start, start + pageBytes)
    }
  } finally {
    closeSync(file)
  }
}

/** Columns of `records`: n integer, t text, ? may be null. The checksum is missing in rows from before there was one. */
const shape = ['n', 'n', 't', 't', 'n', 'n', 't?', 'n?', 't?', 't', 'n?']

const isOf = (column: string, value: CellValue | undefined): boolean =>
  value === null ? column.endsWith('?') : column[0] === 't' ? typeof value === 'string' : Number.isSafeInteger(value)

function toRow({ values }: Cell): RecordRow | null {
  const [ordinal, sequence, kind, boot, mono_ms, wall_ms, box, box_seq, touch_id, content, crc = null] = values
  if (values.length < shape.length - 1 || !kinds.includes(kind as string)) return null
  if (!shape.every((column, i) => isOf(column, values[i] ?? null)) || !((sequence as number) > 0)) return null
  const row = { ordinal, sequence, kind, boot, mono_ms, wall_ms, box, box_seq, touch_id, content, crc } as RecordRow
  return isIntact(row) ? row : null
}

/** A row of `epochs`, or its name alone from the index over it; `next` is 0 then, which no row has. */
function toEpoch({ rowid, values }: Cell): { ordinal: number; found: OldEpoch } | null {
  const [epoch, ordinal] = rowid === null ? values : [values[1], rowid]
  const isName = typeof epoch === 'string' && /^[0-9a-f]{16}$/.test(epoch)
  if (!isName || typeof ordinal !== 'number' || !(ordinal > 0) || values.length !== (rowid === null ? 2 : 5))
    return null
  const [next = 0, confirmed = 0, trimmed = 0] = rowid === null ? [] : (values.slice(2) as number[])
  return { ordinal, found: { epoch, next, confirmed, trimmed } }
}

function findEpochs(path: string): Map<number, OldEpoch> {
  const epochs = new Map<number, OldEpoch>()
  for (const page of readPages(path)) {
    for (const { ordinal, found } of readCells(page)
      .map(toEpoch)
      .filter((epoch) => epoch !== null)) {
      const known = epochs.get(ordinal)
      if (!known || found.next > known.next) epochs.set(ordinal, found)
    }
  }
  return epochs
}

/**
 * Takes over everything that can be read. To be called within a transaction.
 *
 * @param db new database, its schema in place
 * @param path the damaged one; it is not changed
 */
export function salvage(db: Database.Database, path: string, drawEpoch: () => string): Salvaged {
  const known = findEpochs(path)
  const insertEpoch = db.prepare('INSERT INTO epochs (epoch) VALUES (?)')
  const insertRow = db.prepare<RowValues>(insertRecordSql.replace('INSERT', 'INSERT OR IGNORE'))
  const findEpoch = db.prepare<[string], number>('SELECT ordinal FROM epochs WHERE epoch = ?').pluck()
  const ordinals = new Map<number, number>()
  const ordinalOf = (old: number): number => {
    const epoch = known.get(old)?.epoch ?? drawEpoch()
    // An epoch may be here already where the note of an earlier salvage was lost.
    const ordinal = ordinals.get(old) ?? findEpoch.get(epoch) ?? Number(insertEpoch.run(epoch).lastInsertRowid)
    ordinals.set(old, ordinal)
    return ordinal
  }
  for (const old of [...known.keys()].sort((a, b) => a - b)) ordinalOf(old)
  let records = 0
  for (const page of readPages(path)) {
    for (const row of readCells(page)
      .map(toRow)
      .filter((row) => row !== null)) {
      if (row.sequence <= (known.get(row.ordinal)?.trimmed ?? 0)) continue
      const { ordinal, sequence, crc: _, ...body } = row
      records += insertRow.run(...sealRow(body, ordinalOf(ordinal), sequence)).changes
    }
  }
  const holes = [...ordinals].map(([old, ordinal]) => settleEpoch(db, ordinal, known.get(old)))
  const isKnown = holes.length > 0 && holes.every((count) => count !== null)
  const missing = isKnown ? holes.reduce((sum, count) => sum + count, 0) : null
  copySmallTables(db, path)
  copyBareNotes(db, path)
  salvageLasts(db, readPages(path))
  return { records, epochs: ordinals.size, missing, lastOrdinal: Math.max(0, ...ordinals.values()) }
}

/** Sets how far an epoch goes. @returns how many of its records are missing, null where those after the last one can't be known */
function settleEpoch(db: Database.Database, ordinal: number, known: OldEpoch | undefined): number | null {
  const { count, last, first } = db
    .prepare<[number], { count: number; first: number; last: number }>(
      'SELECT count(*) AS count, ifnull(min(sequence), 1) AS first, ifnull(max(sequence), 0) AS last FROM records WHERE ordinal = ?',
    )
    .get(ordinal) as { count: number; first: number; last: number }
  const isPlausible = known && known.next > last && known.next - last <= maxMissing
  const next = isPlausible ? known.next : last + 1
  const below = (value: number | undefined) => (typeof value === 'number' && value >= 0 ? Math.min(value, next - 1) : 0)
  // An epoch without its row: what came before the first record was trimmed, or is lost; to the central it is the same.
  const trimmed = known ? below(known.trimmed) : first - 1
  db.prepare('UPDATE epochs SET next = ?, confirmed = ?, trimmed = ? WHERE ordinal = ?').run(
    ...([next, Math.max(trimmed, below(known?.confirmed)), trimmed, ordinal] as const),
  )
  return isPlausible ? next - 1 - trimmed - count : null
}

/** What SQLite itself still reads of the rest; the central tells the configuration anew. */
function copySmallTables(db: Database.Database, path: string): void {
  let old: Database.Database | undefined
  try {
    old = new Database(path, { readonly: true })
    for (const table of ['notes', 'boxes', 'offered']) copyTable(db, old, table)
  } catch {
    // Nothing readable there.
  } finally {
    old?.close()
  }
}

/** Numbers that count for ever, by name; other notes the central tells anew. */
const bareNote = /^(box-(last|first|trimmed) [0-9a-f]{8}|touch-(issued|trimmed))$/

/** Where the first page is gone, SQLite finds no table any more, but the pages of the notes are still there. */
function copyBareNotes(db: Database.Database, path: string): void {
  const insert = db.prepare('INSERT OR IGNORE INTO notes (name, content) VALUES (?, ?)')
  for (const page of readPages(path)) {
    for (const { rowid, values } of readCells(page)) {
      const [name, content] = values
      const isNote = rowid === null && values.length === 2 && typeof name === 'string' && bareNote.test(name)
      if (isNote && typeof content === 'string' && /^\d{1,10}$/.test(content)) insert.run(name, content)
    }
  }
  // Presses of the glass that were ever taken, at least those that are here.
  db.exec(`
    INSERT INTO notes (name, content)
    SELECT 'touch-issued', CAST(count(*) AS TEXT) FROM records WHERE touch_id IS NOT NULL AND kind = 'press'
    ON CONFLICT (name) DO UPDATE SET content = excluded.content
    WHERE notes.content NOT GLOB '[0-9]*' OR CAST(notes.content AS INTEGER) < CAST(excluded.content AS INTEGER)`)
}

function copyTable(db: Database.Database, old: Database.Database, table: string): void {
  try {
    for (const row of old.prepare(`SELECT * FROM ${table}`).raw().iterate() as Iterable<unknown[]>) {
      db.prepare(`INSERT OR IGNORE INTO ${table} VALUES (${row.map(() => '?').join(', ')})`).run(row)
    }
  } catch {
    // The rows up to the damage are there.
  }
}
