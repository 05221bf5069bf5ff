/** A confidence interval; both bounds belong to it. */
export type Interval = { lower: number; upper: number }
