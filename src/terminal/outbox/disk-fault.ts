import { accessSync, constants, statfsSync } from 'node:fs'
import { dirname } from 'node:path'

const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : ''
}

/** What is read is not what was written: the file itself, or the card under it. */
const damage = /^SQLITE_(CORRUPT|NOTADB|IOERR_(READ|SHORT_READ|CORRUPTFS|DATA|IN_PAGE))/

/**
 * Whether SQLite could not write because of the disk: full, failing, or gone read-only. The transaction is rolled back then and
 * everything committed before stands, so that the program may go on and refuse presses until there is room again.
 */
export function isDiskFault(error: unknown): error is Error & { code: string } {
  return /^(SQLITE_(FULL|IOERR|READONLY)|ENOSPC$|EDQUOT$|EROFS$|EIO$)/.test(codeOf(error)) && !isDamage(error)
}

/** Whether the database can't be relied on any more. */
export function isDamage(error: unknown): error is Error & { code: string } {
  return damage.test(codeOf(error))
}

/**
 * The same for a database that could not even be opened: there a table that should be missing and is not, or a header that forbids
 * writing, are damage too.
 */
export function isDamageAtOpen(error: unknown): boolean {
  return isDamage(error) || /^SQLITE_(ERROR|READONLY|CONSTRAINT|MISMATCH)/.test(codeOf(error))
}

const littleBytes = 2 ** 20

/** Whether the disk of the database takes nothing at present: read-only, or without room. */
export function isDiskShut(path: string): boolean {
  const folder = dirname(path)
  try {
    const { bavail, bsize } = statfsSync(folder)
    if (bavail * bsize < littleBytes) return true
    accessSync(folder, constants.W_OK)
    return false
  } catch (error) {
    return isDiskFault(error)
  }
}
