/** What one terminal may send: `burst` at once and `perSecond` in the long run. */
export type AllowanceOptions = { perSecond: number; burst: number; monoMs: () => number }
export type TerminalAllowance = {
  /** @returns whether a message of this cost is within the limit; if so, it has been taken */
  take(terminal: string, cost: number): boolean
  /** Little is left: whoever listens had better wait. */
  isLow(terminal: string): boolean
}

type Bucket = { left: number; filledAtMs: number }
const maxKept = 20_000

/** One bucket a terminal, so that one which sends without end takes nothing from any other. */
export function makeTerminalAllowance({ perSecond, burst, monoMs }: AllowanceOptions): TerminalAllowance {
  const buckets = new Map<string, Bucket>()
  const leftNow = ({ left, filledAtMs }: Bucket, nowMs: number) =>
    Math.min(burst, left + ((nowMs - filledAtMs) * perSecond) / 1_000)

  /** A full bucket says no more than none. */
  function forgetFull(nowMs: number): void {
    for (const [terminal, bucket] of buckets) if (leftNow(bucket, nowMs) >= burst) buckets.delete(terminal)
  }

  return {
    take(terminal, cost) {
      const nowMs = monoMs()
      let bucket = buckets.get(terminal)
      if (!bucket) {
        if (buckets.size >= maxKept) forgetFull(nowMs)
        bucket = { left: burst, filledAtMs: nowMs }
        buckets.set(terminal, bucket)
      }
      bucket.left = leftNow(bucket, nowMs)
      bucket.filledAtMs = nowMs
      if (bucket.left < cost) return false
      bucket.left -= cost
      return true
    },
    isLow(terminal) {
      const bucket = buckets.get(terminal)
      return bucket !== undefined && leftNow(bucket, monoMs()) < burst / 4
    },
  }
}
