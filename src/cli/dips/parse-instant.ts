/** Why a text is no instant: no ISO 8601 time, no `Z` or offset, or a year that no clock of ours can have meant. */
export type InstantFault = 'time' | 'offset' | 'years'

const dayMs = 86_400_000
/** One year more at both ends than is accepted: an offset may move a local time over a new year. */
const firstYear = 1999
const lastYear = 2101

/** The instants a press file may hold: 2000 to 2100. */
export const firstInstantMs = Date.UTC(2000, 0, 1)
export const endInstantMs = Date.UTC(2101, 0, 1)

/** Day 0 of each month and how many days it has: a `Date` for each of millions of presses would take most of the time. */
const monthCount = (lastYear - firstYear + 1) * 12
const dayZeroMs = Float64Array.from({ length: monthCount }, (_, i) => Date.UTC(firstYear, i, 0))
const monthDays = Uint8Array.from({ length: monthCount }, (_, i) =>
  new Date(Date.UTC(firstYear, i + 1, 0)).getUTCDate(),
)

const faults: readonly InstantFault[] = ['time', 'offset', 'years']
const notTime = -1
const noOffset = -2
const otherYears = -3
/** Stands for what is no number; stays below zero whatever is added or multiplied. */
const nonsense = -1e15

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57

function two(bytes: Uint8Array, at: number): number {
  const [tens, ones] = [bytes[at] as number, bytes[at + 1] as number]
  return isDigit(tens) && isDigit(ones) ? tens * 10 + ones - 528 : nonsense
}

/** Local midnight; `otherYears` keeps its own meaning. */
function dateMs(bytes: Uint8Array, at: number): number {
  const year = two(bytes, at) * 100 + two(bytes, at + 2)
  const month = two(bytes, at + 5)
  const day = two(bytes, at + 8)
  const isDate = bytes[at + 4] === 45 && bytes[at + 7] === 45 && year >= 0 && month >= 1 && month <= 12 && day >= 1
  if (!isDate || day > 31) return notTime
  if (year < firstYear || year > lastYear) return otherYears
  const i = (year - firstYear) * 12 + month - 1
  return day > (monthDays[i] as number) ? notTime : (dayZeroMs[i] as number) + day * dayMs
}

/** `HH:MM` in ms; negative when it is none. */
function hourMinuteMs(bytes: Uint8Array, at: number): number {
  const [hour, minute] = [two(bytes, at), two(bytes, at + 3)]
  return bytes[at + 2] === 58 && hour < 24 && minute < 60 ? (hour * 60 + minute) * 60_000 : nonsense
}

/** First byte after `from` that is no digit. */
function digitsEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && isDigit(bytes[at])) at++
  return at
}

/** A fraction's first three digits as ms; what is finer is cut off. */
function fractionMs(bytes: Uint8Array, from: number, end: number): number {
  let ms = 0
  for (let at = from, scale = 100; at < end && at < from + 3; at++, scale /= 10)
    ms += ((bytes[at] as number) - 48) * scale
  return ms
}

/** Minutes that `Z`, `±HH`, `±HHMM` or `±HH:MM` is ahead of UTC; NaN when the text is none of them. */
function offsetMinutes(bytes: Uint8Array, at: number, end: number): number {
  const sign = bytes[at]
  if (sign === 90 || sign === 122) return at + 1 === end ? 0 : Number.NaN
  if ((sign !== 43 && sign !== 45) || end < at + 3) return Number.NaN
  const minuteAt = bytes[at + 3] === 58 ? at + 4 : at + 3
  const [hour, minute] = [two(bytes, at + 1), end === at + 3 ? 0 : two(bytes, minuteAt)]
  const isOffset = (end === at + 3 || end === minuteAt + 2) && hour >= 0 && hour < 24 && minute >= 0 && minute < 60
  if (!isOffset) return Number.NaN
  return sign === 43 ? hour * 60 + minute : -(hour * 60 + minute)
}

/**
 * Reads an ISO 8601 instant with `Z` or an offset out of a file's bytes, such as `2025-03-10T09:12:44.250Z` or
 * `2025-03-10 11:12+02`.
 *
 * @returns epoch milliseconds; what is no instant of 2000 to 2100 gives a negative number for `instantFault`
 */
export function parseInstant(bytes: Uint8Array, start: number, end: number): number {
  const separator = bytes[start + 10]
  if (end - start < 16 || (separator !== 84 && separator !== 116 && separator !== 32)) return notTime
  const midnightMs = dateMs(bytes, start)
  if (midnightMs === notTime) return notTime
  let ms = hourMinuteMs(bytes, start + 11)
  let at = start + 16
  if (at + 3 <= end && bytes[at] === 58) {
    const second = two(bytes, at + 1)
    ms += second < 60 ? second * 1000 : nonsense
    at += 3
    if (at < end && (bytes[at] === 46 || bytes[at] === 44)) {
      const fractionEnd = digitsEnd(bytes, at + 1, end)
      ms += fractionEnd > at + 1 ? fractionMs(bytes, at + 1, fractionEnd) : nonsense
      at = fractionEnd
    }
  }
  if (ms < 0) return notTime
  const aheadMinutes = at === end ? 0 : offsetMinutes(bytes, at, end)
  if (Number.isNaN(aheadMinutes)) return notTime
  if (midnightMs === otherYears) return otherYears
  if (at === end) return noOffset
  const utcMs = midnightMs + ms - aheadMinutes * 60_000
  return utcMs >= firstInstantMs && utcMs < endInstantMs ? utcMs : otherYears
}

/** What a negative result of `parseInstant` means. */
export function instantFault(result: number): InstantFault {
  return faults[-result - 1] ?? 'time'
}
