/** Correlation between presses of one hour: between-hour noise makes the 200th press worth less than the second. */
const RHO = 0.01

/**
 * Effective number of presses of an hour, n / (1 + rho (n - 1)) with rho = 0.01; at most 1 / rho.
 *
 * @param presses ≥ 0
 * @see Kish 1965 (design effect); dips.md §3.2 step 5
 * @example pressWeight(50) // 33.55704698
 */
export function pressWeight(presses: number): number {
  return presses / (1 + RHO * (presses - 1))
}
