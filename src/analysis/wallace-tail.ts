import { normalTail } from './normal-tail.ts'

/**
 * Wallace's normal deviate for Student's t: the z whose normal upper tail is close to that of t.
 *
 * @param t ≥ 0
 * @param df degrees of freedom > 0
 * @see Wallace 1959, Bounds on normal approximations to Student's and the chi-square distributions
 * @example wallaceDeviate(4.5, 64) // 4.178225029
 */
export function wallaceDeviate(t: number, df: number): number {
  return ((8 * df + 1) / (8 * df + 3)) * Math.sqrt(df * Math.log1p((t * t) / df))
}

/**
 * Upper tail of Student's t by Wallace's approximation: off by less than 2 % for t up to 6 from df = 20 on, and much faster than
 * `tTail`, which is what a scan over thousands of cells needs.
 *
 * @param t ≥ 0
 * @param df degrees of freedom > 0
 * @example wallaceTail(4.5, 64) // 1.46896e-5, exact 1.46694e-5
 */
export function wallaceTail(t: number, df: number): number {
  return normalTail(wallaceDeviate(t, df))
}
