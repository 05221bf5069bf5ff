import { existsSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import Database from 'better-sqlite3'
import type { Clock } from '../../shared/clock.ts'
import { AppError } from '../../shared/errors.ts'
import type { Logger } from '../../shared/logger.ts'
import { isDamage, isDamageAtOpen, isDiskFault, isDiskShut } from './disk-fault.ts'
import { makeFolder, openDatabase } from './open-database.ts'
import { finishMoving, forgetAttempt, listQuarantined, moveAside, noteAttempt } from './quarantine.ts'
import { salvage } from './salvage.ts'
import { isWalDamaged } from './wal-frames.ts'

export type SoundDatabaseOptions = { path: string; clock: Clock; logger: Logger; randomHex: (digits: number) => string }

const noRoom = Object.assign(new Error('no room'), { code: 'ENOSPC' })
/** Checks are bounded by what they read: about a second on a Pi's card. Beyond, damage shows when something runs into it. */
const maxIntegrityBytes = 16 * 2 ** 20
export const maxCheckedBytes = 64 * 2 ** 20

/** Looks at a database without changing it. @returns what is wrong with it, null for nothing that could be seen */
function findDamage(path: string): string | null {
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  // A power cut within the very first start leaves a rollback journal; what it undoes is not damage.
  if (bytes === 0 || existsSync(`${path}-journal`)) return null
  if (isWalDamaged(path)) return 'commits behind a broken frame of the WAL'
  let db: Database.Database | undefined
  try {
    db = new Database(path, { readonly: true })
    db.pragma('cache_size = -1000')
    const check = bytes <= maxIntegrityBytes ? 'integrity_check(1)' : 'quick_check(1)'
    const found = bytes <= maxCheckedBytes ? (db.pragma(check, { simple: true }) as string) : 'ok'
    return found === 'ok' ? null : found
  } catch (error) {
    return isDamage(error) ? error.message : null
  } finally {
    db?.close()
  }
}

/**
 * Opens the terminal's database. One that is damaged is moved aside whole, a new one takes its place, and what can still be read goes over
 * into it; so that the terminal takes presses whatever a failing card has done.
 *
 * @param prepare what is made of the database; an error of it is damage too
 * @throws AppError `database-failed`, `database-too-new`, `config-invalid`
 */
export function openSoundDatabase<T>(options: SoundDatabaseOptions, prepare: (db: Database.Database) => T): T {
  const { path, logger } = options
  makeFolder(dirname(path))
  finishMoving(path)
  const damage = findDamage(path)
  if (damage) return replaceDatabase(options, damage, prepare)
  try {
    return prepareOrClose(openAndSalvage(options), prepare)
  } catch (error) {
    const cause = error instanceof AppError ? error.cause : error
    // Of a disk that takes nothing SQLite speaks as of a file that may not be written.
    const isDamaged = isDamageAtOpen(cause) && existsSync(path) && !(isDiskFault(cause) && isDiskShut(path))
    if (!isDamaged) throw error
    logger.warn({ path }, 'the database can not be opened')
    return replaceDatabase(options, (cause as Error).message, prepare)
  }
}

/**
 * Opens a database on a disk that has no room for what an ordinary connection needs beside it; nothing is written that is not asked for.
 *
 * @throws AppError `database-failed` also where there is none, and where opening it would forget a part of the WAL
 */
export function openNarrowDatabase<T>(
  { path, logger }: SoundDatabaseOptions,
  prepare: (db: Database.Database) => T,
): T {
  if (isWalDamaged(path)) throw new AppError('database-failed', `${path}: no room to salvage it`, { cause: noRoom })
  return prepareOrClose(openDatabase(path, logger, true), prepare)
}

/** Moves a damaged database aside and opens a new one. Nothing may have it open, or whoever has must close it afterwards. */
export function replaceDatabase<T>(
  options: SoundDatabaseOptions,
  damage: string,
  prepare: (db: Database.Database) => T,
  closeOld: () => void = () => {},
): T {
  const { path, clock, logger } = options
  let quarantined: string
  try {
    quarantined = moveAside(path, clock.wallMs())
  } catch (error) {
    throw new AppError('database-failed', `${path} is damaged (${damage}) and can't be moved aside`, { cause: error })
  }
  // Only now: SQLite removes the WAL of a database that it closes, by its name.
  closeOld()
  logger.error({ damage, quarantined: dirname(quarantined) }, 'the database is damaged, a new one takes its place')
  return prepareOrClose(openAndSalvage(options), prepare)
}

function prepareOrClose<T>(db: Database.Database, prepare: (db: Database.Database) => T): T {
  try {
    return prepare(db)
  } catch (error) {
    db.close()
    throw error
  }
}

/** Also what a start that was interrupted has left to be salvaged. */
function openAndSalvage(options: SoundDatabaseOptions): Database.Database {
  const db = openDatabase(options.path, options.logger)
  salvageRest(db, options, true)
  return db
}

/** Name of the note that says what became of a database that was moved aside. */
export const salvageNoteOf = (quarantined: string): string => `salvaged ${basename(dirname(quarantined))}`

/**
 * Salvages what has been moved aside and was not salvaged yet.
 *
 * @returns whether anything came
 */
export function salvageRest(db: Database.Database, options: SoundDatabaseOptions, isAtStart: boolean): boolean {
  const isDone = db.prepare('SELECT 1 FROM notes WHERE name = ?')
  const due = listQuarantined(options.path).filter((quarantined) => !isDone.get(salvageNoteOf(quarantined)))
  return due.filter((quarantined) => salvageOnce(db, quarantined, options, isAtStart)).length > 0
}

function salvageOnce(
  db: Database.Database,
  quarantined: string,
  { logger, randomHex }: SoundDatabaseOptions,
  isAtStart: boolean,
): boolean {
  const note = salvageNoteOf(quarantined)
  try {
    if (!noteAttempt(quarantined, isAtStart)) return false
    const run = db.transaction(() => {
      const salvaged = salvage(db, quarantined, () => randomHex(16))
      db.prepare('INSERT OR REPLACE INTO notes (name, content) VALUES (?, ?)').run(note, JSON.stringify(salvaged))
      return salvaged
    })
    const salvaged = run.immediate()
    logger.error(
      { quarantined: dirname(quarantined), ...salvaged },
      'what could be read of a damaged database is here again',
    )
    return true
  } catch (error) {
    if (isDiskFault(error)) forgetAttempt(quarantined)
    logger.error(
      { quarantined: dirname(quarantined), reason: (error as Error).message },
      'a damaged database could not be salvaged',
    )
    return false
  }
}
