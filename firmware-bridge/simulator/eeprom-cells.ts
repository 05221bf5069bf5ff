import type { CPU, EEPROMBackend } from 'avr8js'
import type { Random } from './seeded-random.ts'

export const eepromBytes = 1024
/** Erasing a cell and programming it take about 1.8 ms each at 16 MHz (ATmega328P datasheet, 8.4). */
export const phaseCycles = 28_800

export type EepromCells = {
  /** The cells as one powered run of the chip sees them. */
  attach(cpu: CPU): EEPROMBackend
  copy(): Uint8Array
  read(address: number): number
  /** The byte on its way into its cell, and how long that takes from its beginning. */
  writing(): { address: number; cycles: number } | null
  /** Power goes away: what is being written stays torn, or is finished first. */
  cutPower(isTorn: boolean): void
}

export type EepromCellsOptions = {
  content: Uint8Array
  random: Random
  /** A byte has been written to its end. */
  onWritten: (address: number) => void
  /** A byte has begun; whether it erases only, programs only or does both shows in `writing` within the same cycle. */
  onBegun?: () => void
}

/** A byte on its way into a cell: erasing sets bits, programming then clears them. */
type Write = { cpu: CPU; address: number; before: number; after: number; erases: boolean; startedAt: number }

/**
 * The EEPROM: keeps its content without power, and a write that the power cut interrupted half done.
 *
 * @param content 1024 bytes, copied
 */
export function makeEepromCells({ content, random, onWritten, onBegun }: EepromCellsOptions): EepromCells {
  const cells = Uint8Array.from(content)
  let write: Write | null = null

  function finish(): void {
    if (!write) return
    const { address } = write
    write = null
    onWritten(address)
  }

  function begin(cpu: CPU, address: number, after: number, erases: boolean): void {
    const isSecondPhase = write?.address === address && write.startedAt === cpu.cycles
    const before = isSecondPhase && write ? write.before : (cells[address] ?? 0xff)
    write = { cpu, address, before, after, erases: erases || isSecondPhase, startedAt: cpu.cycles }
    cells[address] = after
    if (isSecondPhase) cpu.clearClockEvent(finish)
    cpu.addClockEvent(finish, isSecondPhase ? 2 * phaseCycles : phaseCycles)
    if (!isSecondPhase) onBegun?.()
  }

  return {
    attach: (cpu) => ({
      readMemory: (address) => cells[address] ?? 0xff,
      eraseMemory: (address) => begin(cpu, address, 0xff, true),
      writeMemory: (address, value) => begin(cpu, address, (cells[address] ?? 0xff) & value, false),
    }),
    copy: () => Uint8Array.from(cells),
    read: (address) => cells[address] ?? 0xff,
    writing: () => write && { address: write.address, cycles: phases(write) * phaseCycles },
    cutPower(isTorn) {
      if (write && isTorn && !isFinished(write)) {
        cells[write.address] = tear(write, random)
        write = null
      } else finish()
    },
  }
}

function phases({ erases, after }: Write): number {
  return erases && after !== 0xff ? 2 : 1
}

function isFinished(write: Write): boolean {
  return write.cpu.cycles >= write.startedAt + phases(write) * phaseCycles
}

/** Each bit that had to change has done so with the probability of the time that its phase was given. */
function tear(write: Write, random: Random): number {
  const { cpu, before, after, erases, startedAt } = write
  const elapsed = (cpu.cycles - startedAt) / phaseCycles
  const isErasing = erases && elapsed < 1
  const from = erases && !isErasing ? 0xff : before
  const to = isErasing ? 0xff : after
  const share = elapsed % 1
  let value = 0
  for (let bit = 1; bit <= 0x80; bit <<= 1) value |= (random() < share ? to : from) & bit
  return value
}
