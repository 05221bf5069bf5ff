import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** The WAL is as much of a database as the file, and what a repair begins from. */
const suffixes = ['', '-wal', '-shm', '-journal']
/** A folder that is still being filled. */
const moving = '.moving'
const folderOf = (path: string): string => join(dirname(path), 'quarantine')
const listFolders = (path: string): string[] => (existsSync(folderOf(path)) ? readdirSync(folderOf(path)).sort() : [])

function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  fsyncSync(folder)
  closeSync(folder)
}

/**
 * Moves a database whole, as it is, into a folder of its own below `quarantine`; it takes no space, and nothing there is ever changed.
 * Who is killed on the way has it finished by the next start (`finishMoving`): a database without its WAL would be less than it was.
 *
 * @returns the database's new path
 */
export function moveAside(path: string, nowMs: number): string {
  const folder = folderOf(path)
  const time = new Date(Math.max(0, nowMs)).toISOString().replaceAll(':', '').replace('.', '-')
  // Without a clock two starts may tell the same time.
  let target = join(folder, time)
  for (let again = 2; existsSync(target) || existsSync(target + moving); again += 1)
    target = join(folder, `${time}-${again}`)
  mkdirSync(target + moving, { recursive: true })
  return moveInto(path, target)
}

function moveInto(path: string, target: string): string {
  const into = target + moving
  for (const suffix of suffixes) {
    if (existsSync(path + suffix)) renameSync(path + suffix, join(into, basename(path) + suffix))
  }
  for (const changed of [into, dirname(path)]) syncFolder(changed)
  renameSync(into, target)
  syncFolder(folderOf(path))
  return join(target, basename(path))
}

/** To be called before the database is opened: what a kill has left of a move belongs together. */
export function finishMoving(path: string): void {
  for (const name of listFolders(path)) {
    if (name.endsWith(moving)) moveInto(path, join(folderOf(path), name.slice(0, -moving.length)))
  }
}

/** Databases that were moved aside, oldest first. */
export function listQuarantined(path: string): string[] {
  return listFolders(path)
    .filter((name) => !name.endsWith(moving))
    .map((name) => join(folderOf(path), name, basename(path)))
    .filter((quarantined) => existsSync(quarantined))
}

/** @returns the wall clock as it was when a database was moved aside, in epoch ms; null for a folder of another name */
export function readMovedAtMs(quarantined: string): number | null {
  const parts = /^(\d{4}-\d\d-\d\dT)(\d\d)(\d\d)(\d\d)-(\d{3}Z)/.exec(basename(dirname(quarantined)))
  const ms = parts ? Date.parse(`${parts[1]}${parts[2]}:${parts[3]}:${parts[4]}.${parts[5]}`) : Number.NaN
  return Number.isFinite(ms) ? ms : null
}

/** Salvage of a broken file may take the program down with it; a start tries twice and goes on without, later tries are hours apart. */
const maxAttemptsAtStart = 2
const maxAttempts = 10

const countAttempts = (quarantined: string): number =>
  readdirSync(dirname(quarantined)).filter((name) => name.startsWith('salvage-')).length

/** It failed for want of room, which says nothing of the file. */
export function forgetAttempt(quarantined: string): void {
  rmSync(join(dirname(quarantined), `salvage-${countAttempts(quarantined)}`), { force: true })
}

/** @returns false where it is not to be tried now */
export function noteAttempt(quarantined: string, isAtStart: boolean): boolean {
  const attempts = countAttempts(quarantined)
  if (attempts >= (isAtStart ? maxAttemptsAtStart : maxAttempts)) return false
  writeFileSync(join(dirname(quarantined), `salvage-${attempts + 1}`), '')
  return true
}

export function removeQuarantined(quarantined: string): void {
  rmSync(dirname(quarantined), { recursive: true, force: true })
}
