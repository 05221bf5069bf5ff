import { randomFillSync } from 'node:crypto'
import { existsSync, rmSync, statSync, truncateSync } from 'node:fs'
import { open, rm, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Logger } from '../../shared/logger.ts'

/**
 * A file that does nothing but hold room. A full disk can't be emptied from inside, for deleting needs to write; removing the ballast is what
 * still works, and gives the room in which marks are noted and delivered records deleted.
 */
export type Ballast = {
  /** Removed for a full disk, and there was no room yet to make it again. */
  isReleased(): boolean
  /** `none` also before it has been made. */
  state(): 'held' | 'released' | 'none'
  /** At once; nothing where there is none. */
  release(): void
  /** Makes it where it is missing and there is room for it and a quarter more. Never throws. */
  restore(): Promise<void>
}

/** Of a small partition no more than this share is held. */
const maxShare = 8
const chunkBytes = 2 ** 20

/** @param bytes its size on a disk of at least eight times as much; 0 for none */
export function makeBallast({ path, bytes, logger }: { path: string; bytes: number; logger: Logger }): Ballast {
  let isReleased = false
  let isHeld = false
  let isMaking = false
  let hasWarned = false

  function remove(): void {
    isHeld = false
    // Cut off first: whoever reads it, a backup say, would hold its room for as long.
    if (existsSync(path)) truncateSync(path)
    rmSync(path, { force: true })
  }

  async function make(size: number): Promise<void> {
    const file = await open(path, 'w')
    try {
      // Bytes that no file system leaves out or packs.
      const chunk = randomFillSync(Buffer.alloc(Math.min(chunkBytes, size)))
      for (let at = 0; at < size; at += chunk.length) await file.write(chunk, 0, Math.min(chunk.length, size - at))
      await file.sync()
    } finally {
      await file.close()
    }
  }

  async function restore(): Promise<void> {
    const disk = await statfs(dirname(path))
    const size = Math.min(bytes, Math.floor((disk.blocks * disk.bsize) / maxShare))
    const held = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    if (held >= size) {
      isReleased = false
      isHeld = true
      return
    }
    if (disk.bavail * disk.bsize + held < size * 1.25) {
      // Also where a start finds none and no room for it: what is left is the reserve.
      isReleased = true
      // What a kill has left of one.
      if (held > 0) remove()
      return
    }
    await make(size)
    if (isReleased) logger.info({ bytes: size }, 'there is room on the disk again')
    isReleased = false
    isHeld = true
    hasWarned = false
  }

  return {
    isReleased: () => isReleased,
    state: () => (isReleased ? 'released' : isHeld ? 'held' : 'none'),
    release() {
      if (isReleased || !existsSync(path)) return
      isReleased = true
      remove()
      logger.error({}, 'the disk is full: the ballast is given up, presses are refused until there is room')
    },
    async restore() {
      if (isMaking || bytes === 0) return
      isMaking = true
      try {
        await restore()
      } catch (error) {
        await rm(path, { force: true }).catch(() => {})
        if (!hasWarned) logger.warn({ reason: (error as Error).message }, 'no ballast could be made')
        hasWarned = true
      } finally {
        isMaking = false
      }
    },
  }
}
