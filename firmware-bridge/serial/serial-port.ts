import { realpath } from 'node:fs/promises'
import { SerialPort } from 'serialport'
import { AppError } from '../../src/shared/errors.ts'
import type { BoxPort, PortOpener } from './box-port.ts'

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
 * neither set nor read, since a pty has none and answers with an error.
 *
 * @returns an opener that rejects with `box-port-missing` (no such device) or `box-port-failed`
 */
export function makeSerialPortOpener({ path, closeDeadlineMs = 2000 }: SerialPortOptions): PortOpener {
  return async () => {
    const device = await realpath(path).catch((cause: unknown) => {
      throw new AppError('box-port-missing', `no serial device at ${path}`, { cause })
    })
    const port = new SerialPort({ path: device, ...wire, autoOpen: false })
    await new Promise<void>((resolve, reject) => {
      port.open((cause) => {
        if (cause) reject(new AppError('box-port-failed', `cannot open ${path}: ${cause.message}`, { cause }))
        else resolve()
      })
    })
    return wrapSerialPort(port, closeDeadlineMs)
  }
}

// `vmin` stays at its default of 1: with 0 an idle tty reads as 0 bytes, which serialport repeats without a pause.
const wire = { baudRate: 57600, dataBits: 8, parity: 'none', stopBits: 1, hupcl: false, highWaterMark: 4096 } as const

function wrapSerialPort(port: SerialPort, closeDeadlineMs: number): BoxPort {
  let reportClosed: ((reason: string) => void) | null = null
  let isClosing = false
  const onGone = (cause?: Error | null) => {
    if (!isClosing) reportClosed?.(cause ? `port lost: ${cause.message}` : 'port closed')
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
      if (!port.isOpen) listener('port closed')
    },
    write(text) {
      // Written while closed, it would wait in the stream for the next opening.
      if (port.isOpen) port.write(text, 'latin1')
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
