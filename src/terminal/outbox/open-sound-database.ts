import { existsSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import Database from 'better-sqlite3'
import type { Clock } from '../../shared/clock.ts'
import { AppError } from '../../shared/errors.ts'
import type { Logger } from '../../shared/logger.ts'
import { isDamage, isDamageAtOpen } from './disk-fault.ts'
import { openDatabase } from './open-database.ts'
import { listQuarantined, moveAside, noteAttempt } from './quarantine.ts'
import { salvage } from './salvage.ts'
import { isWalDamaged } from './wal-frames.ts'

export type SoundDatabaseOptions = { path: string; clock: Clock; logger: Logger; randomHex: (digits: number) => string }

/** Checks are bounded by what they read: about a second on a Pi's card. Beyond, damage shows when something runs into it. */
const maxIntegrityBytes = 16 * 2 ** 20
const maxQuickBytes = 64 * 2 ** 20

/** Looks at a database without changing it. @returns what is wrong with it, null for nothing that could be seen */
function findDamage(path: string): string | null {
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  // A power cut within the very first start leaves a rollback journal; what it undoes is not damage.
  if (bytes === 0 || existsSync(`${path}-journal`)) return null
  if (isWalDamaged(path)) return 'commits behind a broken frame of the WAL'
  let db: Database.Database | undefined
  try {
    db = new Database(path, { readonly: true })
    const check = bytes <= maxIntegrityBytes ? 'integrity_check(1)' : 'quick_check(1)'
    const found = bytes <= maxQuickBytes ? (db.pragma(check, { simple: true }) as string) : 'ok'
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
 * @throws AppError `database-failed`, `database-too-new`
 */
export function openSoundDatabase<T>(options: SoundDatabaseOptions, prepare: (db: Database.Database) => T): T {
  const { path, logger } = options
  const damage = findDamage(path)
  if (damage) return replaceDatabase(options, damage, prepare)
  try {
    return prepareOrClose(openAndSalvage(options), prepare)
  } catch (error) {
    const cause = error instanceof AppError ? error.cause : error
    if (!isDamageAtOpen(cause) || !existsSync(path)) throw error
    logger.warn({ path }, 'the database can not be opened')
    return replaceDatabase(options, (cause as Error).message, prepare)
  }
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
  const isDone = db.prepare('SELECT 1 FROM notes WHERE name = ?')
  for (const quarantined of listQuarantined(options.path)) {
    const note = `salvaged ${basename(dirname(quarantined))}`
    if (!isDone.get(note)) salvageOnce(db, quarantined, note, options)
  }
  return db
}

function salvageOnce(
  db: Database.Database,
  quarantined: string,
  note: string,
  { logger, randomHex }: SoundDatabaseOptions,
): void {
  try {
    if (!noteAttempt(quarantined)) return
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
  } catch (error) {
    logger.error(
      { quarantined: dirname(quarantined), reason: (error as Error).message },
      'a damaged database could not be salvaged',
    )
  }
}
