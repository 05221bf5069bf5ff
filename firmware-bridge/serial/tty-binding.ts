import { readSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { SerialPort } from 'serialport'

/** What serialport's bindings of Linux and macOS have in common, as far as it is used here. */
type Tty = {
  readonly isOpen: boolean
  readonly fd: number | null
  readonly poller: { once(event: 'readable', callback: (error: Error | null) => void): void }
  read(buffer: Buffer, offset: number, length: number): Promise<{ buffer: Buffer; bytesRead: number }>
}

/**
 * serialport's binding to the platform, with a read that no device can make burn the processor.
 *
 * serialport repeats a read that gave 0 bytes at once and for ever (bindings-cpp #162). A tty that hangs up while it is
 * being read gives just that: no `close`, most of a core busy, memory growing. Here 0 bytes are the hang-up that they
 * are; with `vmin: 1` an idle tty never reads as 0 bytes.
 *
 * And there are at most 20 reads in a row and then 40 a second, whatever comes: waking up for each byte of a full line
 * took half a core. What comes meanwhile waits in the kernel, which holds 4 kB, 0.7 s of a full line.
 */
export function makeTtyBinding(): typeof SerialPort.binding {
  const open = async (options: never) => {
    const port = await SerialPort.binding.open(options)
    if ('poller' in port) port.read = makeRead(port)
    return port
  }
  return { ...SerialPort.binding, open } as typeof SerialPort.binding
}

const readsPerSecond = 40
const readsInARow = 20

function makeRead(tty: Tty): Tty['read'] {
  const pace = makePace()
  return async (buffer, offset, length) => {
    await pace()
    for (;;) {
      await waitForBytes(tty)
      const bytesRead = readWhatWaits(tty, buffer.subarray(offset, offset + length))
      if (bytesRead === 0) throw new Error('the device has hung up')
      if (bytesRead !== null) return { buffer, bytesRead }
    }
  }
}

/** Resolves when the next read may be. Reads that were not made are saved up to the number allowed in a row. */
function makePace(): () => Promise<void> {
  const pauseMs = 1000 / readsPerSecond
  let nextAtMs = 0
  return async () => {
    const nowMs = performance.now()
    const waitMs = nextAtMs - nowMs
    nextAtMs = Math.max(nextAtMs, nowMs - readsInARow * pauseMs) + pauseMs
    if (waitMs > 0) await sleep(waitMs)
  }
}

function waitForBytes(tty: Tty): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!tty.isOpen) reject(makeCanceled())
    else tty.poller.once('readable', (error) => (error ? reject(error) : resolve()))
  })
}

/** A read of a tty gives no more than 4095 bytes. One that gives many more than a line can carry is followed by another. */
const wholeRead = 2048

/** The device is open with O_NONBLOCK, so nothing waits here; null = nothing there after all. */
function readWhatWaits(tty: Tty, buffer: Buffer): number | null {
  if (tty.fd === null) throw makeCanceled()
  let length = 0
  try {
    for (let more = wholeRead; more >= wholeRead && length < buffer.length; length += more)
      more = readSync(tty.fd, buffer, length, buffer.length - length, null)
    return length
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EAGAIN' && code !== 'EINTR') throw error
    return length === 0 ? null : length
  }
}

/** How serialport is told that the port was closed on purpose. */
function makeCanceled(): Error {
  return Object.assign(new Error('the port was closed'), { canceled: true })
}
