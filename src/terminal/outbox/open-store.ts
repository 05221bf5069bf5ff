import type { Database } from 'better-sqlite3'
import type { Logger } from '../../shared/logger.ts'
import { isDiskFault, isDiskShut } from './disk-fault.ts'
import { openStandIn } from './open-database.ts'
import {
  openNarrowDatabase,
  openSoundDatabase,
  replaceDatabase,
  type SoundDatabaseOptions,
} from './open-sound-database.ts'
import type { RecordStore } from './record-store.ts'

/**
 * `narrow`: what is there is read and can be delivered, and nothing may be appended. `stand-in`: an empty database in memory, so that the
 * daemon runs and says what is wrong; nothing may be appended to it either.
 */
type StoreKind = 'whole' | 'narrow' | 'stand-in'
export type OpenStore = { store: RecordStore; kind: StoreKind }

export type StoreOptions = SoundDatabaseOptions & {
  reserve?: { isReleased(): boolean; release(): void }
}
type Prepare = (db: Database) => RecordStore

/** SQLite's word for a file that it can neither open nor make, whatever the cause. */
const cantOpen = 'SQLITE_CANTOPEN'
function isOfTheDisk(error: unknown, path: string): boolean {
  const cause = (error as Error).cause ?? error
  const code = String((cause as { code?: unknown }).code)
  // Without room for shared memory a reader keeps everybody else out; it goes as the fault does.
  if (isDiskFault(cause) || code.startsWith('SQLITE_BUSY')) return true
  return code.startsWith(cantOpen) && isDiskShut(path)
}

/**
 * Opens the database as far as the disk allows it.
 *
 * @param isQuiet for one of many tries
 * @throws AppError for everything that does not pass with room on the disk
 */
export function openStore(options: StoreOptions, prepare: Prepare, isQuiet = false): OpenStore {
  const open = () => openSoundDatabase(options, prepare)
  const openOnReserve = () => {
    options.reserve?.release()
    return open()
  }
  return tryInTurn(options, prepare, [open, ...(options.reserve ? [openOnReserve] : [])], isQuiet)
}

/** The database is damaged: it is moved aside, and another one takes its place. */
export function replaceStore(options: StoreOptions, prepare: Prepare, damage: string, closeOld: () => void): OpenStore {
  return tryInTurn(options, prepare, [() => replaceDatabase(options, damage, prepare, closeOld)], false)
}

function tryInTurn(options: StoreOptions, prepare: Prepare, ways: (() => RecordStore)[], isQuiet: boolean): OpenStore {
  const { path, logger } = options
  const tries: [StoreKind, () => RecordStore][] = [
    ...ways.map((open): [StoreKind, () => RecordStore] => ['whole', open]),
    ['narrow', () => openNarrowDatabase(options, prepare)],
  ]
  for (const [kind, open] of tries) {
    try {
      const store = open()
      if (kind === 'narrow' && !isQuiet) tell(logger, 'what is there is delivered; presses are refused')
      return { kind, store }
    } catch (error) {
      if (!isOfTheDisk(error, path)) throw error
    }
  }
  if (!isQuiet) tell(logger, 'presses are refused')
  return { kind: 'stand-in', store: prepare(openStandIn(logger)) }
}

const tell = (logger: Logger, what: string) =>
  logger.error(
    {},
    `the disk is full or read-only, or somebody else has the database, and it can not be opened as usual: ${what}`,
  )
