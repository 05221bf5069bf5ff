import assert from 'node:assert/strict'
import type { HelloLine, PressLine } from '../../firmware-bridge/line/box-line.ts'
import { crc16 } from '../../firmware-bridge/line/crc16.ts'
import { formatFrame } from '../../firmware-bridge/line/format-line.ts'
import { parseBoxLine } from '../../firmware-bridge/line/parse-line.ts'
import type { Lights } from '../../firmware-bridge/simulator/box-lights.ts'
import { openSimulatedBox, type SimulatedBox } from '../../firmware-bridge/simulator/simulated-box.ts'

export const rigBoxId = '3f9c02d7'

type StoredPress = { sequence: number; button?: number; isDelivered?: boolean }
type Heard = { atMs: number; text: string }

/** An image in the simulator with a script's hands at its buttons, its line and its power. */
export type ImageRig = {
  box: SimulatedBox
  /** Everything said since the start or since `forget`. */
  lines: Heard[]
  lights: { lights: Lights; atMs: number }[]
  forget(): void
  /** BODY, framed here. */
  say(body: string): void
  ack(sequence: number, status?: number): void
  reboot(): void
  presses(): (PressLine & { atMs: number })[]
  hellos(): (HelloLine & { atMs: number })[]
  /** What it says of itself now: the hello that answers a `W`, or the next one; fails when none comes in two seconds. */
  nextHello(): HelloLine
  /** Presses shortly, lets go and waits until all is committed. */
  tap(button: 1 | 2 | 3 | 4): void
}

/** An EEPROM as PROTOCOL.md §14 has it. */
export function makeEeprom({ boxId = rigBoxId, presses = [] as StoredPress[] }): Uint8Array {
  const eeprom = Buffer.alloc(1024, 0xff)
  const crcOf = (bytes: Buffer) => crc16(bytes.toString('latin1'))
  if (boxId !== '') {
    eeprom.write(boxId, 2, 'hex')
    eeprom.writeUInt16LE(crcOf(eeprom.subarray(2, 6)), 6)
  }
  for (const { sequence, button = 1, isDelivered = false } of presses) {
    const at = 0x20 + (sequence % 124) * 8
    eeprom.writeUInt32LE(sequence, at)
    eeprom.writeUInt8(button - 1, at + 4)
    eeprom.writeUInt8(isDelivered ? 0x00 : 0xff, at + 5)
    eeprom.writeUInt16LE(crcOf(eeprom.subarray(at, at + 5)), at + 6)
  }
  return eeprom
}

/**
 * Opens an image with an identity, 100 ms after its power-on, which is after its first hello.
 *
 * @param hex Intel HEX
 */
export function openImageRig(hex: string, eeprom: Uint8Array = makeEeprom({})): ImageRig {
  const lines: Heard[] = []
  const lights: ImageRig['lights'] = []
  const box = openSimulatedBox({ hex, eeprom, onLights: (now, atMs) => void lights.push({ lights: now, atMs }) })
  let text = ''
  box.onPower(() => {
    text = ''
  })
  box.onBytes((bytes) => {
    const pieces = (text + Buffer.from(bytes).toString('latin1')).split('\n')
    text = pieces.pop() ?? ''
    lines.push(...pieces.map((piece) => ({ atMs: box.nowMs(), text: piece })))
  })

  const rig: ImageRig = {
    ...{ box, lines, lights },
    forget() {
      lines.length = 0
      lights.length = 0
    },
    say: (body) => box.write(formatFrame(body)),
    ack: (sequence, status = 0) => rig.say(`A,${rigBoxId},${sequence},${status}`),
    reboot() {
      box.powerOff()
      rig.forget()
      box.advance(50)
      box.powerOn()
      box.advance(100)
    },
    presses: () => parsed(lines).flatMap((line) => (line.type === 'press' ? [line] : [])),
    hellos: () => parsed(lines).flatMap((line) => (line.type === 'hello' ? [line] : [])),
    nextHello() {
      rig.say('W')
      box.advance(10)
      lines.length = 0
      for (let part = 0; part < 200 && rig.hellos().length === 0; part++) box.advance(10)
      const [hello] = rig.hellos()
      assert(hello, 'no hello for two seconds')
      return hello
    },
    tap(button) {
      box.press(button, { holdMs: 40 })
      box.advance(120)
    },
  }
  box.advance(100)
  return rig
}

function parsed(lines: readonly Heard[]) {
  return lines.map(({ atMs, text }) => {
    const result = parseBoxLine(text)
    assert(result.ok, `the box said ${JSON.stringify(text)}`)
    return { ...result.line, atMs }
  })
}
