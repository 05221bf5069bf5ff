import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { endInstantMs, firstInstantMs } from './parse-instant.ts'

/**
 * Presses on their way from a file in any order to terminals one after the other: dealt out to temporary files by terminal,
 * each small enough to be sorted in memory. The files have no name while they are in use, so that nothing is left behind
 * however this process ends; a small press file needs none.
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
  /** terminal of a key; its keys lie from `base` up to, not including, `end`, and what they say of presses is above `base` */
  terminalOf(partition: number, key: number): { terminal: number; base: number; end: number }
  close(): void
}

const leastFiles = 64
const spanMs = endInstantMs - firstInstantMs
const terminalWeight = spanMs * 4
/** Keys are whole numbers below 2^53, which a double holds exactly. */
const terminalsPerFile = Math.floor(Number.MAX_SAFE_INTEGER / terminalWeight)
const bufferBytes = 65_536

/** What a key says of the press, once its terminal is known. */
export const timeOfRest = (rest: number): number => Math.floor(rest / 4) + firstInstantMs
export const buttonOfRest = (rest: number): number => rest - 4 * Math.floor(rest / 4) + 1

function diskFailure(folder: string, error: unknown): AppError {
  const { code, message } = error as NodeJS.ErrnoException
  const reason = code === 'ENOSPC' ? 'no room left there; set TMPDIR to a folder with more' : message
  return new AppError('file-failed', `temporary files in ${folder}: ${reason}`, { cause: error })
}

/** Opens a file and takes its name away at once. */
function openNameless(): number {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'smilepost-dips-'))
    try {
      return openSync(join(folder, 'presses'), 'wx+', 0o600)
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

/** `file` is null as long as all presses fit into the buffer. */
type Part = { file: number | null; keys: Float64Array; words: Uint32Array; used: number; records: number }

/** @param withIds whether an id's hash follows each key */
export function openPartitions(terminals: number, withIds: boolean): Partitions {
  const count = Math.max(leastFiles, Math.ceil(terminals / terminalsPerFile))
  const width = withIds ? 2 : 1
  const parts = Array.from({ length: count }, (): Part => {
    const buffer = new ArrayBuffer(bufferBytes)
    return { file: null, keys: new Float64Array(buffer), words: new Uint32Array(buffer), used: 0, records: 0 }
  })
  const capacity = bufferBytes / 8

  function flush(part: Part): void {
    part.file ??= openNameless()
    writeWhole(part.file, new Uint8Array(part.keys.buffer, 0, part.used * 8))
    part.used = 0
  }

  /** Takes what the part's buffer holds apart. */
  function unpack(
    { keys, words }: Part,
    used: number,
    into: { keys: Float64Array; ids: Uint32Array | null },
    at: number,
  ) {
    for (let from = 0, record = at; from < used; from += width, record++) {
      into.keys[record] = keys[from] as number
      if (into.ids === null) continue
      into.ids[2 * record] = words[2 * from + 2] as number
      into.ids[2 * record + 1] = words[2 * from + 3] as number
    }
  }

  /** Reads through the part's own buffer, so that nothing is in memory twice. */
  function readPart(part: Part, file: number, into: { keys: Float64Array; ids: Uint32Array | null }): void {
    flush(part)
    const buffer = new Uint8Array(part.keys.buffer)
    for (let record = 0; record < part.records; record += capacity / width) {
      const used = Math.min(capacity, (part.records - record) * width)
      readWhole(file, buffer.subarray(0, used * 8), record * width * 8)
      unpack(part, used, into, record)
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
      const keys = new Float64Array(part.records)
      const ids = withIds ? new Uint32Array(2 * part.records) : null
      if (part.file === null) unpack(part, part.used, { keys, ids }, 0)
      else readPart(part, part.file, { keys, ids })
      return { keys, ids }
    },
    terminalOf(partition, key) {
      const ofFile = Math.floor(key / terminalWeight)
      const base = ofFile * terminalWeight
      return { terminal: ofFile * count + partition, base, end: base + terminalWeight }
    },
    close() {
      for (const { file } of parts) if (file !== null) closeSync(file)
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
