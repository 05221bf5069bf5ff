import { incompleteBeta } from './incomplete-beta.ts'

/**
 * Lower tail of the negative binomial distribution, P(X ≤ count): counts with this mean whose variance is
 * mean + mean² / size.
 *
 * @param count whole number ≥ 0
 * @param mean ≥ 0
 * @param size > 0; small = bursty, large = near Poisson (use 1e6 for practically Poisson)
 * @returns 0..1
 * @see Abramowitz & Stegun 26.5.26; R: pnbinom(count, size = size, mu = mean)
 * @example negativeBinomialTail(0, 15, 4) // 0.00196432 = (4 / 19)⁴
 */
export function negativeBinomialTail(count: number, mean: number, size: number): number {
  if (mean === 0) return 1
  // The log keeps what a power of a ratio near 1 would lose for large sizes.
  if (count === 0) return Math.exp(-size * Math.log1p(mean / size))
  return incompleteBeta(size / (size + mean), size, count + 1)
}
