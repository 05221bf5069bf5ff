import { findLockOwner } from '../../../firmware-bridge/serial/lock-owner.ts'

/**
 * A process that has an SQLite database in WAL mode open.
 *
 * Every connection keeps a lock on the index of the WAL while it is open (sqlite.org/wal.html); one that does without the index, as on
 * a full disk, keeps one on the file.
 *
 * @returns its id; null when there is none, or it can't be seen from here
 */
export async function findSqliteUser(path: string): Promise<number | null> {
  return (await findLockOwner(`${path}-shm`, 'POSIX')) ?? (await findLockOwner(path, 'POSIX'))
}
