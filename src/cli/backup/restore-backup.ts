import { chmodSync, chownSync, constants, copyFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { changeCopy, inspectCopy, type OpenDatabase } from '../../central/store/backup/copy-snapshot.ts'
import { hashFile, syncPath } from '../../central/store/backup/file-safety.ts'
import { openPresent, type Present } from '../../central/store/backup/set-aside.ts'
import { AppError } from '../../shared/errors.ts'
import type { Backup } from './backup-folders.ts'
import type { Manifest } from './manifest.ts'
import type { Subject } from './subjects.ts'

export type RestoreOptions = {
  subject: Subject
  backup: Backup
  nowMs: number
  /**
   * Last look before the change, with the present database where it can be read; may throw to leave everything as it is.
   *
   * @returns what the caller wants to tell of it
   */
  adopt(restored: OpenDatabase, present: OpenDatabase | null): string[]
}
/** `aside` is where the database before is kept, null when there was none. */
export type Restored = { path: string; aside: string | null; notes: string[] }

const ruinedBy = (path: string, what: string) => new AppError('backup-damaged', `${path}: ${what}`)

/** Nothing of a backup is believed: the bytes are those of its manifest, the database is whole and holds the rows it should. */
async function verify(path: string, { manifest }: Backup, subject: Subject): Promise<void> {
  const { bytes, sha256, schema, of: _, format: __, ...rest } = manifest
  if (statSync(path).size !== bytes) throw ruinedBy(path, `${statSync(path).size} bytes, the manifest says ${bytes}`)
  if ((await hashFile(path)) !== sha256) throw ruinedBy(path, 'its SHA-256 is not that of the manifest')
  const copy = inspectCopy(path, subject.summarise)
  if (copy.schema !== schema) throw ruinedBy(path, `schema ${copy.schema}, the manifest says ${schema}`)
  const expected: Partial<Manifest> = rest
  for (const [name, value] of Object.entries(copy.summary)) {
    if (!isDeepStrictEqual(expected[name as keyof Manifest], value))
      throw ruinedBy(path, `other ${name} than the manifest says`)
  }
}

/** Whoever restores as root must not leave a database that the service can't open. */
function giveToOwner(path: string, folder: string): void {
  chmodSync(path, 0o600)
  const { uid, gid } = statSync(folder)
  if (process.getuid?.() === 0 && uid !== 0) chownSync(path, uid, gid)
}

/**
 * Puts a backup into the place of a database. The copy is made, checked and flushed beside it first; then the present one is renamed,
 * never deleted, and the copy takes its name. Whatever fails before leaves all as it was; a cut between the two renames leaves no database
 * under the name, and both under theirs.
 *
 * The caller holds off other programs; a present database that one of them has open all the same is refused.
 *
 * @throws AppError `database-too-new`, `backup-damaged`, `backup-failed`, `central-running`
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { subject, backup, nowMs } = options
  const { path, folder } = subject
  if (backup.manifest.schema > subject.schema) {
    throw new AppError(
      'database-too-new',
      `${backup.folder} has schema ${backup.manifest.schema}, this program knows ${subject.schema}: restore with ${backup.manifest.program} or newer`,
    )
  }
  const copy = join(folder, `.${subject.file}.restoring`)
  let present: Present | null = null
  try {
    rmSync(copy, { force: true })
    copyFileSync(join(backup.folder, backup.manifest.file), copy, constants.COPYFILE_EXCL)
    await verify(copy, backup, subject)
    present = openPresent(path)
    const notes = changeCopy(copy, (db) => options.adopt(db, present?.db ?? null))
    giveToOwner(copy, folder)
    syncPath(copy)
    const stamp = new Date(nowMs).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '')
    const suffix = `.before-restore-${stamp}`
    if (existsSync(`${path}${suffix}`))
      throw new AppError('backup-failed', `${path}${suffix} exists; try again in a second`)
    const aside = present?.moveAside(suffix) ?? null
    renameSync(copy, path)
    syncPath(folder)
    return { path, aside, notes }
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('backup-failed', `${path}: ${(error as Error).message}`, { cause: error })
  } finally {
    present?.close()
    rmSync(copy, { force: true })
  }
}
