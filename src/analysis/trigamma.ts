/** From here on the asymptotic series is exact to twelve digits. */
const ASYMPTOTIC_FROM = 12

/**
 * Trigamma function, the second derivative of log Γ: the variance of log(χ²(d) / d) is trigamma(d / 2).
 *
 * @param x > 0
 * @see Abramowitz & Stegun 6.4.6 (recurrence) and 6.4.12 (series); R: trigamma(x)
 * @example trigamma(5) // 0.2213229557
 */
export function trigamma(x: number): number {
  let at = x
  let below = 0
  for (; at < ASYMPTOTIC_FROM; at++) below += 1 / (at * at)
  const square = 1 / (at * at)
  const series = square * (1 / 6 - square * (1 / 30 - square * (1 / 42 - square / 30)))
  return below + (1 + 1 / (2 * at) + series) / at
}

/**
 * The x whose trigamma is `value`. The function falls all the way from 0 on, so halving an interval is safe.
 *
 * @param value > 0
 * @example inverseTrigamma(0.2213229557) // 5
 */
export function inverseTrigamma(value: number): number {
  let low = 0
  // trigamma(x) < 1/x + 1/x², which is `value` below this bound.
  let high = 1 / value + 1 / Math.sqrt(value)
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2
    if (trigamma(middle) > value) low = middle
    else high = middle
  }
  return high
}
