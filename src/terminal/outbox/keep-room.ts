import { statfs } from 'node:fs/promises'
import type { Ballast } from './ballast.ts'
import type { Outbox } from './outbox.ts'

export type RoomKeeperOptions = {
  outbox: Pick<Outbox, 'trim' | 'flush' | 'tidy' | 'recover'>
  ballast: Ballast
  /** On the disk to be watched. */
  folder: string
  /** With less free than this delivered records go early. */
  trimBelowBytes: number
  lookEveryMs?: number
  trimEveryMs?: number
}

/**
 * Keeps room on the disk: old delivered records go hourly, all delivered ones where it gets short, one chunk per turn of the event loop so
 * that presses come between; after a full disk the ballast is made again as soon as there is room, and presses are taken again.
 *
 * @returns stops it
 */
export function keepRoom(options: RoomKeeperOptions): () => void {
  const { outbox, ballast, folder, trimBelowBytes, lookEveryMs = 2_000, trimEveryMs = 3_600_000 } = options
  let turn: NodeJS.Immediate | undefined
  let isStopped = false
  let hasTrimmed = false

  function trimOn(isShort: boolean): void {
    clearImmediate(turn)
    if (isStopped) return
    if (outbox.trim(isShort) > 0) {
      hasTrimmed = true
      turn = setImmediate(trimOn, isShort)
      return
    }
    if (isShort) outbox.tidy(true)
    // Pages that were freed leave the file with the WAL only.
    if (hasTrimmed || ballast.isReleased()) outbox.flush()
    hasTrimmed = false
  }

  function tidy(): void {
    outbox.tidy(false)
    trimOn(false)
  }

  async function look(): Promise<void> {
    const free = await statfs(folder).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => Number.POSITIVE_INFINITY,
    )
    if (isStopped) return
    outbox.recover()
    if (ballast.isReleased() || free < trimBelowBytes) trimOn(true)
    if (!isStopped) await ballast.restore()
  }

  turn = setImmediate(trimOn, false)
  void look()
  const timers = [setInterval(() => void look(), lookEveryMs), setInterval(tidy, trimEveryMs)]
  return () => {
    isStopped = true
    for (const timer of timers) clearInterval(timer)
    clearImmediate(turn)
  }
}
