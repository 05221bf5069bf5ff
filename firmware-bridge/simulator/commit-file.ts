import { closeSync, openSync, writeFileSync } from 'node:fs'
import { AppError } from '../../src/shared/errors.ts'
import type { CommittedPress } from './commit-log.ts'

export type CommitFile = {
  /** @throws AppError `simulator-file`, where the disk is full for instance */
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
  const orFail = <T>(run: () => T): T => {
    try {
      return run()
    } catch (cause) {
      throw new AppError('simulator-file', `cannot write the log of commits ${path}: ${(cause as Error).message}`, {
        cause,
      })
    }
  }
  const file = orFail(() => openSync(path, 'a'))
  return {
    append({ boxId, sequence, button, flags, atMs }) {
      const line = `${JSON.stringify({ boxId, sequence, button, flags, atMs })}\n`
      // Not `writeSync`, which may write a part of it and say no more than how much.
      orFail(() => writeFileSync(file, line))
    },
    close: () => closeSync(file),
  }
}
