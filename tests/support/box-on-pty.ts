import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { type BoxPty, openBoxPty } from '../../firmware-bridge/simulator/box-pty.ts'
import type { LineEnd } from '../../firmware-bridge/simulator/line-end.ts'
import { runInRealTime } from '../../firmware-bridge/simulator/run-in-real-time.ts'
import type { SimulatedBox } from '../../firmware-bridge/simulator/simulated-box.ts'

export type BoxOnPtyOptions = {
  box: SimulatedBox
  /** A faulty cable on it. */
  cable?: LineEnd
  /** An existing folder; the device appears in it. */
  dir: string
  /** File name of the device in it. */
  name?: string
  /** Simulated milliseconds in one of the wall clock. */
  speed?: number
}

export type BoxOnPty = BoxPty

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

/** Puts a simulated box behind a real serial device and lets it live by the wall clock. */
export async function openBoxOnPty({ box, cable, dir, name = 'box', speed = 1 }: BoxOnPtyOptions): Promise<BoxOnPty> {
  const pty = await openBoxPty({ end: cable ?? box, path: join(dir, name) })
  const stopTime = runInRealTime(box, { speed })
  return {
    ...pty,
    async close() {
      stopTime()
      await pty.close()
    },
  }
}
