import { type AVRTimer, avrInstruction, type CPU } from 'avr8js'

const SMCR = 0x53
const TCCR0A = 0x44
const WGM01 = 0x02
const opcodeSleep = 0x9588
const opcodeSei = 0x9478

/** What avr8js keeps to itself. */
type ClockEvent = { cycles: number; callback: () => void; next: ClockEvent | null }
type CpuInside = { nextClockEvent: ClockEvent | null }
type TimerInside = { count: () => void; tcnt: number; ocrA: number; lastCycle: number; divider: number }

export type AvrStepper = {
  /** Runs until this cycle at least (at most, when it ends asleep), or until `stop`. */
  run(untilCycle: number): void
  /** From within a callback: ends the run after the present instruction. */
  stop(): void
}

/**
 * Carries out instructions, and leaps through sleep.
 *
 * avr8js takes SLEEP for NOP, so that a box which idles would need a whole core. Asleep, only clock events can bring an
 * interrupt, and of those of the timer, which come with each of its 250 counts in a millisecond, only the one that
 * reaches the compare value.
 */
export function makeAvrStepper(cpu: CPU, timer: AVRTimer): AvrStepper {
  const inside = cpu as unknown as CpuInside
  const count = timer as unknown as TimerInside
  const { data, progMem } = cpu
  // Held here, as a module's export may be looked up by a getter: this is called a million times a second.
  const carryOut = avrInstruction
  let isAsleep = false
  let isStopped = false

  function nextWorthACheck(): number {
    const next = inside.nextClockEvent
    if (!next) return Number.POSITIVE_INFINITY
    const isClearOnCompare = ((data[TCCR0A] ?? 0) & 0x03) === WGM01
    if (next.callback !== count.count || !isClearOnCompare || count.tcnt >= count.ocrA) return next.cycles
    const compareAt = count.lastCycle + (count.ocrA - count.tcnt) * count.divider
    return Math.max(next.cycles, Math.min(compareAt, next.next?.cycles ?? compareAt))
  }

  function sleepOn(untilCycle: number): void {
    const pc = cpu.pc
    if (cpu.nextInterrupt < 0 || !cpu.interruptsEnabled)
      cpu.cycles = Math.max(cpu.cycles, Math.min(nextWorthACheck(), untilCycle))
    cpu.tick()
    isAsleep = cpu.pc === pc
  }

  function fallAsleep(): void {
    const isEnabled = ((data[SMCR] ?? 0) & 1) !== 0
    const pc = cpu.pc
    cpu.tick()
    isAsleep = isEnabled && cpu.pc === pc
  }

  function wakeOn(untilCycle: number): void {
    while (!isAsleep && cpu.cycles < untilCycle && !isStopped) {
      const opcode = progMem[cpu.pc]
      carryOut(cpu)
      if (opcode === opcodeSleep) fallAsleep()
      // The instruction after SEI comes before any interrupt (AVR instruction set): SEI, SLEEP must not miss one.
      else if (opcode !== opcodeSei) cpu.tick()
    }
  }

  return {
    run(untilCycle) {
      isStopped = false
      while (cpu.cycles < untilCycle && !isStopped) {
        if (isAsleep) sleepOn(untilCycle)
        else wakeOn(untilCycle)
      }
    },
    stop() {
      isStopped = true
    },
  }
}
