import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BoxPty, openBoxPty } from '../../firmware-bridge/simulator/box-pty.ts'
import type { LineEnd } from '../../firmware-bridge/simulator/line-end.ts'
import { runInRealTime } from '../../firmware-bridge/simulator/run-in-real-time.ts'
import type { SimulatedBox } from '../../firmware-bridge/simulator/simulated-box.ts'
import { makeMouth } from '../support/box-script.ts'

export type Bench = {
  folder: string
  /** A device with a box on it, perhaps behind a bad cable, that lives by the wall clock. */
  plugIn(name: string, box: SimulatedBox, end?: LineEnd): Promise<BoxPty>
  /** A device that says what a test makes of its speed, again and again. */
  plugInSpeaker(name: string, text: (speedBaud: number) => string): Promise<BoxPty>
  /** Told again and again at which speed the device is set. */
  watchSpeed(path: string, onSpeed: (speedBaud: number) => void): void
  /** Runs what has been opened here backwards. */
  onClose(close: () => unknown): void
  close(): Promise<void>
}

/**
 * A folder for devices, readable by every user, and what stands on it.
 *
 * @param speed of the boxes' time
 */
export function openBench(speed = 1): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'smilepost-doctor-'))
  chmodSync(folder, 0o755)
  const closing: (() => unknown)[] = []
  const onClose = (close: () => unknown) => void closing.push(close)
  const open = async (name: string, end: LineEnd) => {
    const pty = await openBoxPty({ end, path: join(folder, name) })
    onClose(pty.close)
    return pty
  }
  const watchSpeed: Bench['watchSpeed'] = (path, onSpeed) => {
    const timer = setInterval(() => onSpeed(readSpeed(path)), 300)
    onClose(() => clearInterval(timer))
  }
  return {
    folder,
    onClose,
    plugIn(name, box, end = box) {
      onClose(runInRealTime(box, { speed }))
      return open(name, end)
    },
    watchSpeed,
    async plugInSpeaker(name, text) {
      const { end, say } = makeMouth()
      const pty = await open(name, end)
      watchSpeed(pty.path, (speed) => say(Buffer.from(text(speed), 'latin1')))
      return pty
    },
    async close() {
      for (const close of closing.splice(0).reverse()) await close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** A pty carries bytes at any speed, but remembers which one it was set to. */
function readSpeed(path: string): number {
  return Number(spawnSync('stty', ['-F', path, 'speed'], { encoding: 'utf8' }).stdout)
}
