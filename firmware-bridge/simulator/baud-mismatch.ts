import type { SimulatedBox } from './simulated-box.ts'
import { makeUartReceiver, type UartReceiver } from './uart-receiver.ts'

export type BaudMismatchOptions = {
  box: Pick<SimulatedBox, 'nowMs' | 'after' | 'receive'>
  hostBaud: number
  /** A byte as the host reads it; its driver hands a broken one on too, unless told otherwise. */
  onHostByte: (byte: number) => void
  /** A byte arrived without a stop bit. */
  onBroken: (direction: 'toHost' | 'toBox') => void
}

export type BaudMismatch = {
  /** The box has just sent this byte to its last bit. */
  fromBox(byte: number): void
  fromHost(bytes: Uint8Array): void
}

/** What an ATmega328P makes of 57600 (PROTOCOL.md §1): 16 MHz / (8 · 35). */
const boxBaud = 16_000_000 / 280
const bitsPerFrame = 10
const boxFrameMs = (bitsPerFrame * 1000) / boxBaud
const [slowestBaud, fastestBaud] = [300, 4_000_000]

/**
 * A host whose port is set to another speed than the box's: each end samples what the other sends at its own.
 *
 * @throws RangeError for a baud rate outside of 300…4,000,000
 */
export function makeBaudMismatch({ box, hostBaud, onHostByte, onBroken }: BaudMismatchOptions): BaudMismatch {
  if (!(hostBaud >= slowestBaud && hostBaud <= fastestBaud))
    throw new RangeError(`baud rate ${hostBaud} is not in ${slowestBaud}…${fastestBaud}`)
  const host = makeUartReceiver({
    ...{ senderBaud: boxBaud, receiverBaud: hostBaud },
    onFrame(byte, isBroken) {
      if (isBroken) onBroken('toHost')
      onHostByte(byte)
    },
  })
  const chip = makeUartReceiver({
    ...{ senderBaud: hostBaud, receiverBaud: boxBaud },
    onFrame(byte, isBroken, atMs) {
      if (isBroken) onBroken('toBox')
      box.after(Math.max(0, atMs - box.nowMs()), () => box.receive(byte, isBroken))
    },
  })

  /** The last bytes are decided only once it is known that nothing followed. */
  function settleLater(receiver: UartReceiver, endMs: number): void {
    const slowestFrameMs = (bitsPerFrame * 1000) / Math.min(hostBaud, boxBaud)
    // What the box is sending by then is heard of only at its end.
    box.after(Math.max(0, endMs - box.nowMs()) + slowestFrameMs + boxFrameMs, () =>
      receiver.settle(box.nowMs() - boxFrameMs),
    )
  }

  return {
    fromBox: (byte) => settleLater(host, host.send(byte, box.nowMs() - boxFrameMs)),
    fromHost(bytes) {
      let endMs = box.nowMs()
      for (const byte of bytes) endMs = chip.send(byte, box.nowMs())
      if (bytes.length > 0) settleLater(chip, endMs)
    },
  }
}
