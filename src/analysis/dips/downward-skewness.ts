/**
 * Skewness of one press's score, turned around: how much further below their mean presses lie than above it.
 *
 * @param presses per value, worst first
 * @returns 0 where the scores lean the other way, or do not vary
 * @example downwardSkewness([9, 7, 20, 64]) // 1.4267
 */
export function downwardSkewness(presses: readonly number[]): number {
  const moment = (about: number, power: number): number =>
    presses.reduce((sum, count, value) => sum + count * (value - about) ** power, 0) / all
  const all = presses.reduce((sum, count) => sum + count, 0)
  if (all === 0) return 0
  const mean = moment(0, 1)
  const variance = moment(mean, 2)
  return variance > 0 ? Math.max(0, -moment(mean, 3) / variance ** 1.5) : 0
}
