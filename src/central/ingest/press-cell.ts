import { type LocalHour, localHourOf } from '../../shared/local-time.ts'
import { uncertainMs } from '../../shared/uncertain.ts'
import type { Catalogue, Placement, Touchpoint } from '../store/catalogue.ts'
import type { PressCell } from '../store/port.ts'
import type { UtcTime } from './press-time.ts'

/** PROTOCOL.md §15.2. */
const stuckFlag = 1

/** All instants of a UTC quarter-hour are of one local hour (shared/local-time.ts). */
const quarterMs = 15 * 60_000

type Found = { cell: PressCell | null; isUnplaced: boolean }
export type CellFinder = {
  /**
   * Where a press is tallied. `cell` is null for the notice of a stuck button, which is no press of a person (PROTOCOL.md §15.2), when no placement covers the time (`isUnplaced`), and when not even the local date, or the touchpoint, is sure.
   * The same cell object comes back for presses of one hour, so that sums may be kept by object.
   */
  find(terminal: string, time: UtcTime, flags: number): Found
}

/**
 * @param catalogue zones and placements; a finder is good for as long as its catalogue is the current one
 * @param mostKept cells that are kept
 */
export function makeCellFinder(catalogue: Catalogue, mostKept = 50_000): CellFinder {
  const cells = new Map<string, Map<LocalHour | string, PressCell>>()
  let kept = 0

  /** The last cell found, and the stretch of which every moment has it: presses come one after the other. */
  let last: { terminal: string; fromMs: number; toMs: number; found: Found } | null = null

  const findPlacement = (terminal: string, utcMs: number): Placement | undefined =>
    catalogue.placements
      .get(terminal)
      ?.findLast(({ fromMs, toMs }) => fromMs <= utcMs && (toMs === null || utcMs < toMs))

  function findTouchpoint(terminal: string, utcMs: number): Touchpoint | null {
    const placement = findPlacement(terminal, utcMs)
    return (placement && catalogue.touchpoints.get(placement.touchpoint)) ?? null
  }

  function findCertain(terminal: string, utcMs: number): Found {
    const placement = findPlacement(terminal, utcMs)
    const touchpoint = placement && catalogue.touchpoints.get(placement.touchpoint)
    if (!touchpoint) return { cell: null, isUnplaced: true }
    const found = { cell: certainCell(touchpoint, localHourOf(utcMs, touchpoint.zone)), isUnplaced: false }
    const quarterFromMs = Math.floor(utcMs / quarterMs) * quarterMs
    // A later placement that began within this one would hold from there on; then nothing is kept.
    const isOnly = catalogue.placements.get(terminal)?.at(-1) === placement
    const toMs = Math.min(quarterFromMs + quarterMs, placement.toMs ?? Number.POSITIVE_INFINITY)
    last = isOnly ? { terminal, fromMs: Math.max(quarterFromMs, placement.fromMs), toMs, found } : null
    return found
  }

  function certainCell(touchpoint: Touchpoint, local: LocalHour): PressCell {
    const known = cells.get(touchpoint.id)?.get(local)
    if (known) return known
    if (kept >= mostKept) {
      cells.clear()
      kept = 0
    }
    const ofTouchpoint = cells.get(touchpoint.id) ?? new Map<LocalHour | string, PressCell>()
    const { localDate, hour, offsetMinutes } = local
    const ofHour = `${localDate} ${hour} ${offsetMinutes}`
    const cell: PressCell = ofTouchpoint.get(ofHour) ?? {
      ...{ touchpoint: touchpoint.id, localDate, hour, offsetMinutes, class: 'raw' },
    }
    cells.set(touchpoint.id, ofTouchpoint.set(local, cell).set(ofHour, cell))
    kept += 1
    return cell
  }

  /** Where the terminal stood from `fromMs` to `toMs`, as far as it stood anywhere. */
  function findOnly(terminal: string, fromMs: number, toMs: number): Touchpoint | 'none' | 'several' {
    const changes = (catalogue.placements.get(terminal) ?? []).flatMap((placement) => [
      placement.fromMs,
      placement.toMs,
    ])
    const within = changes.filter((ms): ms is number => ms !== null && fromMs < ms && ms < toMs)
    const found = new Set([fromMs, ...within, toMs].map((ms) => findTouchpoint(terminal, ms)))
    found.delete(null)
    const [only] = found
    return found.size > 1 ? 'several' : (only ?? 'none')
  }

  function findUncertain(terminal: string, time: UtcTime): Found {
    const touchpoint = findOnly(terminal, time.utcMs - time.errorMs, time.utcMs + time.errorMs)
    if (touchpoint === 'none') return { cell: null, isUnplaced: true }
    return { cell: touchpoint === 'several' ? null : uncertainCell(touchpoint, time), isUnplaced: false }
  }

  function uncertainCell(touchpoint: Touchpoint, { utcMs, errorMs }: UtcTime): PressCell | null {
    const { localDate } = localHourOf(utcMs - errorMs, touchpoint.zone)
    if (localHourOf(utcMs + errorMs, touchpoint.zone).localDate !== localDate) return null
    return { touchpoint: touchpoint.id, localDate, hour: -1, offsetMinutes: 0, class: 'uncertain' }
  }

  return {
    find(terminal, time, flags) {
      if (flags & stuckFlag) return { cell: null, isUnplaced: false }
      if (time.errorMs > uncertainMs) return findUncertain(terminal, time)
      const { utcMs } = time
      if (last?.terminal === terminal && last.fromMs <= utcMs && utcMs < last.toMs) return last.found
      return findCertain(terminal, utcMs)
    },
  }
}
