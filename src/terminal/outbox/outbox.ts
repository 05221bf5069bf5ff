/**
 * The outbox: the terminal's custody of its records.
 *
 * In come records (presses of the box and of the glass, anchors, ticks, alive hours); out go batches, oldest epoch first,
 * until the central's marks say that they are committed there. `append` returns after the COMMIT has been flushed, so what it
 * called stored survives a power cut. Delivered records stay 14 days; a mark that goes back makes them undelivered again.
 * What should be here and is not is said as lost, never skipped. A full disk is an answer, not an exception; a damaged database is
 * moved aside, at the start as later, and a new one goes on with what could be read of it.
 * This is the only room that touches the terminal's database, by one connection.
 */
import { statSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import type { Desired, Waiting } from '../../contracts/messages.ts'
import type { NewRecord } from '../../contracts/records.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Logger } from '../../shared/logger.ts'
import type { Appended, BoxPressRecord } from './append-record.ts'
import type { BoxReuse } from './box-reuse.ts'
import { makeCentralTime } from './central-time.ts'
import type { Delivery, Mark, MarkChange } from './delivery.ts'
import { isDamage, isDiskFault, isDiskShut } from './disk-fault.ts'
import type { Notes } from './notes.ts'
import { openStore, replaceStore } from './open-store.ts'
import { makeRecordStore, type RecordStore } from './record-store.ts'
import type { Aside } from './tidy-aside.ts'

export type OutboxOptions = {
  path: string
  clock: Clock
  /** As many random hex digits as asked for. */
  randomHex: (digits: number) => string
  logger: Logger
  /** Ceiling of the file in pages of 4 KiB, for a card without a partition for it; beyond it the disk counts as full. */
  maxPages?: number
  /** Room kept for a full disk, so that what was delivered can still be noted and deleted. */
  reserve?: { isReleased(): boolean; release(): void }
  /** Records wait that did not before, a database was replaced, or presses are refused or taken again. Never within `openOutbox`. */
  onTurn?: () => void
}

/** How the disk does. */
export type OutboxStorage = {
  /** Nothing can be appended, so that presses stay in the box. */
  isRefusing: boolean
  /** Damaged databases that were moved aside, oldest first. */
  quarantined: Aside[]
  schemaCopies: number
}

export type Outbox = Omit<Notes, 'saveDesired' | 'saveBoxId'> &
  Pick<Delivery, 'nextBatch' | 'held' | 'undelivered'> & {
    /** The epoch of what is appended now. */
    epoch(): string
    append(record: NewRecord): Appended | 'full'
    /** `reused`: under this name another press is here, with another button or other flags; nothing was written. */
    appendBoxPress(record: BoxPressRecord): Appended | 'reused' | 'full'
    /** Presses that the central has not acknowledged; null while there are too many to list. `unreadable`: nobody can tell what waits. */
    waiting(): Waiting | 'unreadable' | null
    /** Highest sequence of a box that was ever here, 0 for none. */
    lastBoxSeq(box: string): number
    /** An ack: moves a mark forward, never back. */
    confirm(mark: Mark): MarkChange | 'full'
    /** What the central knows: moves a mark to where it says, also back. */
    align(mark: Mark): MarkChange | 'full'
    /** The central refused this record for good and its mark has passed it. */
    reject(record: { epoch: string; sequence: number }, reason: string): MarkChange | 'full'
    /** @returns whether it is on disk */
    saveDesired(desired: Desired): boolean
    /** Notes the name that a box is about to be given, so that no other box ever gets it. */
    saveBoxId(box: string): 'saved' | 'full'
    /** Which sequences of a box name more than one press. */
    readReused: BoxReuse['readReused']
    saveReused(...reused: Parameters<BoxReuse['saveReused']>): 'saved' | 'full'
    /**
     * Deletes one chunk of delivered records; 0 when nothing was due or the disk refused.
     *
     * @param isShort the disk has little room: also those younger than 14 days
     */
    trim(isShort?: boolean): number
    /** Gives the WAL's space back to the disk, as far as the disk allows it. */
    flush(): void
    /**
     * Deletes what lies beside the database and nobody needs any more.
     *
     * @param isShort the disk has little room, and nothing is left to trim
     */
    tidy(isShort: boolean): void
    /** Opens the database anew where it could not be opened as it should; to be called again and again. */
    recover(): void
    storage(): OutboxStorage
    sizes(): { databaseBytes: number; walBytes: number }
    close(): void
  }

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/** @throws AppError `database-failed`, `database-too-new`, `config-invalid`; never for a disk that is merely full or read-only */
export function openOutbox(options: OutboxOptions): Outbox {
  const { path, clock, logger, reserve } = options
  const centralTime = makeCentralTime(clock)
  const prepare = (db: Database) => makeRecordStore(db, { ...options, centralMs: centralTime.nowMs })
  let { store, kind } = openStore(options, prepare)
  let isFull = false
  let hasRefused = false

  /** Runs on the database, and where it turns out to be damaged once more on the one that takes its place. */
  function use<T>(work: (store: RecordStore) => T): T {
    try {
      return work(store)
    } catch (error) {
      if (!isDamage(error)) throw error
      replace(error.message)
      return work(store)
    }
  }

  function replace(damage: string): void {
    const damaged = store
    ;({ store, kind } = replaceStore(options, prepare, damage, () => damaged.close()))
    options.onTurn?.()
  }

  const isRefusing = () => kind !== 'whole' || isFull || (reserve?.isReleased() ?? false)

  function noteRefused(isRefused: boolean): void {
    if (isRefused === hasRefused) return
    hasRefused = isRefused
    options.onTurn?.()
  }

  /** Rows are said to be lost only when they are not merely behind a bent page, where salvage finds them. */
  function nextBatch(limit: number): ReturnType<Delivery['nextBatch']> {
    const batch = use(({ delivery }) => delivery.nextBatch(limit))
    if (!batch?.lost.some(({ cause }) => cause === 'corrupt') || use((store) => store.isSound())) return batch
    replace('rows that should be here are not')
    return use(({ delivery }) => delivery.nextBatch(limit))
  }

  /** Runs a write; on a disk that refuses it, logs once per spell and gives `whenFull`. */
  function guard<T, F>(write: (store: RecordStore) => T, whenFull: F): T | F {
    try {
      return use(write)
    } catch (error) {
      if (!isDiskFault(error)) throw error
      if (!isFull) logger.error({ code: error.code }, 'the disk refuses records')
      isFull = true
      reserve?.release()
      return whenFull
    }
  }

  function guardAppend<T>(write: (store: RecordStore) => T): T | 'full' {
    // The reserve is for marks and for deleting; a press in it could be the one that nothing can be deleted after.
    const isShut = kind !== 'whole' || reserve?.isReleased()
    // Damage may show in the midst of it, and what takes the database's place be one that nothing may be appended to.
    const appended = isShut ? 'full' : guard((store) => (kind === 'whole' ? write(store) : 'full'), 'full' as const)
    if (isFull && appended === 'stored') {
      isFull = false
      logger.info({}, 'the disk takes records again')
    }
    noteRefused(appended === 'full')
    return appended
  }

  function setMark(mark: Mark, isRewindAllowed: boolean): MarkChange | 'full' {
    const change = guard(({ delivery }) => delivery.setMark(mark, isRewindAllowed), 'full' as const)
    // Someone else wrote under our epoch's name (a cloned card): what we append there next would pass for a repeat.
    if (change === 'beyond' && mark.epoch === store.appender.epoch()) store.appender.endEpoch()
    return change
  }

  /** Runs a write that has no answer. */
  const save = (write: (store: RecordStore) => void): 'saved' | 'full' =>
    guard((store) => {
      write(store)
      return 'saved' as const
    }, 'full' as const)

  return {
    epoch: () => store.appender.epoch(),
    append(record) {
      centralTime.note(record)
      return guardAppend(({ appender }) => appender.append(record))
    },
    appendBoxPress: (record) => guardAppend(({ appender }) => appender.appendBoxPress(record)),
    lastBoxSeq: (box) => use(({ appender }) => appender.lastBoxSeq(box)),
    nextBatch,
    held: () => use(({ delivery }) => delivery.held()),
    undelivered: () => use(({ delivery }) => delivery.undelivered()),
    waiting: () => (kind === 'stand-in' ? 'unreadable' : use((store) => store.waiting())),
    confirm: (mark) => setMark(mark, false),
    align: (mark) => setMark(mark, true),
    reject({ epoch, sequence }, reason) {
      guard((store) => store.noteRejected({ epoch, sequence }, reason), null)
      return setMark({ epoch, upTo: sequence }, false)
    },
    desired: () => use(({ notes }) => notes.desired()),
    scaleOf: (question, revision) => use(({ notes }) => notes.scaleOf(question, revision)),
    touchIssued: () => use(({ notes }) => notes.touchIssued()),
    saveDesired: (desired) => save(({ notes }) => notes.saveDesired(desired)) === 'saved',
    saveBoxId: (box) => save(({ notes }) => notes.saveBoxId(box)),
    readReused: (box) => use(({ reuse }) => reuse.readReused(box)),
    saveReused: (box, range) => save(({ reuse }) => reuse.saveReused(box, range)),
    trim: (isShort = false) => guard(({ trim }) => trim(isShort), 0),
    flush: () => guard((store) => store.flush(), undefined),
    tidy(isShort) {
      if (guard(({ aside }) => aside.tidy(isShort), false)) options.onTurn?.()
    },
    recover() {
      if (kind === 'whole' || isDiskShut(path)) return
      // Of two connections to one file the narrow one would keep the other out.
      store.close()
      ;({ store, kind } = openStore(options, prepare, true))
      if (kind !== 'whole') return
      logger.info({}, 'the database is open again')
      options.onTurn?.()
    },
    storage: () => ({
      isRefusing: isRefusing(),
      ...use(({ aside }) => ({ quarantined: aside.list(), schemaCopies: aside.countCopies() })),
    }),
    sizes: () => ({ databaseBytes: sizeOf(path), walBytes: sizeOf(`${path}-wal`) }),
    close: () => store.close(),
  }
}
