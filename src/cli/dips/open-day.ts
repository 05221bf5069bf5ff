import { SLOTS } from '../../analysis/touchpoint-cells.ts'
import { hourOfSlot } from '../../central/report/business-day.ts'
import { dayStartOf } from '../../central/report/day-start.ts'
import { isOpenInHour } from '../../central/report/opening-hours.ts'
import type { Hours } from './read-terminals.ts'

/** How the days of a terminal lie: where its business day begins, and which slots are open. */
export type OpenDay = {
  /** local hour */
  dayStart: number
  /** per cell of a period (days × 24); null = always open */
  openSlots: Uint8Array | null
}

/** Hours are the same on every date, so any will do. */
const anyDate = '2024-01-01'

function toOpening(hours: Hours | null) {
  if (hours === null) return { openingHours: [], exceptions: [] }
  const intervals = Array.from({ length: 7 }, (_, day) => ({ weekday: day + 1, ...hours }))
  return { openingHours: [{ validFrom: '0001-01-01', intervals }], exceptions: [] }
}

/** Terminals with the same hours share one answer; a chain has few. */
export function makeOpenDays(days: number): (hours: Hours | null) => OpenDay {
  const known = new Map<string, OpenDay>()

  function build(hours: Hours | null): OpenDay {
    const opening = toOpening(hours)
    const dayStart = dayStartOf(opening, anyDate)
    if (hours === null) return { dayStart, openSlots: null }
    const ofDay = Uint8Array.from({ length: SLOTS }, (_, slot) => {
      const { localDate, hour } = hourOfSlot(anyDate, slot, dayStart)
      return isOpenInHour(opening, localDate, hour) ? 1 : 0
    })
    return {
      dayStart,
      openSlots: Uint8Array.from({ length: days * SLOTS }, (_, cell) => ofDay[cell % SLOTS] as number),
    }
  }

  return (hours) => {
    const key = hours === null ? 'always' : `${hours.openMinute}-${hours.closeMinute}`
    const openDay = known.get(key) ?? build(hours)
    known.set(key, openDay)
    return openDay
  }
}
