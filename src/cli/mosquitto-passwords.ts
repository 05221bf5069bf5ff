import { pbkdf2Sync, randomBytes } from 'node:crypto'
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../shared/errors.ts'

/** What mosquitto_passwd 2.0 writes. Our secrets have 128 random bits, so that the count of rounds is no matter. */
const rounds = 101
const keyBytes = 64
const saltBytes = 12
/** Who else writes to it is done within a fraction of a second. */
const patienceMs = 10_000
const lookEveryMs = 20

/** @returns a line of Mosquitto's password file, without its end: PBKDF2-SHA512 (`$7$`) */
export function formatPasswordLine(username: string, password: string, salt: Buffer = randomBytes(saltBytes)): string {
  const key = pbkdf2Sync(password, salt, rounds, keyBytes, 'sha512')
  return `${username}:$7$${rounds}$${salt.toString('base64')}$${key.toString('base64')}`
}

export type PasswordFile = {
  has(username: string): boolean
  /** Puts the account below the others; the file is there whole, the old one or the new one. To be called once at most. */
  add(username: string, password: string): void
  /** Lets the next one write; without `add` the file stays as it was. */
  close(): void
}

const failed = (path: string, why: string, cause?: unknown) =>
  new AppError('file-failed', `${path}: ${why}`, cause === undefined ? {} : { cause })

function orFail<T>(path: string, run: () => T): T {
  try {
    return run()
  } catch (cause) {
    throw failed(path, (cause as Error).message, cause)
  }
}

/**
 * Opens a password file of Mosquitto for one more account, and keeps every other command of ours out of it until it is closed. What will
 * take its place lies beside it meanwhile, with its owner and mode, so that whatever forbids the change is known before `add`.
 *
 * @param path of the file, which is made with mode 640 where there is none
 * @throws AppError `file-failed` when it can't be made or replaced, or when another one holds it too long
 */
export async function openPasswordFile(path: string, waitMs: number = patienceMs): Promise<PasswordFile> {
  const target = orFail(path, () => {
    closeSync(openSync(path, 'a', 0o640))
    // A rename would put the file in the place of a link to it.
    return realpathSync(path)
  })
  const next = `${target}.new`
  const file = await openAlone(next, waitMs)
  let isThere = true
  function close(): void {
    // After the rename the name belongs to whoever writes next.
    if (isThere) rmSync(next, { force: true })
    isThere = false
    closeSync(file)
  }
  try {
    return orFail(path, () => {
      const { uid, gid, mode } = statSync(target)
      const before = readFileSync(target, 'utf8')
      fchownSync(file, uid, gid)
      fchmodSync(file, mode & 0o777)
      return {
        has: (username) => before.split('\n').some((line) => line.startsWith(`${username}:`)),
        add(username, password) {
          const end = before === '' || before.endsWith('\n') ? '' : '\n'
          orFail(path, () => {
            writeFileSync(file, `${before}${end}${formatPasswordLine(username, password)}\n`)
            fsyncSync(file)
            renameSync(next, target)
            isThere = false
            syncFolder(dirname(target))
          })
        },
        close,
      }
    })
  } catch (error) {
    close()
    throw error
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  fsyncSync(folder)
  closeSync(folder)
}

async function openAlone(path: string, waitMs: number): Promise<number> {
  for (let waitedMs = 0; ; waitedMs += lookEveryMs) {
    try {
      return openSync(path, 'wx', 0o600)
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw failed(path, (cause as Error).message, cause)
      if (waitedMs >= waitMs)
        throw failed(path, 'another command is writing there; where none runs, one was killed: delete this file')
      await sleep(lookEveryMs)
    }
  }
}
