import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { type Manifest, manifestName, readManifest } from './manifest.ts'

export type Backup = { folder: string; manifest: Manifest }
type Subject = Manifest['of']

/** Begins the name of a folder that is not complete yet. */
const partPrefix = '.part-'
/** No backup takes this long; what is older was left by one that was killed. */
const abandonedMs = 24 * 3_600_000

const stampOf = (atMs: number) => new Date(atMs).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '')

/** @returns such as `smilepost-central-20261122T053043Z`, so that names sort by age */
export function nameBackup(subject: Subject, atMs: number): { name: string; part: string } {
  const name = `smilepost-${subject}-${stampOf(atMs)}`
  return { name, part: `${partPrefix}${name}-${process.pid}` }
}

const listNames = (dir: string, prefix: string) =>
  readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name.startsWith(prefix))
    .map((entry) => entry.name)
    .sort()

/** Complete backups in a folder of backups, oldest first. */
function listBackups(dir: string, subject: Subject): Backup[] {
  return listNames(dir, `smilepost-${subject}-`).flatMap((name) => {
    const folder = join(dir, name)
    const manifest = readManifest(folder)
    return manifest?.of === subject ? [{ folder, manifest }] : []
  })
}

/**
 * @param dir one backup, or a folder of backups, of which the newest is taken
 * @throws AppError `backup-failed` when there is none, `backup-damaged`
 */
export function findBackup(dir: string, subject: Subject): Backup {
  const manifest = readManifest(dir)
  if (manifest && manifest.of !== subject)
    throw new AppError('backup-failed', `${dir}: this is the backup of a ${manifest.of}, not of a ${subject}`)
  if (manifest) return { folder: dir, manifest }
  let newest: Backup | undefined
  try {
    newest = listBackups(dir, subject).at(-1)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('backup-failed', `${dir}: ${(error as Error).message}`)
  }
  if (!newest) throw new AppError('backup-failed', `${dir}: there is no complete backup of a ${subject}`)
  return newest
}

/**
 * Deletes the oldest backups of a subject beyond the newest `keep`. The manifest goes first, so that one whose deletion is cut short
 * never passes for complete. What is not ours stays.
 *
 * @returns the folders that went
 */
export function pruneBackups(dir: string, subject: Subject, keep: number): string[] {
  const old = listBackups(dir, subject)
    .slice(0, -keep)
    .map(({ folder }) => folder)
  for (const folder of old) {
    rmSync(join(folder, manifestName))
    rmSync(folder, { recursive: true })
  }
  return old
}

/** Deletes what killed runs left behind. */
export function removeAbandoned(dir: string, nowMs: number): void {
  for (const name of listNames(dir, partPrefix)) {
    const part = join(dir, name)
    if (nowMs - statSync(part).mtimeMs > abandonedMs) rmSync(part, { recursive: true, force: true })
  }
}
