/** Press files of a small fleet with one planted dip, whose hourly counts are known. */
import type { TouchpointCells } from '../../../src/analysis/find-dips.ts'
import { makeRandom } from '../../support/press-generator.ts'

const hourMs = 3_600_000

/**
 * Every press of a fleet's cells as a row `terminal,utc,button`, evenly spread over its hour, so that none looks like play.
 *
 * @param firstHourMs UTC instant at which slot 0 of day 0 begins
 */
export function writeRows(fleet: readonly TouchpointCells[], firstHourMs: number): string[] {
  return fleet.flatMap(({ id, days, counts }) =>
    Array.from({ length: days * 24 }, (_, cell) => {
      const buttons = counts.flatMap((ofValue, value) => Array<number>(ofValue[cell] ?? 0).fill(4 - value))
      return buttons.map((button, i) => {
        const utcMs = firstHourMs + (cell + (i + 0.5) / buttons.length) * hourMs
        return `${id},${new Date(Math.floor(utcMs)).toISOString()},${button}`
      })
    }).flat(),
  )
}

/** The same rows in another order. */
export function shuffle<Item>(items: readonly Item[], seed: number): Item[] {
  const random = makeRandom(seed)
  const shuffled = [...items]
  for (let last = shuffled.length - 1; last > 0; last--) {
    const at = Math.floor(random() * (last + 1))
    ;[shuffled[last], shuffled[at]] = [shuffled[at] as Item, shuffled[last] as Item]
  }
  return shuffled
}
