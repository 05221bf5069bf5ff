/**
 * UTC to local hours, by the IANA rules that come with Node's ICU.
 *
 * All offsets in use since 1970 change at whole UTC quarter-hours (Lord Howe shifts by 30 minutes, Kathmandu lies at +05:45), so one
 * look at the rules per zone and quarter-hour is enough, and millions of presses can be mapped.
 */
import { tzOffset } from '@date-fns/tz'

export type LocalHour = {
  /** `YYYY-MM-DD` */
  readonly localDate: string
  /** 0–23 */
  readonly hour: number
  /** Minutes that local time is ahead of UTC. */
  readonly offsetMinutes: number
  /** ISO weekday of the local date, 1 = Monday. */
  readonly weekday: number
}

const minuteMs = 60_000
const quarterMs = 15 * minuteMs
/** 0001-01-02 … 9999-12-30: local dates with four digits in every zone. */
const firstMs = Date.parse('0001-01-02T00:00:00Z')
const lastMs = Date.parse('9999-12-31T00:00:00Z')
const maxCachedQuarters = 500_000

const zones = new Map<string, boolean>()
const quarters = new Map<string, Map<number, LocalHour>>()
let cached = 0

/** @returns whether a text is the name of a time zone, such as `Europe/Copenhagen` or `UTC`; offsets such as `+02:00` are not. */
export function isZone(text: string): boolean {
  const known = zones.get(text)
  if (known !== undefined) return known
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(text) || text.length > 60) return false
  let valid = true
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: text })
  } catch {
    valid = false
  }
  if (zones.size < 2_000) zones.set(text, valid)
  return valid
}

function makeLocalHour(utcMs: number, zone: string): LocalHour {
  const offsetMinutes = tzOffset(zone, new Date(utcMs))
  const local = new Date(utcMs + offsetMinutes * minuteMs)
  return {
    localDate: local.toISOString().slice(0, 10),
    hour: local.getUTCHours(),
    offsetMinutes,
    weekday: local.getUTCDay() || 7,
  }
}

/**
 * The local date, hour and offset of an instant.
 *
 * @param utcMs epoch milliseconds; fractions are fine
 * @param zone a name for which `isZone` is true
 * @returns the same object for all instants of one zone and UTC quarter-hour
 * @throws RangeError for an unknown zone and outside the years 1–9999, which no clock of ours can mean
 */
export function localHourOf(utcMs: number, zone: string): LocalHour {
  const quarter = Math.floor(utcMs / quarterMs)
  const found = quarters.get(zone)?.get(quarter)
  if (found) return found
  if (!isZone(zone)) throw new RangeError(`unknown time zone ${zone}`)
  if (!(utcMs >= firstMs && utcMs < lastMs)) throw new RangeError(`no local hour for ${utcMs}`)
  if (cached >= maxCachedQuarters) {
    quarters.clear()
    cached = 0
  }
  const ofZone = quarters.get(zone) ?? new Map<number, LocalHour>()
  quarters.set(zone, ofZone)
  const localHour = makeLocalHour(quarter * quarterMs, zone)
  ofZone.set(quarter, localHour)
  cached += 1
  return localHour
}
