import { realpath } from 'node:fs/promises'
import { SerialPort } from 'serialport'
import { AppError } from '../../src/shared/errors.ts'
import type { BoxPort, PortOpener } from './box-port.ts'
import { findLockOwner } from './lock-owner.ts'
import { makeTtyBinding } from './tty-binding.ts'

export type SerialPortOptions = {
  /** The device, best a udev link or a name under /dev/serial/by-path; resolved anew for each attempt. */
  path: string
  /** How long a port may take to close before it is left to itself. */
  closeDeadlineMs?: number
}

/**
 * Opens the serial device that a box hangs on, at 57600 8N1 (PROTOCOL.md §1).
 *
 * Presume that opening loses what was waiting (it flushes) and resets the board (DTR): the protocol repeats both ways.
 * `hupcl: false` is asked for and does not clear HUPCL on Linux; `stty -hupcl` in the udev rule does. Modem lines are
 * neither set nor read, since a pty has none and answers with an error. The device is locked while it is open.
 *
 * @returns an opener that rejects with `box-port-missing` (no such device), `box-port-busy` (locked by another process,
 *   whose bytes stay untouched: the lock is asked for before the flush) or `box-port-failed`
 */
export function makeSerialPortOpener({ path, closeDeadlineMs = 2000 }: SerialPortOptions): PortOpener {
  return async () => {
    const device = await realpath(path).catch((cause: unknown) => {
      throw new AppError('box-port-missing', `no serial device at ${path}`, { cause })
    })
    const port = new SerialPort({ path: device, ...wire, ...{ binding: makeTtyBinding() }, autoOpen: false })
    const fault = await new Promise<Error | null | undefined>((resolve) => port.open(resolve))
    if (fault) throw await explainFault(path, device, fault)
    return wrapSerialPort(port, closeDeadlineMs)
  }
}

// `vmin` stays at its default of 1: with 0 an idle tty reads as 0 bytes, which means a hang-up (tty-binding.ts).
const wire = { baudRate: 57600, dataBits: 8, parity: 'none', stopBits: 1, hupcl: false, highWaterMark: 32_768 } as const

/** serialport tells its faults in words alone. */
async function explainFault(path: string, device: string, cause: Error): Promise<AppError> {
  if (!/cannot lock port/i.test(cause.message))
    return new AppError('box-port-failed', `cannot open ${path}: ${cause.message}`, { cause })
  const pid = await findLockOwner(device)
  const owner = pid === null ? 'another program' : `another program (process ${pid})`
  return new AppError('box-port-busy', `${owner} has ${path} open, and a box can have only one daemon`, { cause })
}

/** Our answers to what a box can say in a second are shorter. */
const maxUnsentBytes = 4096

function wrapSerialPort(port: SerialPort, closeDeadlineMs: number): BoxPort {
  let reportClosed: ((reason: string) => void) | null = null
  let isClosing = false
  const onGone = (cause?: Error | null) => {
    if (!isClosing) reportClosed?.(cause ? `the device is gone: ${cause.message}` : 'the device is gone')
  }
  // Stays for good: an error event that nobody hears would end the process, also long after the close.
  port.on('error', onGone)
  port.on('close', onGone)
  return {
    onBytes(listener) {
      port.on('data', listener)
    },
    onClosed(listener) {
      reportClosed = listener
      if (!port.isOpen) listener('the device is gone')
    },
    write(text) {
      // Written while closed, it would wait in the stream for the next opening.
      if (!port.isOpen) return
      if (port.writableLength > maxUnsentBytes) reportClosed?.('the device takes no bytes')
      else port.write(text, 'latin1')
    },
    async close() {
      isClosing = true
      port.removeAllListeners('data')
      if (port.isOpen) await closeInTime(port, closeDeadlineMs)
      port.destroy()
    },
  }
}

function closeInTime(port: SerialPort, deadlineMs: number): Promise<void> {
  return new Promise((resolve) => {
    const deadline = setTimeout(resolve, deadlineMs)
    port.close(() => {
      clearTimeout(deadline)
      resolve()
    })
  })
}
