/**
 * CSAT net: percent satisfied (top two values) minus percent unsatisfied (bottom two).
 * On four faces it is 2 × shareHappy − 100; on longer scales the values between count as neither.
 *
 * @param counts presses per value, worst first, at least four values
 * @returns -100..100, or null without presses
 * @throws RangeError when the scale has fewer than four values
 * @example csatNet([9, 7, 20, 64]) // 68
 */
export function csatNet(counts: ArrayLike<number>): number | null {
  if (counts.length < 4) throw new RangeError('top two against bottom two needs at least four values')
  let presses = 0
  for (let value = 0; value < counts.length; value++) presses += counts[value] as number
  if (presses === 0) return null
  const happy = (counts[counts.length - 1] as number) + (counts[counts.length - 2] as number)
  const unhappy = (counts[0] as number) + (counts[1] as number)
  return (100 * (happy - unhappy)) / presses
}
