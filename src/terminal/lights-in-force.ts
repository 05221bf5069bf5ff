import type { BoxLights } from '../contracts/messages.ts'
import { isZone, localHourOf } from '../shared/local-time.ts'

/** As the line has it (PROTOCOL.md §6, `L`). */
export type LightMode = 'normal' | 'dim' | 'quiet'

type Moment = { weekday: number; minute: number }

const minuteMs = 60_000
const toMinute = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

/** @returns ISO weekday and minute of the day in a zone */
function localMoment(utcMs: number, zone: string): Moment {
  const { weekday, offsetMinutes } = localHourOf(utcMs, zone)
  const minute = Math.floor(utcMs / minuteMs) + offsetMinutes
  return { weekday, minute: ((minute % 1440) + 1440) % 1440 }
}

function isWithin({ weekday, minute }: Moment, { weekdays, from, to }: BoxLights['quiet'][number]): boolean {
  const begin = toMinute(from)
  const end = toMinute(to)
  const dayBefore = weekday === 1 ? 7 : weekday - 1
  if (begin < end) return weekdays.includes(weekday) && minute >= begin && minute < end
  return (weekdays.includes(weekday) && minute >= begin) || (weekdays.includes(dayBefore) && minute < end)
}

/**
 * Which mode of lights holds at an instant.
 *
 * @param lights null or absent: normal
 * @param utcMs null while the time isn't known: then the box is never quiet, since a dark box by day looks broken
 */
export function lightModeAt(lights: BoxLights | null | undefined, utcMs: number | null): LightMode {
  if (!lights) return 'normal'
  if (utcMs !== null && isZone(lights.zone)) {
    const moment = localMoment(utcMs, lights.zone)
    if (lights.quiet.some((interval) => isWithin(moment, interval))) return 'quiet'
  }
  return lights.brightness
}

export type LightsInForce = {
  mode(): LightMode
  /** A new configuration. */
  set(lights: BoxLights | undefined): void
  /** The time has become known, or was corrected. */
  review(): void
  close(): void
}

export type LightsOptions = {
  initial: BoxLights | undefined
  /** Best knowledge of UTC, null for none. */
  utcMs: () => number | null
  onMode: (mode: LightMode) => void
  /** Quiet hours are told by the minute. */
  everyMs?: number
}

/** Watches the clock and says when the box's lights are to change. */
export function makeLightsInForce({ initial, utcMs, onMode, everyMs = 10_000 }: LightsOptions): LightsInForce {
  let lights = initial
  let mode = lightModeAt(lights, utcMs())
  function review(): void {
    const next = lightModeAt(lights, utcMs())
    if (next === mode) return
    mode = next
    onMode(mode)
  }
  const timer = setInterval(review, everyMs)
  return {
    mode: () => mode,
    set(next) {
      lights = next
      review()
    },
    review,
    close: () => clearInterval(timer),
  }
}
