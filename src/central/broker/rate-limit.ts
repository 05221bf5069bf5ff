/**
 * At most `burst` at once and `perSecond` in the long run.
 *
 * @param monoMs a clock that never jumps
 * @returns whether one more is within the limit; if so, it has been taken
 */
export function makeRateLimit({
  perSecond,
  burst,
  monoMs,
}: {
  perSecond: number
  burst: number
  monoMs: () => number
}): () => boolean {
  let left = burst
  let filledAtMs = monoMs()
  return () => {
    const nowMs = monoMs()
    left = Math.min(burst, left + ((nowMs - filledAtMs) * perSecond) / 1_000)
    filledAtMs = nowMs
    if (left < 1) return false
    left -= 1
    return true
  }
}
