import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** The WAL is as much of a database as the file, and what a repair begins from. */
const suffixes = ['', '-wal', '-shm', '-journal']
const folderOf = (path: string): string => join(dirname(path), 'quarantine')

function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  fsyncSync(folder)
  closeSync(folder)
}

/**
 * Moves a database whole, as it is, into a folder of its own below `quarantine`; it takes no space, and nothing there is ever changed.
 *
 * @returns the database's new path
 */
export function moveAside(path: string, nowMs: number): string {
  const folder = folderOf(path)
  const time = new Date(Math.max(0, nowMs)).toISOString().replaceAll(':', '').replace('.', '-')
  // Without a clock two starts may tell the same time.
  let target = join(folder, time)
  for (let again = 2; existsSync(target); again += 1) target = join(folder, `${time}-${again}`)
  mkdirSync(target, { recursive: true })
  for (const suffix of suffixes) {
    if (existsSync(path + suffix)) renameSync(path + suffix, join(target, basename(path) + suffix))
  }
  for (const changed of [target, folder, dirname(path)]) syncFolder(changed)
  return join(target, basename(path))
}

/** Databases that were moved aside, oldest first. */
export function listQuarantined(path: string): string[] {
  const folder = folderOf(path)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name, basename(path)))
    .filter((quarantined) => existsSync(quarantined))
}

/** Salvage of a broken file may take the program down with it; whoever has tried twice goes on without. */
const maxAttempts = 2

/** @returns false where it is not to be tried again */
export function noteAttempt(quarantined: string): boolean {
  const attempts = readdirSync(dirname(quarantined)).filter((name) => name.startsWith('salvage-')).length
  if (attempts >= maxAttempts) return false
  writeFileSync(join(dirname(quarantined), `salvage-${attempts + 1}`), '')
  return true
}
