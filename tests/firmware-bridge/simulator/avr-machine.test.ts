import { describe, expect, it } from 'vitest'
import { startAvrMachine } from '../../../firmware-bridge/simulator/avr-machine.ts'
import { makeEepromCells } from '../../../firmware-bridge/simulator/eeprom-cells.ts'

const udreVector = 0x26

/** A machine on a few words of code at the start of flash and, where given, at the UDRE vector. */
function start(code: readonly number[], atUdreVector: readonly number[] = []) {
  const flash = new Uint16Array(16 * 1024)
  flash.set(code)
  flash.set(atUdreVector, udreVector)
  const levels: number[] = []
  const machine = startAvrMachine({
    flash,
    eeprom: makeEepromCells({ content: new Uint8Array(1024), random: () => 0, onWritten: () => {} }),
    ram: new Uint8Array(2048),
    resetFlag: 1,
    onTransmitted: () => {},
    onPortB: (now) => void levels.push(now),
  })
  return { machine, levels }
}

// What avr8js does otherwise than the silicon, and the firmware must be able to rely on.
describe('the machine', () => {
  it('keeps a received byte over a store to UCSR0B', () => {
    const { machine, levels } = start([
      ...[0xe108, 0x9300, 0xc1, 0x9a20], // ldi r16, RXEN|TXEN; sts UCSR0B, r16; sbi DDRB, 0
      ...[0x9110, 0xc0, 0xff17, 0xcffc], // wait: lds r17, UCSR0A; sbrs r17, RXC; rjmp wait
      ...[0x9300, 0xc1], // sts UCSR0B, r16
      ...[0x9120, 0xc0, 0xfd27, 0x9a28], // lds r18, UCSR0A; sbrc r18, RXC; sbi PORTB, 0
      0xcfff, // end: rjmp end
    ])
    machine.runUntil(100)
    expect(levels.at(-1) ?? 0).toBe(0)
    machine.receive(0x41)
    machine.runUntil(200)
    expect(levels.at(-1)).toBe(1)
  })

  it('asks for the next byte to send as long as the register is empty', () => {
    const toggleAndReturn = [0x9a18, 0x9518] // sbi PINB, 0; reti
    const { machine, levels } = start(
      [
        0xc000 + udreVector + 1, // rjmp main
        ...Array<number>(udreVector + 1).fill(0),
        ...[0xe208, 0x9a20, 0x9300, 0xc1, 0x9478, 0xcfff], // main: ldi r16, UDRIE|TXEN; sbi DDRB, 0; sts UCSR0B, r16; sei; end: rjmp end
      ],
      toggleAndReturn,
    )
    machine.runUntil(1000)
    expect(levels.length).toBeGreaterThan(10)
  })

  it('falls asleep after SEI before it takes the interrupt that is to wake it', () => {
    const switchOffAndReturn = [0xe018, 0x9310, 0xc1, 0x9518] // ldi r17, TXEN; sts UCSR0B, r17; reti
    const { machine, levels } = start(
      [
        0xc000 + udreVector + 3, // rjmp main
        ...Array<number>(udreVector + 3).fill(0),
        ...[0xe208, 0x9a20, 0x9300, 0xc1], // main: ldi r16, UDRIE|TXEN; sbi DDRB, 0; sts UCSR0B, r16
        ...[0xe001, 0xbf03, 0x9478, 0x9588], // ldi r16, SE; out SMCR, r16; sei; sleep
        ...[0x9a28, 0xcfff], // sbi PORTB, 0; end: rjmp end
      ],
      switchOffAndReturn,
    )
    machine.runUntil(1000)
    expect(levels.at(-1)).toBe(1)
  })

  it('sleeps on to the very cycle it was asked for', () => {
    const { machine } = start([0xe001, 0xbf03, 0x9588, 0xcfff]) // ldi r16, SE; out SMCR, r16; sleep; rjmp
    machine.runUntil(16_000_000)
    expect(machine.cycles()).toBe(16_000_000)
  })
})
