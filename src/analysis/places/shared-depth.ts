/** A touchpoint's own depth in the hours and days of its place's dip. */
export type MemberDepth = {
  id: string
  /** points lower than before, against its own neighbouring hours; positive = worse */
  depth: number
  /** of the depth's error, points², > 0 */
  variance: number
}

export type SharedDepth = {
  /** mean depth over the members, weighted by what is known of each, points */
  depth: number
  standardError: number
  /** how far members truly differ from it, standard deviation in points */
  spread: number
}

/**
 * Mean and true spread of the members' depths in a random-effects model. Each member is measured against itself,
 * so that a touchpoint that opens, closes or grows makes no dip here, as it can in a sum of presses.
 *
 * @param members at least one
 * @see DerSimonian & Laird 1986, Meta-analysis in clinical trials; R: metafor::rma(method = "DL")
 */
export function sharedDepth(members: readonly MemberDepth[]): SharedDepth {
  const fixed = members.map(({ variance }) => 1 / variance)
  const total = sum(fixed)
  const mean = sum(members.map(({ depth }, i) => depth * (fixed[i] as number))) / total
  const heterogeneity = sum(members.map(({ depth }, i) => (fixed[i] as number) * (depth - mean) ** 2))
  const scale = total - sum(fixed.map((weight) => weight ** 2)) / total
  const between = scale > 0 ? Math.max(0, (heterogeneity - (members.length - 1)) / scale) : 0
  const weights = members.map(({ variance }) => 1 / (variance + between))
  const all = sum(weights)
  return {
    depth: sum(members.map(({ depth }, i) => depth * (weights[i] as number))) / all,
    standardError: Math.sqrt(1 / all),
    spread: Math.sqrt(between),
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
