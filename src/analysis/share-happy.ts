/**
 * Share of satisfied answers: the top two values of the scale, in percent.
 *
 * @param counts presses per value, worst first, at least four values
 * @returns 0..100, or null without presses
 * @throws RangeError when the scale has fewer than four values, where "top two" would not be "satisfied"
 * @example shareHappy([9, 7, 20, 64]) // 84
 */
export function shareHappy(counts: ArrayLike<number>): number | null {
  if (counts.length < 4) throw new RangeError('top two of a scale needs at least four values')
  let presses = 0
  for (let value = 0; value < counts.length; value++) presses += counts[value] as number
  if (presses === 0) return null
  const happy = (counts[counts.length - 1] as number) + (counts[counts.length - 2] as number)
  return (100 * happy) / presses
}
