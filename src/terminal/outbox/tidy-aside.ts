import { rmSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Database } from 'better-sqlite3'
import { listCopies } from './migrate-database.ts'
import { type SoundDatabaseOptions, salvageNoteOf, salvageRest } from './open-sound-database.ts'
import { listQuarantined, readMovedAtMs, removeQuarantined } from './quarantine.ts'
import type { Salvaged } from './salvage.ts'

/** A damaged database that was moved aside. */
export type Aside = {
  /** By the wall clock of then; null where its folder does not tell. */
  atMs: number | null
  /** Records that were read of it; null where nothing could be, or not yet. */
  salvaged: number | null
  /** Records that should have been in it and were not; null where that is not to be known. */
  missing: number | null
}

/** What lies beside the database: damaged ones, and copies from before a newer schema. */
export type AsideKeeper = {
  list(): Aside[]
  countCopies(): number
  /**
   * Tries again to salvage what could not be, and deletes what nobody needs any more.
   *
   * @param isShort the disk has little room: then also what is younger, but never what may hold a press that is nowhere else
   * @returns whether records came back
   */
  tidy(isShort: boolean): boolean
}

/** Of an older program, somebody would have gone back by then; of a damaged database, somebody would have repaired it. */
const keptMs = 30 * 24 * 3_600_000
const keptNewest = 3

type Item = { name: string; remove: () => void; isNeeded: boolean; isEvidence: boolean }

/**
 * @param centralMs the central's time, null before it is known. Age counts from when it first told the time of a thing that lay here: what
 *   a terminal's own clock says of a file may be decades off, and then everything would go at once.
 */
export function makeAsideKeeper(
  db: Database,
  options: SoundDatabaseOptions,
  centralMs: () => number | null,
): AsideKeeper {
  const { path, logger } = options
  const readNote = db.prepare<[string], string>('SELECT content FROM notes WHERE name = ?').pluck()
  const writeNote = db.prepare('INSERT OR REPLACE INTO notes (name, content) VALUES (?, ?)')
  const countWaiting = db
    .prepare<[number], number>('SELECT TOTAL(next - 1 - confirmed) FROM epochs WHERE ordinal <= ?')
    .pluck()

  function readSalvaged(quarantined: string): Salvaged | null {
    const note = readNote.get(salvageNoteOf(quarantined))
    try {
      return note === undefined ? null : (JSON.parse(note) as Salvaged)
    } catch {
      return null
    }
  }

  function describe(quarantined: string): Item {
    const salvaged = readSalvaged(quarantined)
    const isDelivered =
      salvaged !== null && (countWaiting.get(salvaged.lastOrdinal ?? Number.MAX_SAFE_INTEGER) ?? 0) === 0
    return {
      name: basename(dirname(quarantined)),
      remove: () => removeQuarantined(quarantined),
      isNeeded: !isDelivered,
      // Of what nobody can read nobody can say that the central has it.
      isEvidence: !isDelivered || salvaged.records === 0 || salvaged.missing !== 0,
    }
  }

  const describeCopy = (copy: string): Item => ({
    ...{ name: basename(copy), remove: () => rmSync(copy, { force: true }), isNeeded: false, isEvidence: false },
  })

  /** @returns how long a thing has been known to lie here, null while nobody has told the time */
  function readAgeMs(item: Item): number | null {
    const nowMs = centralMs()
    if (nowMs === null) return null
    const note = `aside ${item.name}`
    const since = readNote.get(note)
    if (since === undefined) writeNote.run(note, String(nowMs))
    return since === undefined ? 0 : nowMs - Number(since)
  }

  function remove(item: Item, why: string): void {
    item.remove()
    logger.warn({ removed: item.name }, `an old database that was kept aside is deleted: ${why}`)
  }

  return {
    list: () =>
      listQuarantined(path).map((quarantined) => {
        const salvaged = readSalvaged(quarantined)
        const { records = null, missing = null } = salvaged ?? {}
        return { atMs: readMovedAtMs(quarantined), salvaged: records, missing }
      }),
    countCopies: () => listCopies(path).length,
    tidy(isShort) {
      // Where room is short there is none for what would come.
      const isSalvaged = !isShort && salvageRest(db, options, false)
      const quarantined = listQuarantined(path).map(describe)
      const items = [...listCopies(path).map(describeCopy), ...quarantined]
      const newest = new Set(quarantined.slice(-keptNewest))
      // Before any age is asked for: that writes a note, for which there may be no room.
      const spare = isShort ? items.find((item) => !item.isEvidence) : undefined
      if (spare) remove(spare, 'the disk has little room, and everything in it has been delivered')
      for (const item of items.filter((item) => item !== spare)) {
        const isOld = (readAgeMs(item) ?? 0) > keptMs
        if (isOld && !item.isNeeded && !newest.has(item)) remove(item, 'it is older than 30 days')
      }
      return isSalvaged
    },
  }
}
