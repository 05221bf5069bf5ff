import type { DipItem, PlaceDipItem } from '../../contracts/http/dips.ts'

type AnyDip = DipItem | PlaceDipItem

const activeStates: ReadonlySet<AnyDip['state']> = new Set(['suspected', 'confirmed', 'back'])

/** What a dip costs: its depth times the presses it touched. */
const lost = (dip: AnyDip) => dip.depth * dip.presses

/**
 * The dips that matter now, worst first, by lost satisfaction. Dips that are fixed or over are left out.
 */
export function rankActiveDips<Dip extends AnyDip>(dips: readonly Dip[]): Dip[] {
  return dips.filter((dip) => activeStates.has(dip.state)).sort((a, b) => lost(b) - lost(a))
}

/** The dips that are fixed or over, the latest first. */
export function listPastDips<Dip extends AnyDip>(dips: readonly Dip[]): Dip[] {
  const gone = (dip: Dip) => dip.endedOn ?? dip.lastFound
  return dips.filter((dip) => !activeStates.has(dip.state)).sort((a, b) => gone(b).localeCompare(gone(a)))
}
