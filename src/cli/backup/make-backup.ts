import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { copySnapshot } from '../../central/store/backup/copy-snapshot.ts'
import { hashFile, syncPath } from '../../central/store/backup/file-safety.ts'
import { AppError } from '../../shared/errors.ts'
import { readVersion } from '../../shared/package-version.ts'
import { type Backup, nameBackup, pruneBackups, removeAbandoned } from './backup-folders.ts'
import { type Manifest, manifestName } from './manifest.ts'
import type { Subject } from './subjects.ts'

export type BackupOptions = {
  subject: Subject
  /** Folder of backups; made when missing. */
  dir: string
  /** How many backups of this subject may stay, this one among them; null for all. */
  keep: number | null
  onProgress(donePages: number, allPages: number): void
}

async function writeBackup(part: string, { subject, onProgress }: BackupOptions): Promise<Manifest> {
  const target = join(part, subject.file)
  const { summary, ...snapshot } = await copySnapshot({
    ...{ source: subject.path, target, onProgress },
    summarise: subject.summarise,
  })
  if (snapshot.schema > subject.schema) {
    throw new AppError(
      'database-too-new',
      `${subject.path} has schema ${snapshot.schema}, this program knows ${subject.schema}: use the program that wrote it`,
    )
  }
  const manifest: Manifest = {
    ...{ format: 1, of: subject.of, program: readVersion(), ...snapshot },
    ...{ file: subject.file, bytes: statSync(target).size, sha256: await hashFile(target) },
    ...summary,
  }
  const path = join(part, manifestName)
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })
  syncPath(path)
  syncPath(part)
  return manifest
}

/**
 * Makes one more backup in a folder of backups. It gets its name only when it is complete, checked and flushed, so that whatever bears
 * the name of a backup is one; none is ever overwritten.
 *
 * @returns the backup, and the folders of those that `keep` let go
 * @throws AppError `backup-failed`, `backup-damaged`, `database-too-new`
 */
export async function makeBackup(options: BackupOptions): Promise<Backup & { removed: string[] }> {
  const { subject, dir, keep } = options
  const nowMs = Date.now()
  const { name, part } = nameBackup(subject.of, nowMs)
  const [partFolder, folder] = [join(dir, part), join(dir, name)]
  let isBegun = false
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    removeAbandoned(dir, nowMs)
    mkdirSync(partFolder, { mode: 0o700 })
    isBegun = true
    const manifest = await writeBackup(partFolder, options)
    renameSync(partFolder, folder)
    syncPath(dir)
    return { folder, manifest, removed: keep === null ? [] : pruneBackups(dir, subject.of, keep) }
  } catch (error) {
    if (isBegun) rmSync(partFolder, { recursive: true, force: true })
    if (error instanceof AppError) throw error
    throw new AppError('backup-failed', `${dir}: ${(error as Error).message}`, { cause: error })
  }
}
