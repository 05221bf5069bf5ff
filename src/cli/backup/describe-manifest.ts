import type { Manifest } from './manifest.ts'

const instant = (ms: number) => new Date(ms).toISOString()

/** What a person wants to see of a backup in one line. */
export function describeManifest({ of, rows, newestReceivedAtMs, undelivered, atMs }: Manifest): string {
  if (of === 'terminal') return `${rows.records} records, ${undelivered} of them undelivered, as of ${instant(atMs)}`
  const newest = newestReceivedAtMs == null ? 'none received yet' : `newest received ${instant(newestReceivedAtMs)}`
  return `${rows.press_row} presses, ${newest}, as of ${instant(atMs)}`
}
