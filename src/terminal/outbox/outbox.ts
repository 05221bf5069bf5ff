/**
 * The outbox: the terminal's custody of its records.
 *
 * In come records (presses of the box and of the glass, anchors, ticks, alive hours); out go batches, oldest epoch first,
 * until the central's marks say that they are committed there. `append` returns after the COMMIT has been flushed, so what it
 * called stored survives a power cut. Delivered records stay 14 days; a mark that goes back makes them undelivered again.
 * What should be here and is not is said as lost, never skipped. A full disk is an answer, not an exception.
 * This is the only room that touches the terminal's database, by one connection.
 */
import { statSync } from 'node:fs'
import type { Desired } from '../../contracts/messages.ts'
import type { NewRecord } from '../../contracts/records.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Logger } from '../../shared/logger.ts'
import { type Appended, type BoxPressRecord, makeRecordAppender } from './append-record.ts'
import { type BoxReuse, makeBoxReuse } from './box-reuse.ts'
import { type Delivery, type Mark, type MarkChange, makeDelivery } from './delivery.ts'
import { isDiskFault } from './disk-fault.ts'
import { makeNotes, type Notes } from './notes.ts'
import { openDatabase } from './open-database.ts'
import { makeTrimmer } from './trim-delivered.ts'

export type OutboxOptions = {
  path: string
  clock: Clock
  /** As many random hex digits as asked for. */
  randomHex: (digits: number) => string
  logger: Logger
  /** Ceiling of the file in pages of 4 KiB, for a card without a partition for it; beyond it the disk counts as full. */
  maxPages?: number
}

export type Outbox = Omit<Notes, 'saveDesired' | 'saveBoxId'> &
  Pick<Delivery, 'nextBatch' | 'held' | 'undelivered'> & {
    /** The epoch of what is appended now. */
    epoch(): string
    append(record: NewRecord): Appended | 'full'
    /** `reused`: under this name another press is here, with another button or other flags; nothing was written. */
    appendBoxPress(record: BoxPressRecord): Appended | 'reused' | 'full'
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
    /** Deletes one chunk of old delivered records; 0 when nothing was due or the disk refused. */
    trim(): number
    sizes(): { databaseBytes: number; walBytes: number }
    close(): void
  }

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/** @throws AppError `database-failed`, `database-too-new` */
export function openOutbox({ path, clock, randomHex, logger, maxPages }: OutboxOptions): Outbox {
  const db = openDatabase(path)
  if (maxPages !== undefined) db.pragma(`max_page_count = ${maxPages}`)
  const appender = makeRecordAppender(db, () => randomHex(16))
  const delivery = makeDelivery(db, clock)
  const reuse = makeBoxReuse(db)
  const notes = makeNotes(db, () => clock.wallMs())
  const trim = makeTrimmer(db, clock)
  const noteRejected = db.prepare(`
    INSERT OR REPLACE INTO rejected (ordinal, sequence, reason, at_ms)
    SELECT ordinal, :sequence, :reason, :atMs FROM epochs WHERE epoch = :epoch`)
  let isFull = false

  /** Runs a write; on a disk that refuses it, logs once per spell and gives `whenFull`. */
  function guard<T, F>(write: () => T, whenFull: F): T | F {
    try {
      return write()
    } catch (error) {
      if (!isDiskFault(error)) throw error
      if (!isFull) logger.error({ code: error.code }, 'the disk refuses records')
      isFull = true
      return whenFull
    }
  }

  function guardAppend<T>(write: () => T): T | 'full' {
    const appended = guard(write, 'full' as const)
    if (isFull && appended === 'stored') {
      isFull = false
      logger.info({}, 'the disk takes records again')
    }
    return appended
  }

  function setMark(mark: Mark, isRewindAllowed: boolean): MarkChange | 'full' {
    const change = guard(() => delivery.setMark(mark, isRewindAllowed), 'full' as const)
    // Someone else wrote under our epoch's name (a cloned card): what we append there next would pass for a repeat.
    if (change === 'beyond' && mark.epoch === appender.epoch()) appender.endEpoch()
    return change
  }

  return {
    ...notes,
    ...delivery,
    epoch: appender.epoch,
    append: (record) => guardAppend(() => appender.append(record)),
    appendBoxPress: (record) => guardAppend(() => appender.appendBoxPress(record)),
    lastBoxSeq: appender.lastBoxSeq,
    confirm: (mark) => setMark(mark, false),
    align: (mark) => setMark(mark, true),
    reject({ epoch, sequence }, reason) {
      guard(() => noteRejected.run({ epoch, sequence, reason, atMs: clock.wallMs() }), null)
      return setMark({ epoch, upTo: sequence }, false)
    },
    saveDesired: (desired) =>
      guard(() => {
        notes.saveDesired(desired)
        return true
      }, false),
    saveBoxId: (box) =>
      guard(() => {
        notes.saveBoxId(box)
        return 'saved' as const
      }, 'full' as const),
    readReused: reuse.readReused,
    saveReused: (box, range) =>
      guard(() => {
        reuse.saveReused(box, range)
        return 'saved' as const
      }, 'full' as const),
    trim: () => guard(trim, 0),
    sizes: () => ({ databaseBytes: sizeOf(path), walBytes: sizeOf(`${path}-wal`) }),
    close: () => db.close(),
  }
}
