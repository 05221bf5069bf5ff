/** A value that is shown, and what may replace it: readers shall not see it change with every night's noise. */
export type Steady<T> = {
  shown: T
  /** what was found last, where it differs from what is shown */
  next: T | null
  /** nights in a row, of those with a finding, on which `next` was found */
  nights: number
}

const EQUAL_NIGHTS = 3

/** @returns a value shown from its first night on */
export function startSteady<T>(value: T): Steady<T> {
  return { shown: value, next: null, nights: 0 }
}

/** Takes in one more night's value: it is shown once it was found on as many nights in a row. */
export function settle<T>(
  steady: Steady<T>,
  value: T,
  isEqual: (a: T, b: T) => boolean,
  equalNights = EQUAL_NIGHTS,
): Steady<T> {
  if (isEqual(value, steady.shown)) return startSteady(steady.shown)
  const isSame = steady.nights > 0 && isEqual(value, steady.next as T)
  const nights = isSame ? steady.nights + 1 : 1
  return nights >= equalNights ? startSteady(value) : { shown: steady.shown, next: value, nights }
}
