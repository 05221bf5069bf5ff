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
import { makeBoxContacts } from './box-contacts.ts'
import { type BoxLights, type Lights, makeBoxLights } from './box-lights.ts'
import { type CommittedPress, makeCommitLog } from './commit-log.ts'
import { eepromBytes, makeEepromCells } from './eeprom-cells.ts'
import { makeEventQueue } from './event-queue.ts'
import { parseIntelHex } from './intel-hex.ts'
import type { LineEnd } from './line-end.ts'
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

/** How power goes: with `tear` the EEPROM byte that is being written stays half done, without it is finished. */
type PowerLoss = { tear?: boolean }

export type SimulatedBox = LineEnd & {
  /** Simulated time since this box was opened. */
  nowMs(): number
  /** Lets simulated time pass, as fast as the machine can. */
  advance(ms: number): void
  /** Runs something in the simulated time to come, to the cycle; also while the box is off. */
  after(ms: number, run: () => void): void
  /** Closes and opens a contact in the simulated time to come; returns when it will have come to rest, in ms. */
  press(button: ButtonNumber, shape?: PressShape): number
  hold(button: ButtonNumber, bounceMs?: number): void
  release(button: ButtonNumber, bounceMs?: number): void
  /** All contacts at once, without bounce: those listed are closed. */
  setClosed(buttons: readonly ButtonNumber[]): void
  lights(): Lights
  /** From the host; arrives byte by byte at 57600 baud. latin1. */
  write(text: string): void
  /** One byte at the receiver, now. A broken frame is one without a stop bit. */
  receive(byte: number, isBrokenFrame?: boolean): void
  /** Each byte to the host as its last bit has left. */
  onByte(listener: (byte: number) => void): () => void
  /** The EEPROM begins to write a byte, which takes `takesMs`. */
  onEepromWrite(listener: (address: number, takesMs: number) => void): () => void
  powerOff(how?: PowerLoss): void
  /** Power goes after some simulated time, at whatever the box is doing then, and comes back `offMs` later. */
  cutPowerAfter(ms: number, how?: PowerLoss & { offMs?: number }): void
  powerOn(): void
  /** A copy. */
  eeprom(): Uint8Array
  /** Every press that the EEPROM has ever held, whole; the truth that tests compare with. */
  committed(): readonly CommittedPress[]
}

const cyclesPerMs = cpuHz / 1000
/** 8N1: ten bits (PROTOCOL.md §1). */
const cyclesPerByte = Math.round((cpuHz * 10) / 57_600)
const newline = 0x0a

/** Opens a box with its power on. */
export function openSimulatedBox(options: SimulatedBoxOptions): SimulatedBox {
  const { hex, eeprom = new Uint8Array(eepromBytes).fill(0xff), seed = 1, onCommit, onLights } = options
  const flash = parseIntelHex(hex)
  const random = makeSeededRandom(seed)
  // An event that the running machine itself brings about may come before the cycle it was told to run to.
  const events = makeEventQueue(() => machine?.pause())
  const listeners = {
    bytes: new Set<(bytes: Uint8Array) => void>(),
    byte: new Set<(byte: number) => void>(),
    power: new Set<(isOn: boolean) => void>(),
    eepromWrite: new Set<(address: number, takesMs: number) => void>(),
  }
  const cells = makeEepromCells({
    ...{ content: eeprom, random },
    onWritten: (address) => log.written(address, nowMs()),
    onBegun: () => events.add(now(), tellEepromWrite),
  })
  const log = makeCommitLog(cells, onCommit)
  const lights: BoxLights = makeBoxLights({
    onChange: (now) => onLights?.(now, nowMs()),
    after: (ms, run) => events.add(now() + ms * cyclesPerMs, run),
  })
  const contacts = makeBoxContacts({
    random,
    at: (ms, run) => events.add(Math.round(ms * cyclesPerMs), run),
    onLevels: (levels) => machine?.setPortD(levels),
  })

  let machine: AvrMachine | null = null
  /** Simulated cycle at which the machine was started; without power, the present one. */
  let startCycle = 0
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
  const scriptNowMs = () => scriptNow() / cyclesPerMs
  const nowMs = () => now() / cyclesPerMs

  function start(resetFlag: number, ram: Uint8Array): void {
    startCycle = now()
    machine = startAvrMachine({
      ...{ flash, eeprom: cells, ram, resetFlag, onTransmitted },
      onPortB: (levels) => lights.setLevels(levels),
    })
    machine.setPortD(contacts.levels())
  }

  /** @returns what RAM held */
  function stop(isTorn: boolean): Uint8Array {
    flush()
    const ram = machine?.ram() ?? new Uint8Array()
    const stoppedAt = now()
    machine?.pause()
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
    for (const listener of listeners.byte) listener(byte)
    if (byte === newline) flush()
  }

  function tellEepromWrite(): void {
    const write = cells.writing()
    if (!write) return
    for (const listener of listeners.eepromWrite) listener(write.address, write.cycles / cyclesPerMs)
  }

  function flush(): void {
    if (outgoing.length === 0) return
    const bytes = Uint8Array.from(outgoing)
    outgoing = []
    for (const listener of listeners.bytes) listener(bytes)
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

  function powerOff({ tear = true }: PowerLoss = {}): void {
    if (!machine) return
    stop(tear)
    log.powerLost(nowMs())
    for (const listener of listeners.power) listener(false)
  }

  function powerOn(): void {
    if (machine) return
    start(resetFlags.powerOn, makeRubbish(seed + ++powerCount))
    for (const listener of listeners.power) listener(true)
  }

  const after = (ms: number, run: () => void) => events.add(scriptNow() + Math.round(ms * cyclesPerMs), run)
  const box: SimulatedBox = {
    ...{ nowMs, after, powerOff, powerOn },
    advance: (ms) => advanceTo(askedCycle + Math.round(ms * cyclesPerMs)),
    press(button, { holdMs = 120, bounceMs = 0 } = {}) {
      const settledMs = contacts.move(button, true, bounceMs, scriptNowMs())
      return contacts.move(button, false, bounceMs, settledMs + holdMs)
    },
    hold: (button, bounceMs = 0) => void contacts.move(button, true, bounceMs, scriptNowMs()),
    release: (button, bounceMs = 0) => void contacts.move(button, false, bounceMs, scriptNowMs()),
    setClosed: (buttons) => contacts.setClosed(buttons),
    lights: () => lights.now(),
    write(text) {
      for (const byte of Buffer.from(text, 'latin1')) {
        receivingUntil = Math.max(receivingUntil, scriptNow()) + cyclesPerByte
        events.add(receivingUntil, () => machine?.receive(byte, false))
      }
    },
    receive: (byte, isBrokenFrame = false) => machine?.receive(byte, isBrokenFrame),
    onBytes: (listener) => listen(listeners.bytes, listener),
    onByte: (listener) => listen(listeners.byte, listener),
    onPower: (listener) => listen(listeners.power, listener),
    onEepromWrite: (listener) => listen(listeners.eepromWrite, listener),
    isOn: () => machine !== null,
    cutPowerAfter(ms, { offMs = 500, ...how } = {}) {
      after(ms, () => powerOff(how))
      after(ms + offMs, powerOn)
    },
    reset: () => restart(resetFlags.resetPin),
    eeprom: () => cells.copy(),
    committed: () => log.all(),
  }
  box.powerOn()
  return box
}

function listen<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** RAM after power-on holds anything but zeros. */
function makeRubbish(seed: number): Uint8Array {
  const random = makeSeededRandom(seed)
  return Uint8Array.from({ length: 2048 }, () => Math.floor(random() * 256))
}
