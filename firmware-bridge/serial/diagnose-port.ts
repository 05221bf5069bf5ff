/**
 * What can be known of a serial device without opening it: opening may reset the board, and sets the speed of a line that another
 * program has, before the lock says no.
 */
import { accessSync, constants, readFileSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs'
import { join } from 'node:path'
import { readNames } from './diagnose-devices.ts'
import { findLockOwner } from './lock-owner.ts'

export type Holder = { pid: number; command: string }

export type PortState =
  | { kind: 'missing' }
  | { kind: 'not-serial'; is: 'file' | 'folder' | 'other' }
  | { kind: 'no-permission'; device: string; owner: Owner | null }
  | { kind: 'locked'; device: string; holder: Holder }
  /** Nobody has the lock; `sharers` have it open all the same and take bytes away. */
  | { kind: 'free'; device: string; sharers: Holder[] }

type Owner = { userId: number; groupId: number; group: string; groupMembers: string[]; mode: number }

/** @param path the device or a link to it */
export async function inspectPort(path: string): Promise<PortState> {
  let device: string
  let stats: Stats
  try {
    device = realpathSync(path)
    stats = statSync(device)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') return { kind: 'missing' }
    return { kind: 'no-permission', device: path, owner: null }
  }
  if (!isSerial(device, stats)) return { kind: 'not-serial', is: nameKind(stats) }
  const owner = await findLockOwner(device)
  if (owner !== null) return { kind: 'locked', device, holder: readHolder(owner) }
  const isOurs = isAllowed(device)
  if (isOurs === null) return { kind: 'missing' }
  if (!isOurs) return { kind: 'no-permission', device, owner: readOwner(stats) }
  return { kind: 'free', device, sharers: isPseudoTerminal(device) ? [] : findSharers(device) }
}

/** Where a person sits: opened as a serial device it would stay raw and silent. */
function isScreen(device: string): boolean {
  const own = ['0', '1', '2'].map((descriptor) => readLink(`/proc/self/fd/${descriptor}`))
  return own.includes(device) || /^\/dev\/(tty|console|ptmx|tty\d+)$/.test(device)
}

/** A pseudo-terminal stands nowhere in sysfs; what does must belong to the terminals there. */
function isSerial(device: string, stats: Stats): boolean {
  if (!stats.isCharacterDevice() || isScreen(device)) return false
  // As C libraries pack them (makedev(3)); terminals have small numbers.
  const [major, minor] = [Math.floor(stats.rdev / 256) & 0xfff, stats.rdev & 0xff]
  const subsystem = readLink(`/sys/dev/char/${major}:${minor}/subsystem`)
  return subsystem === null || subsystem.endsWith('/tty')
}

function nameKind(stats: Stats): 'file' | 'folder' | 'other' {
  if (stats.isFile()) return 'file'
  return stats.isDirectory() ? 'folder' : 'other'
}

/** null where the device vanishes under one's eyes. */
function isAllowed(device: string): boolean | null {
  try {
    accessSync(device, constants.R_OK | constants.W_OK)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? false : null
  }
}

/** Whoever makes a pseudo-terminal usually keeps it open, and takes nothing from it. */
const isPseudoTerminal = (device: string) => device.startsWith('/dev/pts/')

function readOwner({ uid, gid, mode }: Stats): Owner {
  const row = readText('/etc/group')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([, , id]) => id === String(gid))
  const members = (row?.[3] ?? '').split(',').filter(Boolean)
  return { userId: uid, groupId: gid, group: row?.[0] ?? String(gid), groupMembers: members, mode: mode & 0o777 }
}

function readHolder(pid: number): Holder {
  const words = readText(`/proc/${pid}/cmdline`).split('\0').filter(Boolean)
  const name = words.length > 0 ? words.join(' ') : readText(`/proc/${pid}/comm`).trim()
  return { pid, command: name.replace(/[^\x20-\x7e]/g, '?').slice(0, 120) || 'unknown' }
}

/** Programs that have a device open; only one's own unless one is root. */
export function findSharers(device: string): Holder[] {
  const pids = readNames('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
  return pids.filter((pid) => hasOpen(pid, device)).map(readHolder)
}

function hasOpen(pid: number, device: string): boolean {
  const folder = `/proc/${pid}/fd`
  return readNames(folder).some((name) => readLink(join(folder, name)) === device)
}

function readLink(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch {
    return null
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
