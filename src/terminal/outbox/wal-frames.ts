import { existsSync, readFileSync } from 'node:fs'
import { pageBytes } from './read-page.ts'

/** One page as a transaction left it (sqlite.org/fileformat2.html §4.2). */
type WalFrame = { page: Buffer; isCommit: boolean; isValid: boolean }

const headerBytes = 32
const frameHeaderBytes = 24
/** What a disk writes whole or not at all. */
const sectorBytes = 512

/** The WAL's checksum over `bytes`, going on from `seed`; big-endian words where the file says so. */
function sum(bytes: Buffer, [a, b]: [number, number], isBigEndian: boolean): [number, number] {
  let s0 = a
  let s1 = b
  for (let at = 0; at < bytes.length; at += 8) {
    s0 = (s0 + (isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)) + s1) >>> 0
    s1 = (s1 + (isBigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4)) + s0) >>> 0
  }
  return [s0, s1]
}

/**
 * Frames of the WAL beside a database, up to the last commit of its present round, also beyond a damaged one.
 * `isValid`: its checksum is right, going on from what stands in the frame before.
 */
export function readWalFrames(path: string): WalFrame[] {
  const wal = existsSync(`${path}-wal`) ? readFileSync(`${path}-wal`) : Buffer.alloc(0)
  if (wal.length < headerBytes + frameHeaderBytes + pageBytes) return []
  const isBigEndian = (wal.readUInt32BE(0) & 1) === 1
  let seed: [number, number] = [wal.readUInt32BE(24), wal.readUInt32BE(28)]
  const [h0, h1] = sum(wal.subarray(0, 24), [0, 0], isBigEndian)
  // A round begins with its header alone, the frames of the last still behind it. A damaged header would hide all of them.
  const isHeaderGood = h0 === seed[0] && h1 === seed[1]
  const salts = isHeaderGood ? wal.subarray(16, 24) : wal.subarray(headerBytes + 8, headerBytes + 16)
  const frames: WalFrame[] = []
  let end = 0
  for (let at = headerBytes; at + frameHeaderBytes + pageBytes <= wal.length; at += frameHeaderBytes + pageBytes) {
    const head = wal.subarray(at, at + frameHeaderBytes)
    const page = wal.subarray(at + frameHeaderBytes, at + frameHeaderBytes + pageBytes)
    const expected: [number, number] = [head.readUInt32BE(16), head.readUInt32BE(20)]
    const [s0, s1] = sum(page, sum(head.subarray(0, 8), seed, isBigEndian), isBigEndian)
    const isOfThisRound = head.subarray(8, 16).equals(salts)
    const isValid = isOfThisRound && s0 === expected[0] && s1 === expected[1]
    // A header across two sectors may be half of the last round's after a cut, and then tells of a commit that is none of this one.
    const isWritten = isValid || at % sectorBytes <= sectorBytes - frameHeaderBytes
    const isCommit = isOfThisRound && isWritten && head.readUInt32BE(4) !== 0
    frames.push({ page, isCommit, isValid })
    if (isCommit) end = frames.length
    seed = expected
  }
  return frames.slice(0, end)
}

/**
 * Whether commits that were flushed stand behind a frame that SQLite will stop at, and would silently be forgotten.
 * A power cut alone leaves at most one commit there, that of the transaction it interrupted.
 */
export function isWalDamaged(path: string): boolean {
  const frames = readWalFrames(path)
  const broken = frames.findIndex(({ isValid }) => !isValid)
  return broken >= 0 && frames.slice(broken).filter(({ isCommit }) => isCommit).length > 1
}
