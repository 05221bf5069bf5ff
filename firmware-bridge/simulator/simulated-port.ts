import { AppError } from '../../src/shared/errors.ts'
import type { LineEnd } from './line-end.ts'

/** As `BoxPort` of the serial room has it. */
type SimulatedPort = {
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

/** Opens the port; and the cable's host end, to be pulled and put back. */
export type SimulatedPortOpener = (() => Promise<SimulatedPort>) & { unplug(): void; plug(): void }

/**
 * The way to a simulated box without a device: what `openBoxLink` takes as `openPort`.
 *
 * Only one end is open at a time; opening again hangs the one before up.
 *
 * @param end the box itself, or a faulty cable on it
 */
export function makeSimulatedPortOpener(end: LineEnd, options: SimulatedPortOptions = {}): SimulatedPortOpener {
  const { isCablePowered = true, resetsOnOpen = false } = options
  let hangUp = (_reason: string) => {}
  let isPlugged = true
  if (isCablePowered) end.onPower((isOn) => isOn || hangUp('the box was unplugged'))

  const open = async () => {
    if (!isPlugged || (isCablePowered && !end.isOn()))
      throw new AppError('box-port-missing', 'the simulated box is unplugged')
    hangUp('opened again')
    const { port, hangUp: hangUpThis } = openPort(end)
    hangUp = hangUpThis
    if (resetsOnOpen) end.reset()
    return port
  }
  return Object.assign(open, {
    unplug() {
      isPlugged = false
      hangUp('the cable was pulled')
    },
    plug() {
      isPlugged = true
    },
  })
}

function openPort(end: LineEnd): { port: SimulatedPort; hangUp: (reason: string) => void } {
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
      if (isOpen) stopBytes = end.onBytes(listener)
    },
    onClosed(listener) {
      reportClosed = listener
      if (lostBefore !== null) listener(lostBefore)
    },
    write: (text) => void (isOpen && end.write(text)),
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
