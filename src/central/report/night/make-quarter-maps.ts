import type { Curve } from './curve.ts'
import { mapQuarters, type QuarterMap } from './quarter-map.ts'

/** One map for all touchpoints whose days are alike. */
export function makeQuarterMaps(): (curve: Curve, firstDay: number, days: number) => QuarterMap {
  const maps = new Map<string, QuarterMap>()
  return ({ zone, dayStart }, firstDay, days) => {
    const key = [zone, dayStart, firstDay, days].join()
    const map = maps.get(key) ?? mapQuarters(zone, dayStart, firstDay, days)
    maps.set(key, map)
    return map
  }
}
