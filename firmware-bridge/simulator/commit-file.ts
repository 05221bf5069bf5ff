import { closeSync, openSync, writeSync } from 'node:fs'
import { AppError } from '../../src/shared/errors.ts'
import type { CommittedPress } from './commit-log.ts'

export type CommitFile = {
  append(press: CommittedPress): void
  close(): void
}

/**
 * The oracle on disk: one JSON line for each press that an EEPROM has come to hold, `{ boxId, sequence, button, flags,
 * atMs }`, added to what the file holds. Each line is written whole, at once, before the box can tell anyone.
 *
 * @throws AppError `simulator-file` when it cannot be written
 */
export function openCommitFile(path: string): CommitFile {
  let file: number
  try {
    file = openSync(path, 'a')
  } catch (cause) {
    throw new AppError('simulator-file', `cannot write the log of commits ${path}: ${(cause as Error).message}`, {
      cause,
    })
  }
  return {
    append: ({ boxId, sequence, button, flags, atMs }) =>
      void writeSync(file, `${JSON.stringify({ boxId, sequence, button, flags, atMs })}\n`),
    close: () => closeSync(file),
  }
}
