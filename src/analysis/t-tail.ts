import { incompleteBeta } from './incomplete-beta.ts'

/**
 * Upper tail of Student's t distribution, P(T > t).
 *
 * @param t any number
 * @param df degrees of freedom > 0
 * @returns 0..1
 * @see Abramowitz & Stegun 26.7.1; R: pt(t, df, lower.tail = FALSE)
 * @example tTail(2, 10) // 0.03669401739
 */
export function tTail(t: number, df: number): number {
  const twoSided = incompleteBeta(df / (df + t * t), df / 2, 0.5)
  return t < 0 ? 1 - twoSided / 2 : twoSided / 2
}
