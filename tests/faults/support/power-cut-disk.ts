import type { RecordedCall } from './parse-recording.ts'

/** Of what was not yet synced: nothing is on the disk, or all up to some moment, or any sectors. */
export type Survival = 'none' | 'prefix' | 'subset'

type File = { bytes: Buffer }
type Names = Map<string, File>
type Change =
  | { kind: 'write'; file: File; offset: number; bytes: Buffer }
  | { kind: 'truncate'; file: File; size: number }
  | { kind: 'create'; path: string; file: File }
  | { kind: 'unlink'; path: string }
  | { kind: 'rename'; path: string; to: string }

/** Drives write a sector of 512 bytes whole or not at all, in any order between two flushes. */
const sectorBytes = 512

/** A disk that is told the calls of a process, and can be asked at every moment what a power cut would leave. */
export type PowerCutDisk = {
  take(call: RecordedCall): void
  /** Changes that no sync has covered yet. */
  unsynced(): number
  /** @param draw uniform in [0, 1) @returns content of the files by path */
  cut(survival: Survival, draw: () => number): Map<string, Buffer>
}

/** @param folder of the files; a sync of it makes names durable, a sync of a file only its content */
export function makePowerCutDisk(folder: string): PowerCutDisk {
  const durable: Names = new Map()
  /** As the process sees it. */
  const seen: Names = new Map()
  let pending: Change[] = []

  function toChange(call: RecordedCall): Change | null {
    if (call.kind === 'create') {
      const file = { bytes: Buffer.alloc(0) }
      seen.set(call.path, file)
      return { ...call, kind: 'create', file }
    }
    if (call.kind === 'unlink') {
      return seen.delete(call.path) ? { kind: 'unlink', path: call.path } : null
    }
    if (call.kind === 'rename') {
      const moved = seen.get(call.path)
      if (moved) seen.set(call.to, moved)
      seen.delete(call.path)
      return call
    }
    const file = 'path' in call ? seen.get(call.path) : undefined
    if (call.kind === 'write' && file) return { kind: 'write', file, offset: call.offset, bytes: call.bytes }
    return call.kind === 'truncate' && file ? { kind: 'truncate', file, size: call.size } : null
  }

  function sync(path: string): void {
    const file = seen.get(path)
    const isCovered = (change: Change) =>
      'file' in change && change.kind !== 'create' ? change.file === file : path === folder
    for (const change of pending.filter(isCovered)) apply(change, durable)
    pending = pending.filter((change) => !isCovered(change))
  }

  return {
    take(call) {
      if (call.kind === 'sync') return sync(call.path)
      const change = toChange(call)
      if (change) pending.push(change)
    },
    unsynced: () => pending.length,
    cut(survival, draw) {
      const names: Names = new Map()
      const copies = new Map<File, File>()
      const copyOf = (file: File): File => {
        const copy = copies.get(file) ?? { bytes: Buffer.from(file.bytes) }
        copies.set(file, copy)
        return copy
      }
      for (const [path, file] of durable) names.set(path, copyOf(file))
      for (const change of choose(pending, survival, draw)) {
        apply('file' in change ? { ...change, file: copyOf(change.file) } : change, names)
      }
      return new Map([...names].map(([path, file]) => [path, file.bytes]))
    },
  }
}

function apply(change: Change, names: Names): void {
  if (change.kind === 'create') names.set(change.path, change.file)
  else if (change.kind === 'unlink') names.delete(change.path)
  else if (change.kind === 'rename') {
    const moved = names.get(change.path)
    if (moved) names.set(change.to, moved)
    names.delete(change.path)
  } else if (change.kind === 'truncate') resize(change.file, change.size)
  else {
    const { file, offset, bytes } = change
    if (file.bytes.length < offset + bytes.length) resize(file, offset + bytes.length)
    bytes.copy(file.bytes, offset)
  }
}

function resize(file: File, size: number): void {
  const resized = Buffer.alloc(size)
  file.bytes.copy(resized, 0, 0, Math.min(size, file.bytes.length))
  file.bytes = resized
}

/** A write, sector by sector. */
function splitIntoSectors(change: Change): Change[] {
  if (change.kind !== 'write') return [change]
  const pieces: Change[] = []
  for (let at = 0; at < change.bytes.length; ) {
    const length = Math.min(sectorBytes - ((change.offset + at) % sectorBytes), change.bytes.length - at)
    pieces.push({ ...change, offset: change.offset + at, bytes: change.bytes.subarray(at, at + length) })
    at += length
  }
  return pieces
}

function choose(pending: readonly Change[], survival: Survival, draw: () => number): Change[] {
  if (survival === 'none') return []
  const pieces = pending.flatMap(splitIntoSectors)
  if (survival === 'prefix') return pieces.slice(0, Math.floor(draw() * (pieces.length + 1)))
  // The cache holds one copy of a sector: whoever has a later write to it has the earlier ones too.
  const kept = new Map<File, Set<number>>()
  const share = draw()
  const chosen = pieces.reverse().filter((piece) => {
    if (piece.kind !== 'write') return draw() < share
    const sectors = kept.get(piece.file) ?? new Set()
    kept.set(piece.file, sectors)
    const sector = Math.floor(piece.offset / sectorBytes)
    if (!sectors.has(sector) && draw() >= share) return false
    sectors.add(sector)
    return true
  })
  return chosen.reverse()
}
