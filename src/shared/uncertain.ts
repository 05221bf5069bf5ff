/** A bound above this puts a press into class `uncertain`: its hour is not known (architecture.md, "Time"). */
export const uncertainMs = 15 * 60_000
