/** Opening times as UTC hours, by the zone of each shop. */
import { TZDate } from '@date-fns/tz'
import type { OpenDay } from './press-history.ts'

/** The demo's shops: 8–21 on weekdays and Saturdays, 10–18 on Sundays. */
export const demoHours = { workday: { open: 8, close: 21 }, sunday: { open: 10, close: 18 } }

const isoWeekday = (date: Date) => date.getDay() || 7

/**
 * @param days complete days before the one that `untilMs` falls on, which comes last, cut at `untilMs`
 * @returns day 0 first; a day's hours begin at the UTC of that local hour
 */
export function listOpenDays(zone: string, days: number, untilMs: number): OpenDay[] {
  const today = new TZDate(untilMs, zone)
  return Array.from({ length: days + 1 }, (_, day) => {
    const at = (hour: number) =>
      new TZDate(today.getFullYear(), today.getMonth(), today.getDate() - days + day, hour, 0, 0, zone)
    const weekday = isoWeekday(at(12))
    const { open, close } = weekday === 7 ? demoHours.sunday : demoHours.workday
    const hours = Array.from({ length: close - open }, (_, i) => ({ hour: open + i, startMs: at(open + i).getTime() }))
    return { day, weekday, hours: hours.filter(({ startMs }) => startMs < untilMs) }
  }).filter(({ hours }) => hours.length > 0)
}
