import { readFileSync } from 'node:fs'

const bootIdPath = '/proc/sys/kernel/random/boot_id'

/**
 * Names the present boot of this machine, in which CLOCK_MONOTONIC counts.
 *
 * @param randomHex names a boot of our own where the kernel tells none: then each start of the daemon counts as a boot, which
 *   costs accuracy and nothing else
 */
export function readBootId(randomHex: (digits: number) => string, path = bootIdPath): string {
  try {
    const id = readFileSync(path, 'utf8').trim()
    if (/^[0-9a-f-]{8,36}$/.test(id)) return id
  } catch {
    // Not Linux, or a container without /proc.
  }
  return randomHex(32)
}
