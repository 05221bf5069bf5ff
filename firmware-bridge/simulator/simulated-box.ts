/**
 * A box without hardware: the committed firmware image in an AVR simulator, in this process.
 *
 * In: presses on its pins, bytes from the host, power. Out: bytes to the host, lights, and, outside of the product's
 * path, the log of presses that its EEPROM truly holds.
 *
 * Promises: time passes only in `advance`, so the same seed, EEPROM and script give the same box, bit for bit. EEPROM
 * outlives power, RAM does not, and a byte that was being written when power went stays torn.
 */
import type { ButtonNumber } from '../line/box-line.ts'
import { type AvrMachine, cpuHz, resetFlags, startAvrMachine } from './avr-machine.ts'
import { type BoxLights, type Lights, makeBoxLights } from './box-lights.ts'
import { type CommittedPress, makeCommitLog } from './commit-log.ts'
import { makeContactEdges } from './contact-bounce.ts'
import { eepromBytes, makeEepromCells } from './eeprom-cells.ts'
import { makeEventQueue } from './event-queue.ts'
import { parseIntelHex } from './intel-hex.ts'
import { makeSeededRandom } from './seeded-random.ts'

export type SimulatedBoxOptions = {
  /** Intel HEX, see `readBoxHex`. */
  hex: string
  /** 1024 bytes; an erased one without. */
  eeprom?: Uint8Array
  seed?: number
  onCommit?: (press: CommittedPress) => void
  onLights?: (lights: Lights, atMs: number) => void
}

type PressShape = {
  holdMs?: number
  /** How long each contact flutters, closing as well as opening; 0 for clean edges. */
  bounceMs?: number
}

export type SimulatedBox = {
  /** Simulated time since this box was opened. */
  nowMs(): number
  /** Lets simulated time pass, as fast as the machine can. */
  advance(ms: number): void
  /** Closes and opens a contact in the simulated time to come; returns when it will have come to rest, in ms. */
  press(button: ButtonNumber, shape?: PressShape): number
  hold(button: ButtonNumber, bounceMs?: number): void
  release(button: ButtonNumber, bounceMs?: number): void
  /** All contacts at once, without bounce: those listed are closed. */
  setClosed(buttons: readonly ButtonNumber[]): void
  lights(): Lights
  /** From the host; arrives byte by byte at 57600 baud. latin1. */
  write(text: string): void
  /** To the host, in pieces no longer than a line. Returns a function that stops it. */
  onBytes(listener: (bytes: Uint8Array) => void): () => void
  onPower(listener: (isOn: boolean) => void): () => void
  isOn(): boolean
  powerOff(how?: { tear?: boolean }): void
  powerOn(): void
  /** The reset pin, as DTR pulls it when a port is opened. */
  reset(): void
  /** A copy. */
  eeprom(): Uint8Array
  /** Every press that the EEPROM has ever held, whole; the truth that tests compare with. */
  committed(): readonly CommittedPress[]
}

const cyclesPerMs = cpuHz / 1000
/** 8N1: ten bits (PROTOCOL.md §1). */
const cyclesPerByte = Math.round((cpuHz * 10) / 57_600)
const newline = 0x0a
const firstButtonPin = 4

