/**
 * Numbers, dates and hours as a reader of one locale writes them. Local dates (`2026-03-10`) are days of the
 * touchpoint's zone and are never moved by the reader's; instants are shown in the zone that is given.
 */

const dayMs = 86_400_000
/** 2024-01-01 was a Monday: ISO weekday n is n − 1 days later. */
const mondayMs = Date.UTC(2024, 0, 1)

const parseLocalDate = (date: string): Date => new Date(`${date}T00:00:00Z`)

type WeekInfoLocale = Intl.Locale & { getWeekInfo?: () => { firstDay: number }; weekInfo?: { firstDay: number } }

function firstWeekday(locale: string): number {
  const { maximize } = Intl.Locale.prototype
  const full: WeekInfoLocale = maximize.call(new Intl.Locale(locale))
  return full.getWeekInfo?.().firstDay ?? full.weekInfo?.firstDay ?? 1
}

/** ISO weekdays as runs that follow each other: [1,2,3,5] → [[1,3],[5,5]]. */
function joinDays(weekdays: readonly number[]): [number, number][] {
  const runs: [number, number][] = []
  for (const day of [...weekdays].sort((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last && last[1] + 1 === day) last[1] = day
    else runs.push([day, day])
  }
  return runs
}

const relativeUnits = [
  ['day', dayMs],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

export type Formats = ReturnType<typeof makeFormats>

/** @param locale BCP 47 tag that `Intl` knows; others fall back to the machine's own */
export function makeFormats(locale: string) {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })
  const shortDate = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always' })
  const dayNames = {
    long: new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }),
    short: new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' }),
  }
  const weekday = (day: number, length: 'long' | 'short'): string =>
    dayNames[length].format(new Date(mondayMs + (day - 1) * dayMs))
  const first = firstWeekday(locale)

  return {
    locale,
    /** An index or a count, without decimals; a dash where there is none. */
    whole: (value: number | null): string => (value === null ? '–' : whole.format(value)),
    /** A share in 0–1 as percent. */
    share: (value: number | null): string => (value === null ? '–' : share.format(value)),
    date: (localDate: string): string => date.format(parseLocalDate(localDate)),
    shortDate: (localDate: string): string => shortDate.format(parseLocalDate(localDate)),
    dateRange: (from: string, to: string): string => date.formatRange(parseLocalDate(from), parseLocalDate(to)),
    /** Hours 0–24 as the span they cover, always on a 24-hour clock. */
    hours: (startHour: number, endHour: number): string => `${startHour}–${endHour}`,
    weekday,
    /** ISO weekdays in the order of the locale's week. */
    weekdays: Array.from({ length: 7 }, (_, i) => ((first - 1 + i) % 7) + 1),
    /** Several weekdays in short: "Mon–Fri", "Mon, Wed". */
    weekdayList: (weekdays: readonly number[]): string =>
      joinDays(weekdays)
        .map(([from, to]) =>
          from === to ? weekday(from, 'short') : `${weekday(from, 'short')}–${weekday(to, 'short')}`,
        )
        .join(', '),
    /** How long ago, in the largest unit that fits; null below one minute. */
    ago: (ms: number): string | null => {
      const unit = relativeUnits.find(([, length]) => ms >= length)
      return unit ? relative.format(-Math.floor(ms / unit[1]), unit[0]) : null
    },
    /** Time of day of an instant in a zone. */
    time: (instant: string, zone: string): string =>
      new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: zone }).format(new Date(instant)),
  }
}
