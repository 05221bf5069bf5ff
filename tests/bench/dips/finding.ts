/** What a method claims of one touchpoint. Methods that only name hours leave the rest null. */
export type Finding = {
  /** index of the touchpoint in its fleet */
  touchpoint: number
  startSlot: number
  /** exclusive */
  endSlot: number
  /** what else it says; null = it only names hours */
  detail: FindingDetail | null
}

export type FindingDetail = {
  /** ISO; null = every day with data */
  weekdays: number[] | null
  /** 0 = there when the data begin */
  onsetDay: number
  onsetLowDay: number
  onsetHighDay: number
  onsetOpen: boolean
  /** exclusive */
  endDay: number
  depthLow: number
  depthHigh: number
}
