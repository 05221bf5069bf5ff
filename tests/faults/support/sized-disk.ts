import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** A small disk of its own, in memory. */
export type SizedDisk = {
  /** Takes all that is free, to the last byte. @returns how many bytes there were */
  fill(name: string): number
  /** Gives back what a filling took. */
  free(name: string): void
  unmount(): void
}

const mount = (folder: string, megabytes: number): boolean =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'tmpfs', folder]).status === 0

/** Mounts it on `folder`, which is made; null where this process may not mount. */
export function mountSizedDisk(folder: string, megabytes: number): SizedDisk | null {
  mkdirSync(folder, { recursive: true })
  if (!mount(folder, megabytes)) return null
  return {
    fill(name) {
      const file = openSync(join(folder, name), 'w')
      let taken = 0
      for (let chunk = Buffer.alloc(65_536, 7); ; ) {
        try {
          taken += writeSync(file, chunk)
        } catch {
          if (chunk.length === 1) break
          chunk = chunk.subarray(0, Math.max(1, chunk.length >> 4))
        }
      }
      closeSync(file)
      return taken
    },
    free: (name) => rmSync(join(folder, name)),
    unmount: () => void spawnSync('umount', ['-l', folder]),
  }
}

/** Whether this process may mount a disk. Without it these tests are left out on a developer's machine, loudly, and fail where CI=true. */
export function canMount(folder: string): boolean {
  const disk = mountSizedDisk(folder, 1)
  disk?.unmount()
  if (disk) return true
  const text = 'no disk can be mounted here: no test of a full disk (run as root)'
  if (process.env.CI === 'true') throw new Error(text)
  process.stderr.write(`\n*** ${text} ***\n\n`)
  return false
}
