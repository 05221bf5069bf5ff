import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { closeSync, constants, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runInRealTime } from '../../firmware-bridge/simulator/run-in-real-time.ts'
import type { SimulatedBox } from '../../firmware-bridge/simulator/simulated-box.ts'

export type BoxOnPtyOptions = {
  box: SimulatedBox
  /** An existing folder; the device appears in it. */
  dir: string
  /** File name of the device in it. */
  name?: string
  /** Simulated milliseconds in one of the wall clock. */
  speed?: number
}

export type BoxOnPty = {
  /** What a daemon takes for its serial device. */
  path: string
  /** Pulls the cable: whoever has the device open hangs up. The box lives on. */
  unplug(): Promise<void>
  /** Puts it back, as a new device under the same path. */
  plug(): Promise<void>
  close(): Promise<void>
}

/**
 * Whether socat is there. Without it these tests are left out on a developer's machine, loudly, and fail where CI=true.
 */
export function hasSocat(): boolean {
  if (spawnSync('socat', ['-V']).status === 0) return true
  const text = 'socat is not installed: no test of the box behind a real serial device (apt-get install socat)'
  if (process.env.CI === 'true') throw new Error(text)
  process.stderr.write(`\n*** ${text} ***\n\n`)
  return false
}

/**
 * Puts a simulated box behind a real serial device, a pty that socat makes, and lets it live by the wall clock.
 *
 * The test keeps the device open as well, so that the pty outlives a daemon that is killed.
 */
export async function openBoxOnPty({ box, dir, name = 'box', speed = 1 }: BoxOnPtyOptions): Promise<BoxOnPty> {
  const path = join(dir, name)
  let cable = await openCable(box, path)
  const stopTime = runInRealTime(box, { speed })
  return {
    path,
    unplug: () => cable.close(),
    async plug() {
      cable = await openCable(box, path)
    },
    async close() {
      stopTime()
      await cable.close()
    },
  }
}

async function openCable(box: SimulatedBox, path: string): Promise<{ close(): Promise<void> }> {
  const socat = spawn('socat', [`PTY,link=${path},raw,echo=0`, 'STDIO'])
  let text = ''
  socat.stderr.on('data', (bytes: Buffer) => {
    text += bytes.toString()
  })
  const hasEnded = new Promise<void>((resolve) => socat.once('exit', () => resolve()))
  // A write after socat has gone is a byte on a pulled cable.
  socat.stdin.on('error', () => {})
  while (!existsSync(path)) {
    if (socat.exitCode !== null) throw new Error(`socat ended: ${text}`)
    await sleep(5)
  }
  const slave = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK)
  const stopBytes = connect(box, socat)
  let isOpen = true
  return {
    async close() {
      if (!isOpen) return
      isOpen = false
      stopBytes()
      socat.kill()
      await hasEnded
      closeSync(slave)
    },
  }
}

function connect(box: SimulatedBox, socat: ChildProcessWithoutNullStreams): () => void {
  const stopBytes = box.onBytes((bytes) => void socat.stdin.write(bytes))
  socat.stdout.on('data', (bytes: Buffer) => box.write(bytes.toString('latin1')))
  return stopBytes
}
