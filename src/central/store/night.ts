/** What one night's look at all tallies found, as the report wrote it down; the store does not read it. */
export type StoredNight = {
  /** Days since 1970-01-01 of the business date that was over. */
  night: number
  madeAtMs: number
  content: string
}

/** What people said they did about a dip. */
export type StoredFix = {
  /** Id of the dip. */
  dip: string
  /** The first local date on which it was in force. */
  fixDate: string
  notedAtMs: number
}
