/**
 * A simulated box behind a serial device that any program can open: a pty, made by socat.
 *
 * In: bytes from whoever opens the device. Out: bytes of the box, and the device under a path of the caller's choice.
 * Promises: without a reader, bytes are lost as on a wire and do not wait for the next one (but for some 20 KB that the
 * kernel keeps and a flush at opening discards, as serial libraries do); after `close` and after the death of this
 * process the path is gone. A pty has no modem lines and no baud rate of its own.
 */
import { closeSync, constants, lstatSync, openSync, statSync, unlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../src/shared/errors.ts'
import type { LineEnd } from './line-end.ts'
import { startSocat } from './socat.ts'

export type BoxPtyOptions = {
  /** The box itself, or a faulty cable on it. */
  end: LineEnd
  /** Where the device is to appear, as a link; its folder exists. */
  path: string
  /** The box lives on the cable's power: when it loses power the device is gone until power is back. */
  isCablePowered?: boolean
  /** The device has gone though nobody pulled the cable: socat was ended, or could not be started again. */
  onGone?: (failure: AppError) => void
}

export type BoxPty = {
  /** What a daemon takes for its serial device. */
  path: string
  /** Pulls the cable: whoever has the device open hangs up. The box lives on. */
  unplug(): Promise<void>
  /** Puts it back, as a new device under the same path. */
  plug(): Promise<void>
  /** Pulls it where it is plugged, puts it back where it is not. @returns whether it is plugged now */
  toggle(): Promise<boolean>
  /** Bytes that nobody read and the wire lost. */
  lostBytes(): number
  close(): Promise<void>
}

type Cable = { close(): Promise<void> }

/**
 * Opens the device; time passes for the box only where something advances it (`runInRealTime`).
 *
 * @throws AppError `simulator-device`: socat is not installed, the path is taken, or the folder can't be written
 */
export async function openBoxPty(options: BoxPtyOptions): Promise<BoxPty> {
  const { end, path, isCablePowered = false, onGone = () => {} } = options
  let lostBytes = 0
  let isOpen = true
  let cable: Cable | null = null
  const onLost = (bytes: number) => {
    lostBytes += bytes
  }
  // One after the other: a script may plug before the unplugging is done.
  let turn: Promise<void> = Promise.resolve()

  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const done = turn.then(run)
    turn = done.then(
      () => {},
      () => {},
    )
    return done
  }
  const put = async () => {
    if (isOpen && !cable) cable = await openCable({ end, path, onLost, onGone })
  }
  const pull = async () => {
    await cable?.close()
    cable = null
  }
  const plug = () => inTurn(put)
  const unplug = () => inTurn(pull)
  const toggle = () =>
    inTurn(async () => {
      await (cable ? pull() : put())
      return cable !== null
    })
  const followPower = (isOn: boolean) => void (isOn ? plug() : unplug()).catch(onGone)
  const stopPower = isCablePowered ? end.onPower(followPower) : () => {}

  await plug()
  return {
    ...{ path, plug, unplug, toggle },
    lostBytes: () => lostBytes,
    async close() {
      isOpen = false
      stopPower()
      await unplug()
    },
  }
}

type CableOptions = Required<Pick<BoxPtyOptions, 'end' | 'path' | 'onGone'>> & { onLost: (bytes: number) => void }

async function openCable({ end, path, onLost, onGone }: CableOptions): Promise<Cable> {
  makeWay(path)
  const socat = startSocat([`PTY,link=${path},raw,echo=0`, 'STDIO'], onLost)
  const slave = await openOwnEnd(path, socat.failure).catch(async (error: unknown) => {
    // Or it would outlive the attempt, with the path.
    await socat.close()
    throw error
  })
  socat.onGone(onGone)
  const stopBytes = end.onBytes((bytes) => socat.write(bytes))
  socat.onBytes((bytes) => end.write(Buffer.from(bytes).toString('latin1')))
  return {
    async close() {
      stopBytes()
      await socat.close()
      closeSync(slave)
    },
  }
}

/** socat would delete whatever is at the path, also a file that someone needs. */
function makeWay(path: string): void {
  if (path.includes(',') || path.includes('!!'))
    throw new AppError('simulator-device', `the device path ${path} holds a character that socat takes for its own`)
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (!found) return
  const isDangling = found.isSymbolicLink() && !statSync(path, { throwIfNoEntry: false })
  if (!isDangling) throw new AppError('simulator-device', `${path} exists already: name another path, or remove it`)
  unlinkSync(path)
}

/** Held open, so that the pty outlives a daemon that closes it or is killed. */
async function openOwnEnd(path: string, failure: () => AppError | null): Promise<number> {
  for (;;) {
    const failed = failure()
    if (failed) throw failed
    if (statSync(path, { throwIfNoEntry: false })) return openDevice(path)
    await sleep(5)
  }
}

function openDevice(path: string): number {
  try {
    return openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK)
  } catch (cause) {
    throw new AppError('simulator-device', `cannot open the device ${path}: ${(cause as Error).message}`, { cause })
  }
}
