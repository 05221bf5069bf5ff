import { CPU } from 'avr8js'
import { describe, expect, it } from 'vitest'
import { crc16 } from '../../../firmware-bridge/line/crc16.ts'
import { makeCommitLog } from '../../../firmware-bridge/simulator/commit-log.ts'
import { makeEepromCells, phaseCycles } from '../../../firmware-bridge/simulator/eeprom-cells.ts'
import { makeSeededRandom } from '../../../firmware-bridge/simulator/seeded-random.ts'

const identity = withCrc([0x3f, 0x9c, 0x02, 0xd7])
/** Sequence 125 lies in slot 1. */
const slot = 0x028
const press = [125, 0, 0, 0, 0x0a]

function withCrc(bytes: number[]): number[] {
  const crc = crc16(String.fromCharCode(...bytes))
  return [...bytes, crc & 0xff, crc >> 8]
}

function eepromWith(parts: Record<number, number[]>): Uint8Array {
  const content = new Uint8Array(1024).fill(0xff)
  for (const [address, bytes] of Object.entries(parts)) content.set(bytes, Number(address))
  return content
}

function openLog(content: Uint8Array) {
  return makeCommitLog(makeEepromCells({ content, random: () => 0, onWritten: () => {} }))
}

const record = (delivered: number, ...crc: number[]) => [...press, delivered, ...crc]
const wholeCrc = withCrc(press).slice(5)

describe('the log of commits (PROTOCOL.md §14)', () => {
  it('reads a record when its last byte has been written, once', () => {
    const log = openLog(eepromWith({ 2: identity, [slot]: record(0xff, ...wholeCrc) }))
    for (let offset = 0; offset < 7; offset++) log.written(slot + offset, 10)
    expect(log.all()).toEqual([])
    log.written(slot + 7, 11)
    log.written(slot + 7, 12)
    expect(log.all()).toEqual([
      { boxId: '3f9c02d7', sequence: 125, button: 3, flags: { stuck: false, chord: true }, atMs: 11 },
    ])
  })

  it.each([
    ['a wrong CRC', eepromWith({ 2: identity, [slot]: record(0xff, 0, 0) })],
    [
      'a slot that is not its own',
      eepromWith({ 2: identity, [slot]: [126, 0, 0, 0, 0, 0xff, ...withCrc([126, 0, 0, 0, 0]).slice(5)] }),
    ],
    ['an erased slot', eepromWith({ 2: identity })],
    ['no identity', eepromWith({ [slot]: record(0xff, ...wholeCrc) })],
  ])('does not take %s for a press', (_what, content) => {
    const log = openLog(content)
    log.written(slot + 7, 1)
    log.powerLost(2)
    expect(log.all()).toEqual([])
  })

  it('finds a record that was whole before its last write was finished, unless it is delivered', () => {
    const undelivered = openLog(eepromWith({ 2: identity, [slot]: record(0xff, ...wholeCrc) }))
    undelivered.powerLost(5)
    expect(undelivered.all()).toMatchObject([{ sequence: 125, atMs: 5 }])
    const delivered = openLog(eepromWith({ 2: identity, [slot]: record(0x00, ...wholeCrc) }))
    delivered.powerLost(5)
    expect(delivered.all()).toEqual([])
  })
})

describe('an EEPROM cell whose power is cut', () => {
  const before = 0b0101_0101
  const after = 0b0000_1111

  /** Value of the cell when power goes after a share of the erasing (0 … 1) or programming (1 … 2). */
  function cutAfter(share: number, isTorn = true, seed = 1): { value: number; written: number[] } {
    const written: number[] = []
    const content = new Uint8Array(1024).fill(before)
    const cpu = new CPU(new Uint16Array(16))
    const cells = makeEepromCells({ content, random: makeSeededRandom(seed), onWritten: (at) => void written.push(at) })
    const backend = cells.attach(cpu)
    backend.eraseMemory(7)
    backend.writeMemory(7, after)
    cpu.cycles += Math.round(share * phaseCycles)
    cells.cutPower(isTorn)
    return { value: cells.read(7), written }
  }

  it('has lost no more bits than erasing sets, and then programming clears', () => {
    const seen = new Set<number>()
    for (let seed = 1; seed <= 50; seed++) {
      const erasing = cutAfter(0.5, true, seed).value
      expect(erasing & before).toBe(before)
      const programming = cutAfter(1.5, true, seed).value
      expect(programming & after).toBe(after)
      seen.add(erasing).add(programming)
    }
    expect(seen.size).toBeGreaterThan(10)
    expect(cutAfter(0)).toEqual({ value: before, written: [] })
    expect(cutAfter(1)).toEqual({ value: 0xff, written: [] })
  })

  it('is whole when the time was enough, or when no tear was asked for', () => {
    expect(cutAfter(2)).toEqual({ value: after, written: [7] })
    expect(cutAfter(0.5, false)).toEqual({ value: after, written: [7] })
  })
})
