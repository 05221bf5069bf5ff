import { pbkdf2Sync, randomBytes } from 'node:crypto'
import { appendFileSync, closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { AppError } from '../shared/errors.ts'

/** What mosquitto_passwd 2.0 writes. Our secrets have 128 random bits, so that the count of rounds is no matter. */
const rounds = 101
const keyBytes = 64
const saltBytes = 12

/** @returns a line of Mosquitto's password file, without its end: PBKDF2-SHA512 (`$7$`) */
export function formatPasswordLine(username: string, password: string, salt: Buffer = randomBytes(saltBytes)): string {
  const key = pbkdf2Sync(password, salt, rounds, keyBytes, 'sha512')
  return `${username}:$7$${rounds}$${salt.toString('base64')}$${key.toString('base64')}`
}

/** @throws AppError `file-failed` when the file can neither be opened for writing nor made */
export function checkPasswordFile(path: string): void {
  try {
    closeSync(openSync(path, 'a', 0o640))
  } catch (error) {
    throw new AppError('file-failed', `${path}: ${(error as Error).message}`, { cause: error })
  }
}

/** Adds a user or gives it a new password; the other lines, the file's owner and its mode stay as they are. */
export function putPassword(path: string, username: string, password: string): void {
  const line = formatPasswordLine(username, password)
  const lines = readFileSync(path, 'utf8').split('\n')
  const others = lines.filter((other) => !other.startsWith(`${username}:`))
  const end = lines.at(-1) === '' ? '' : '\n'
  if (others.length === lines.length) appendFileSync(path, `${end}${line}\n`)
  else writeFileSync(path, `${[...others.filter(Boolean), line].join('\n')}\n`)
}
