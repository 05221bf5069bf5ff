import type { DipItem } from '../../contracts/http/dips.ts'

const activeStates: ReadonlySet<DipItem['state']> = new Set(['suspected', 'confirmed', 'back'])

/**
 * The dips that matter now, worst first: by lost satisfaction, which is depth times the presses it touched.
 * Dips that are fixed or over are left out.
 */
export function rankActiveDips(dips: readonly DipItem[]): DipItem[] {
  const lost = (dip: DipItem) => dip.depth * dip.presses
  return dips.filter((dip) => activeStates.has(dip.state)).sort((a, b) => lost(b) - lost(a))
}
