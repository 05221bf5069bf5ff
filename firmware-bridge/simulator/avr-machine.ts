import {
  AVRClock,
  AVREEPROM,
  AVRIOPort,
  AVRTimer,
  AVRUSART,
  AVRWatchdog,
  CPU,
  eepromConfig,
  portBConfig,
  portDConfig,
  timer0Config,
  usart0Config,
  watchdogConfig,
} from 'avr8js'
import { makeAvrStepper } from './avr-stepper.ts'
import { type EepromCells, phaseCycles } from './eeprom-cells.ts'

export const cpuHz = 16_000_000
const ramBytes = 2048
const ramStart = 0x100
const MCUSR = 0x54
/** FE0 in UCSR0A belongs to the byte that waits in UDR0 (ATmega328P datasheet, 19.10.2); avr8js has none. */
const frameError = 0x10

/** MCUSR as the chip sets it (ATmega328P datasheet, 11.9.1). */
export const resetFlags = { powerOn: 0x01, resetPin: 0x02, watchdog: 0x08 } as const

export type AvrMachineOptions = {
  flash: Uint16Array
  eeprom: EepromCells
  /** 2048 bytes: rubbish after a power cut, what was there after a reset. */
  ram: Uint8Array
  resetFlag: number
  /** A byte has left the transmitter to its last bit. */
  onTransmitted: (byte: number) => void
  /** Levels of PB0–PB7 that are driven high. */
  onPortB: (levels: number) => void
}

/** One run of the chip, from a reset to the next or to the loss of power. */
export type AvrMachine = {
  cycles(): number
  /** Runs up to a cycle, or less where a watchdog reset or a pause comes before. */
  runUntil(cycle: number): 'done' | 'watchdog-reset'
  /** From within a callback: ends the run after the present instruction, since something is to happen earlier. */
  pause(): void
  /** Level at PD0–PD7, one bit each. */
  setPortD(levels: number): void
  /** A byte has arrived to its last bit; lost while the receiver is off, as on silicon. A broken frame had no stop bit. */
  receive(byte: number, isBrokenFrame?: boolean): void
  ram(): Uint8Array
}

/** What avr8js keeps to itself and a faithful machine needs. */
type Interrupt = Parameters<CPU['setInterruptFlag']>[0]
type UsartInside = { UDRE: Interrupt; RXC: Interrupt; cyclesPerChar: number }

/** Powers an ATmega328P with the peripherals that the firmware uses. */
export function startAvrMachine(options: AvrMachineOptions): AvrMachine {
  const { flash, eeprom, ram, resetFlag, onTransmitted, onPortB } = options
  const cpu = new CPU(flash, ramBytes)
  cpu.data.set(ram, ramStart)
  cpu.data[MCUSR] = resetFlag
  const portB = new AVRIOPort(cpu, portBConfig)
  const portD = new AVRIOPort(cpu, portDConfig)
  portB.addListener((levels) => onPortB(levels & (cpu.data[portBConfig.DDR] ?? 0)))
  const timer = new AVRTimer(cpu, timer0Config)
  new AVRWatchdog(cpu, watchdogConfig, new AVRClock(cpu, cpuHz))
  new AVREEPROM(cpu, eeprom.attach(cpu), { ...eepromConfig, eraseCycles: phaseCycles, writeCycles: phaseCycles })
  const usart = addUsart(cpu, onTransmitted)

  let isReset = false
  // avr8js leaves the peripherals as they are at a reset; the box starts a new machine instead.
  cpu.reset = () => {
    isReset = true
    stepper.stop()
  }
  const stepper = makeAvrStepper(cpu, timer)

  return {
    cycles: () => cpu.cycles,
    runUntil(cycle) {
      stepper.run(cycle)
      return isReset ? 'watchdog-reset' : 'done'
    },
    pause: () => stepper.stop(),
    setPortD(levels) {
      for (let pin = 0; pin < 8; pin++) portD.setPin(pin, (levels & (1 << pin)) !== 0)
    },
    receive(byte, isBrokenFrame = false) {
      usart.writeByte(byte, true)
      const status = cpu.data[usart0Config.UCSRA] ?? 0
      cpu.data[usart0Config.UCSRA] = isBrokenFrame ? status | frameError : status & ~frameError
    },
    ram: () => cpu.data.slice(ramStart, ramStart + ramBytes),
  }
}

function addUsart(cpu: CPU, onTransmitted: (byte: number) => void): AVRUSART {
  const usart = new AVRUSART(cpu, usart0Config, cpuHz)
  const inside = usart as unknown as UsartInside
  const { UDRE, RXC } = inside
  // On silicon UDRE stays set while the register is empty; avr8js clears it on entry, and a ring drained by that
  // interrupt would stall.
  UDRE.constant = true
  const { UCSRA, UCSRB } = usart0Config
  const writeControl = cpu.writeHooks[UCSRB]
  // avr8js throws a received byte away at any store to UCSRB; on silicon only reading it or RXEN = 0 does that.
  cpu.writeHooks[UCSRB] = (value, before, address, mask) => {
    const isWaiting = ((cpu.data[UCSRA] ?? 0) & RXC.flagMask) !== 0
    const isDone = writeControl?.(value, before, address, mask)
    if (isWaiting && usart.rxEnable) cpu.setInterruptFlag(RXC)
    return isDone ?? false
  }
  usart.onByteTransmit = (byte) => {
    cpu.addClockEvent(() => onTransmitted(byte), inside.cyclesPerChar)
  }
  return usart
}
