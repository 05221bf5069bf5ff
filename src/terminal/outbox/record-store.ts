import type { Database } from 'better-sqlite3'
import { makeRecordAppender, type RecordAppender } from './append-record.ts'
import { type BoxReuse, makeBoxReuse } from './box-reuse.ts'
import { type Delivery, makeDelivery } from './delivery.ts'
import { makeNotes, type Notes } from './notes.ts'
import type { SoundDatabaseOptions } from './open-sound-database.ts'
import { type AsideKeeper, makeAsideKeeper } from './tidy-aside.ts'
import { makeTrimmer, type Trimmer } from './trim-delivered.ts'
import { makeWaitingReader } from './waiting-presses.ts'

/** Everything that is done with one open database; whatever SQLite throws is thrown. */
export type RecordStore = {
  appender: RecordAppender
  delivery: Delivery
  reuse: BoxReuse
  notes: Notes
  trim: Trimmer
  waiting: ReturnType<typeof makeWaitingReader>
  aside: AsideKeeper
  noteRejected(record: { epoch: string; sequence: number }, reason: string): void
  /** Whether the file's structure is as it should be; read once, later answers are the first one. */
  isSound(): boolean
  /** Writes the WAL back and gives its space to the disk. */
  flush(): void
  close(): void
}

export type RecordStoreOptions = SoundDatabaseOptions & {
  centralMs: () => number | null
  maxPages?: number
}

export function makeRecordStore(db: Database, options: RecordStoreOptions): RecordStore {
  const { clock, randomHex, centralMs, maxPages } = options
  if (maxPages !== undefined) db.pragma(`max_page_count = ${maxPages}`)
  const insertRejected = db.prepare(`
    INSERT OR REPLACE INTO rejected (ordinal, sequence, reason, at_ms)
    SELECT ordinal, :sequence, :reason, :atMs FROM epochs WHERE epoch = :epoch`)
  let soundness: boolean | null = null
  return {
    isSound() {
      soundness ??= db.pragma('quick_check(1)', { simple: true }) === 'ok'
      return soundness
    },
    appender: makeRecordAppender(db, () => randomHex(16)),
    delivery: makeDelivery(db, clock),
    reuse: makeBoxReuse(db),
    notes: makeNotes(db, () => clock.wallMs()),
    trim: makeTrimmer(db, centralMs),
    waiting: makeWaitingReader(db),
    aside: makeAsideKeeper(db, options, centralMs),
    noteRejected: (record, reason) => void insertRejected.run({ ...record, reason, atMs: clock.wallMs() }),
    flush: () => void db.pragma('wal_checkpoint(TRUNCATE)'),
    close: () => db.close(),
  }
}
