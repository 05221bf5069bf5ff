import { AppError } from '../../src/shared/errors.ts'
import type { LineEnd } from './line-end.ts'

/** As `BoxPort` of the serial room has it. */
export type SimulatedPort = {
  onBytes(listener: (bytes: Uint8Array) => void): void
  onClosed(listener: (reason: string) => void): void
  write(text: string): void
  close(): Promise<void>
}

export type SimulatedPortOptions = {
  /** The box lives on the cable's power: without it the device is gone, and an open port hangs up. */
  isCablePowered?: boolean
  /** Opening pulls DTR, and DTR the reset pin, as on an Arduino without `stty -hupcl`. */
  resetsOnOpen?: boolean
}

/**
 * The way to a simulated box without a device: what `openBoxLink` takes as `openPort`.
 *
 * @param box the box itself, or a faulty cable on it
 *
 * Only one end is open at a time; opening again hangs the one before up.
 */
export function makeSimulatedPortOpener(
  box: LineEnd,
  options: SimulatedPortOptions = {},
): () => Promise<SimulatedPort> {
  const { isCablePowered = true, resetsOnOpen = false } = options
  let hangUp = (_reason: string) => {}
  if (isCablePowered) box.onPower((isOn) => isOn || hangUp('the box was unplugged'))

  return async () => {
    if (isCablePowered && !box.isOn()) throw new AppError('box-port-missing', 'the simulated box is unplugged')
    hangUp('opened again')
    const { port, hangUp: hangUpThis } = openPort(box)
    hangUp = hangUpThis
    if (resetsOnOpen) box.reset()
    return port
  }
}

function openPort(box: LineEnd): { port: SimulatedPort; hangUp: (reason: string) => void } {
  let isOpen = true
  let stopBytes = () => {}
  let reportClosed: ((reason: string) => void) | null = null
  let lostBefore: string | null = null

  function shut(): void {
    isOpen = false
    stopBytes()
  }

  const port: SimulatedPort = {
    onBytes(listener) {
      if (isOpen) stopBytes = box.onBytes(listener)
    },
    onClosed(listener) {
      reportClosed = listener
      if (lostBefore !== null) listener(lostBefore)
    },
    write: (text) => void (isOpen && box.write(text)),
    close: async () => shut(),
  }
  return {
    port,
    hangUp(reason) {
      if (!isOpen) return
      shut()
      lostBefore = reason
      reportClosed?.(reason)
    },
  }
}
