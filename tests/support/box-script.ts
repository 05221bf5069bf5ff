import type { ButtonNumber } from '../../firmware-bridge/line/box-line.ts'
import { formatLine } from '../../firmware-bridge/line/format-line.ts'
import { readBoxHex } from '../../firmware-bridge/simulator/box-hex.ts'
import type { FaultyCableOptions } from '../../firmware-bridge/simulator/faulty-cable.ts'
import {
  openSimulatedBox,
  type SimulatedBox,
  type SimulatedBoxOptions,
} from '../../firmware-bridge/simulator/simulated-box.ts'

export const simulatedBoxId = '3f9c02d7'

/** A box on the committed image. */
export function openBox(options: Partial<SimulatedBoxOptions> = {}): SimulatedBox {
  return openSimulatedBox({ hex: readBoxHex(), ...options })
}

/** The same with an identity, up and quiet; simulated time is not 0 any more. */
export function openKnownBox(options: Partial<SimulatedBoxOptions> = {}): SimulatedBox {
  const box = openBox(options)
  box.advance(100)
  box.write(formatLine({ type: 'set-identity', boxId: simulatedBoxId }))
  box.advance(100)
  return box
}

/** What the box says, as lines. */
export function listenToBox(box: SimulatedBox): string[] {
  const lines: string[] = []
  let text = ''
  box.onBytes((bytes) => {
    text += Buffer.from(bytes).toString('latin1')
    const pieces = text.split('\n')
    text = pieces.pop() ?? ''
    lines.push(...pieces)
  })
  return lines
}

/** The four buttons in a repeatable jumble. */
export function buttonAt(index: number): ButtonNumber {
  return ((Math.imul(index + 1, 0x9e37_79b1) >>> 30) + 1) as ButtonNumber
}

/** A box that only says and hears bytes. */
export function makeMouth() {
  const heard: number[] = []
  const listeners = new Set<(bytes: Uint8Array) => void>()
  const end: FaultyCableOptions['box'] = {
    write: (text) => void heard.push(...Buffer.from(text, 'latin1')),
    onBytes(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    onPower: () => () => {},
    isOn: () => true,
    reset: () => {},
    nowMs: () => 0,
    after: () => {},
    receive: () => {},
    onByte: () => () => {},
  }
  return { end, heard, say: (bytes: Uint8Array) => listeners.forEach((listener) => void listener(bytes)) }
}
