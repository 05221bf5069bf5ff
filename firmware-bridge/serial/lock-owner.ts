import { readFile, stat } from 'node:fs/promises'

/**
 * The process that holds a lock of a file: of a device the one which serialport takes while it is open (flock, advisory).
 *
 * @param kind `POSIX`: one of fcntl, as SQLite takes them
 * @returns its id; null when nobody holds it, it can't be seen from here (another container), or this isn't Linux
 */
export async function findLockOwner(path: string, kind: 'FLOCK' | 'POSIX' = 'FLOCK'): Promise<number | null> {
  try {
    const [locks, { dev, ino }] = await Promise.all([readFile('/proc/locks', 'latin1'), stat(path, { bigint: true })])
    const file = `${formatDevice(dev)}:${ino}`
    // Such as `7: FLOCK  ADVISORY  WRITE 4711 00:19:12 0 EOF`; a waiting one has an arrow after its number.
    const fields = locks.split('\n').map((line) => line.trim().split(/\s+/))
    const pid = Number(fields.find((lock) => lock[1] === kind && lock[5] === file)?.[4])
    return pid > 0 ? pid : null
  } catch {
    return null
  }
}

/** Major and minor number as the kernel writes them here, out of the way in which C libraries pack them. */
function formatDevice(dev: bigint): string {
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & ~0xfffn)
  const minor = (dev & 0xffn) | ((dev >> 12n) & ~0xffn & 0xffff_ffffn)
  return [major, minor].map((number) => number.toString(16).padStart(2, '0')).join(':')
}
