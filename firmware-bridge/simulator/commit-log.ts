import type { ButtonNumber, PressFlags } from '../line/box-line.ts'
import { crc16 } from '../line/crc16.ts'
import type { EepromCells } from './eeprom-cells.ts'

/** A press as the EEPROM journal holds it, seen from outside of the firmware. */
export type CommittedPress = {
  boxId: string
  sequence: number
  button: ButtonNumber
  flags: PressFlags
  /** Simulated time at which the record became whole. */
  atMs: number
}

export type CommitLog = {
  /** To be told of each byte that has been written to its end. */
  written(address: number, atMs: number): void
  /** To be told of each loss of power: a record may be whole though its last write was never finished. */
  powerLost(atMs: number): void
  all(): readonly CommittedPress[]
}

/** PROTOCOL.md §14 */
const journalStart = 0x020
const slotBytes = 8
const slots = 124

/**
 * The truth for tests: every press that the box has committed, decoded from the bytes of its EEPROM alone.
 * Stands outside of the product's path, so that firmware, line and daemon can be measured against it.
 */
export function makeCommitLog(cells: EepromCells, onCommit: (press: CommittedPress) => void = () => {}): CommitLog {
  const log: CommittedPress[] = []
  const seen = new Set<string>()

  function note(slot: number, atMs: number): void {
    const press = decodeSlot(cells, slot)
    const boxId = decodeIdentity(cells)
    if (!press || !boxId) return
    // The content is part of the key: a sequence that is given to two presses shows as two entries.
    const key = JSON.stringify([boxId, press])
    if (seen.has(key)) return
    seen.add(key)
    log.push({ boxId, ...press, atMs })
    onCommit({ boxId, ...press, atMs })
  }

  return {
    written(address, atMs) {
      const offset = address - journalStart
      if (offset >= 0 && offset % slotBytes === slotBytes - 1) note(Math.floor(offset / slotBytes), atMs)
    },
    powerLost(atMs) {
      for (let slot = 0; slot < slots; slot++) if (!isDelivered(cells, slot)) note(slot, atMs)
    },
    all: () => log,
  }
}

function readBytes(cells: EepromCells, start: number, length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, index) => cells.read(start + index)))
}

/** The content of a record, if the CRC that follows it holds (low byte first). */
function readRecord(cells: EepromCells, start: number, covered: number, crcAt: number): Buffer | null {
  const record = readBytes(cells, start, covered)
  const crc = readBytes(cells, start + crcAt, 2).readUInt16LE(0)
  return crc16(record.toString('latin1')) === crc ? record : null
}

function decodeSlot(cells: EepromCells, slot: number): Omit<CommittedPress, 'boxId' | 'atMs'> | null {
  const record = readRecord(cells, journalStart + slot * slotBytes, 5, 6)
  if (!record) return null
  const sequence = record.readUInt32LE(0)
  const pressByte = record.readUInt8(4)
  if (sequence === 0 || sequence === 0xffff_ffff || sequence % slots !== slot || pressByte > 0x0f) return null
  const button = ((pressByte & 0x03) + 1) as ButtonNumber
  return { sequence, button, flags: { stuck: (pressByte & 0x04) !== 0, chord: (pressByte & 0x08) !== 0 } }
}

function isDelivered(cells: EepromCells, slot: number): boolean {
  return cells.read(journalStart + slot * slotBytes + 5) === 0x00
}

function decodeIdentity(cells: EepromCells): string | null {
  return readRecord(cells, 0x002, 4, 4)?.toString('hex') ?? null
}