/** Opens a box with its power on. */
export function openSimulatedBox(options: SimulatedBoxOptions): SimulatedBox {
  const { hex, eeprom = new Uint8Array(eepromBytes).fill(0xff), seed = 1, onCommit, onLights } = options
  const flash = parseIntelHex(hex)
  const random = makeSeededRandom(seed)
  // An event that the running machine itself brings about may come before the cycle it was told to run to.
  const events = makeEventQueue(() => machine?.pause())
  const byteListeners = new Set<(bytes: Uint8Array) => void>()
  const powerListeners = new Set<(isOn: boolean) => void>()
  const cells = makeEepromCells({ content: eeprom, random, onWritten: (address) => log.written(address, nowMs()) })
  const log = makeCommitLog(cells, onCommit)
  const lights: BoxLights = makeBoxLights({
    onChange: (now) => onLights?.(now, nowMs()),
    after: (ms, run) => events.add(now() + ms * cyclesPerMs, run),
  })

  let machine: AvrMachine | null = null
  /** Simulated cycle at which the machine was started; without power, the present one. */
  let startCycle = 0
  let closedContacts = 0
  let outgoing: number[] = []
  /** The host's line is busy until then. */
  let receivingUntil = 0
  let powerCount = 0

  let isAdvancing = false
  /** The cycle up to which time was asked to pass; the machine overshoots it by a part of an instruction. */
  let askedCycle = 0

  const now = () => startCycle + (machine?.cycles() ?? 0)
  /** What a script means by now, so that it gives the same box in whatever steps it lets time pass. */
  const scriptNow = () => (isAdvancing ? now() : askedCycle)
  const nowMs = () => now() / cyclesPerMs

  function start(resetFlag: number, ram: Uint8Array): void {
    startCycle = now()
    machine = startAvrMachine({
      ...{ flash, eeprom: cells, ram, resetFlag, onTransmitted },
      onPortB: (levels) => lights.setLevels(levels),
    })
    applyContacts()
  }

  /** @returns what RAM held */
  function stop(isTorn: boolean): Uint8Array {
    flush()
    const ram = machine?.ram() ?? new Uint8Array()
    const stoppedAt = now()
    machine = null
    startCycle = stoppedAt
    cells.cutPower(isTorn)
    lights.setLevels(0)
    return ram
  }

  function restart(resetFlag: number): void {
    if (machine) start(resetFlag, stop(false))
  }

  function onTransmitted(byte: number): void {
    outgoing.push(byte)
    if (byte === newline) flush()
  }

  function flush(): void {
    if (outgoing.length === 0) return
    const bytes = Uint8Array.from(outgoing)
    outgoing = []
    for (const listener of byteListeners) listener(bytes)
  }

  function applyContacts(): void {
    // A closed contact pulls its pin to ground, an open one leaves it to the pull-up.
    machine?.setPortD(~(closedContacts << firstButtonPin) & 0xff)
  }

  function setContact(button: ButtonNumber, isClosed: boolean): void {
    const mask = 1 << (button - 1)
    closedContacts = isClosed ? closedContacts | mask : closedContacts & ~mask
    applyContacts()
  }

  /** @returns the cycle at which the contact has settled */
  function moveContact(button: ButtonNumber, isClosed: boolean, bounceMs: number, atCycle: number): number {
    const edges = makeContactEdges(isClosed, bounceMs, random)
    for (const edge of edges)
      events.add(atCycle + Math.round(edge.afterMs * cyclesPerMs), () => setContact(button, edge.isClosed))
    return atCycle + (edges.at(-1)?.afterMs ?? 0) * cyclesPerMs
  }

  function advanceTo(target: number): void {
    isAdvancing = true
    while (now() < target || events.next() <= target) {
      const stopAt = Math.min(target, events.next())
      if (now() < stopAt) runTo(stopAt)
      if (events.next() <= now()) events.take()?.()
    }
    isAdvancing = false
    askedCycle = target
    flush()
  }

  function runTo(cycle: number): void {
    if (!machine) startCycle = cycle
    else if (machine.runUntil(cycle - startCycle) === 'watchdog-reset') restart(resetFlags.watchdog)
  }

  const box: SimulatedBox = {
    nowMs,
    advance: (ms) => advanceTo(askedCycle + Math.round(ms * cyclesPerMs)),
    press(button, { holdMs = 120, bounceMs = 0 } = {}) {
      const settled = moveContact(button, true, bounceMs, scriptNow())
      return moveContact(button, false, bounceMs, settled + holdMs * cyclesPerMs) / cyclesPerMs
    },
    hold: (button, bounceMs = 0) => void moveContact(button, true, bounceMs, scriptNow()),
    release: (button, bounceMs = 0) => void moveContact(button, false, bounceMs, scriptNow()),
    setClosed(buttons) {
      closedContacts = buttons.reduce((mask, button) => mask | (1 << (button - 1)), 0)
      applyContacts()
    },
    lights: () => lights.now(),
    write(text) {
      for (const byte of Buffer.from(text, 'latin1')) {
        receivingUntil = Math.max(receivingUntil, scriptNow()) + cyclesPerByte
        events.add(receivingUntil, () => machine?.receive(byte))
      }
    },
    onBytes(listener) {
      byteListeners.add(listener)
      return () => void byteListeners.delete(listener)
    },
    onPower(listener) {
      powerListeners.add(listener)
      return () => void powerListeners.delete(listener)
    },
    isOn: () => machine !== null,
    powerOff({ tear = true } = {}) {
      if (!machine) return
      stop(tear)
      log.powerLost(nowMs())
      for (const listener of powerListeners) listener(false)
    },
    powerOn() {
      if (machine) return
      start(resetFlags.powerOn, makeRubbish(seed + ++powerCount))
      for (const listener of powerListeners) listener(true)
    },
    reset: () => restart(resetFlags.resetPin),
    eeprom: () => cells.copy(),
    committed: () => log.all(),
  }
  box.powerOn()
  return box
}

/** RAM after power-on holds anything but zeros. */
function makeRubbish(seed: number): Uint8Array {
  const random = makeSeededRandom(seed)
  return Uint8Array.from({ length: 2048 }, () => Math.floor(random() * 256))
}
