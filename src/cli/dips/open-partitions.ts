import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { endInstantMs, firstInstantMs } from './parse-instant.ts'

/**
 * Presses on their way from a file in any order to terminals one after the other: dealt out to temporary files by terminal,
 * each small enough to be sorted in memory. The files are nameless while they are in use, so that nothing is left behind
 * however this process ends.
 *
 * A press is one number, its key: terminal, time and button, in this order of weight, so that sorting keys sorts everything.
 * Where the press file has ids, 64 bits of a hash of the id follow each key.
 */
export type Partitions = {
  /** @param id hash of the press's id, two numbers of 32 bits; both 0 for none */
  add(terminal: number, utcMs: number, button: number, idHigh: number, idLow: number): void
  /** One partition's presses in the order they came; valid until the next call. */
  read(partition: number): { keys: Float64Array; ids: Uint32Array | null }
  count: number
  /** terminal of a key, and its press */
  terminalOf(partition: number, key: number): number
  close(): void
}

const leastFiles = 64
const spanMs = endInstantMs - firstInstantMs
const terminalWeight = spanMs * 4
/** Keys are whole numbers below 2^53, which a double holds exactly. */
const terminalsPerFile = Math.floor(Number.MAX_SAFE_INTEGER / terminalWeight)
const bufferBytes = 65_536

export const timeOfKey = (key: number): number => Math.floor((key % terminalWeight) / 4) + firstInstantMs
export const buttonOfKey = (key: number): number => (key % 4) + 1

function diskFailure(folder: string, error: unknown): AppError {
  const { code, message } = error as NodeJS.ErrnoException
  const reason = code === 'ENOSPC' ? 'no room left there; set TMPDIR to a folder with more' : message
  return new AppError('file-failed', `temporary files in ${folder}: ${reason}`, { cause: error })
}

/** Opens files and takes their names away at once. */
function openNameless(count: number): number[] {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'smilepost-dips-'))
    try {
      return Array.from({ length: count }, (_, i) => openSync(join(folder, String(i)), 'wx+', 0o600))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  } catch (error) {
    throw diskFailure(tmpdir(), error)
  }
}

function writeWhole(file: number, bytes: Uint8Array): void {
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at)
  } catch (error) {
    throw diskFailure(tmpdir(), error)
  }
}

type Part = { file: number; keys: Float64Array; words: Uint32Array; used: number; records: number }

/** @param withIds whether an id's hash follows each key */
export function openPartitions(terminals: number, withIds: boolean): Partitions {
  const count = Math.max(leastFiles, Math.ceil(terminals / terminalsPerFile))
  const width = withIds ? 2 : 1
  const parts = openNameless(count).map((file): Part => {
    const buffer = new ArrayBuffer(bufferBytes)
    return { file, keys: new Float64Array(buffer), words: new Uint32Array(buffer), used: 0, records: 0 }
  })
  const capacity = bufferBytes / 8

  function flush(part: Part): void {
    writeWhole(part.file, new Uint8Array(part.keys.buffer, 0, part.used * 8))
    part.used = 0
  }

  /** Reads through the part's own buffer, so that keys and ids are apart without a second copy of everything. */
  function readPart(part: Part, keys: Float64Array, ids: Uint32Array | null): void {
    const buffer = new Uint8Array(part.keys.buffer)
    for (let record = 0; record < part.records; ) {
      const wanted = Math.min(capacity, (part.records - record) * width)
      readWhole(part.file, buffer.subarray(0, wanted * 8), record * width * 8)
      for (let at = 0; at < wanted; at += width, record++) {
        keys[record] = part.keys[at] as number
        ids?.set(part.words.subarray(2 * at + 2, 2 * at + 4), 2 * record)
      }
    }
  }

  return {
    count,
    add(terminal, utcMs, button, idHigh, idLow) {
      const part = parts[terminal % count] as Part
      const key = (Math.floor(terminal / count) * spanMs + (utcMs - firstInstantMs)) * 4 + button - 1
      part.keys[part.used] = key
      if (withIds) {
        part.words[2 * part.used + 2] = idHigh
        part.words[2 * part.used + 3] = idLow
      }
      part.used += width
      part.records++
      if (part.used === capacity) flush(part)
    },
    read(partition) {
      const part = parts[partition] as Part
      flush(part)
      const keys = new Float64Array(part.records)
      const ids = withIds ? new Uint32Array(2 * part.records) : null
      readPart(part, keys, ids)
      return { keys, ids }
    },
    terminalOf: (partition, key) => Math.floor(key / terminalWeight) * count + partition,
    close() {
      for (const { file } of parts) closeSync(file)
    },
  }
}

function readWhole(file: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length; ) {
    const read = readSync(file, bytes, at, bytes.length - at, position + at)
    if (read === 0) throw new Error('a temporary file is shorter than what was written')
    at += read
  }
}
