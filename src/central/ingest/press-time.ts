import type { Anchor } from '../store/port.ts'

/** The truth lies within `utcMs` ± `errorMs`. */
export type UtcTime = { utcMs: number; errorMs: number }

/** How fast a Pi's crystal may be wrong; its data sheets promise 40 to 50. */
export const driftPpm = 100
/** Anchors farther away than this add more than 8.6 s of drift; only the nearest of them are looked at. */
export const anchorReachMs = 24 * 3_600_000

const firstMs = Date.UTC(2000, 0, 1)
const lastMs = Date.UTC(2100, 0, 1)
const maxErrorMs = 366 * 86_400_000

const boundAt = (anchor: Anchor, monoMs: number) =>
  anchor.errorMs + (Math.abs(monoMs - anchor.monoMs) * driftPpm) / 1_000_000

/** Index of the first anchor at or behind `monoMs`. */
function findAnchor(anchors: readonly Anchor[], monoMs: number): number {
  let low = 0
  let high = anchors.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((anchors[middle] as Anchor).monoMs >= monoMs) high = middle
    else low = middle + 1
  }
  return low
}

/** Walks away from `monoMs` while distance alone does not rule a better bound out. */
function findBest(anchors: readonly Anchor[], monoMs: number): Anchor | null {
  const at = findAnchor(anchors, monoMs)
  let best: Anchor | null = null
  let bound = Number.POSITIVE_INFINITY
  for (const step of [1, -1]) {
    for (let i = step > 0 ? at : at - 1; i >= 0 && i < anchors.length; i += step) {
      const anchor = anchors[i] as Anchor
      if ((Math.abs(monoMs - anchor.monoMs) * driftPpm) / 1_000_000 >= bound) break
      const candidate = boundAt(anchor, monoMs)
      if (candidate < bound) {
        best = anchor
        bound = candidate
      }
    }
  }
  return best
}

/** Twice what makes a press uncertain, so that taking the middle never makes a time certain that was not. */
const longStretchMs = 30 * 60_000

/**
 * The UTC of a moment that lay in a stretch of a boot, at any time of it. In a long stretch the middle stands for it, so that
 * `utcMs` ± `errorMs` is the stretch itself and does not reach as far behind its end as before its begin.
 *
 * @param monoMs the stretch's end
 * @param lengthMs how far before that the moment may lie
 * @returns null as `timeMoment` does
 */
export function timeStretch(monoMs: number, lengthMs: number, anchors: readonly Anchor[]): UtcTime | null {
  const end = timeMoment(monoMs, lengthMs, anchors)
  if (!end || lengthMs <= longStretchMs) return end
  const halfMs = Math.floor(lengthMs / 2)
  return { utcMs: end.utcMs - halfMs, errorMs: end.errorMs - halfMs }
}

/**
 * The UTC of a moment of a boot, by the anchor that gives the tightest bound: its error + 100 ppm of the distance + the spread.
 *
 * @param anchors of this boot, ascending by monoMs
 * @param spreadMs the moment may lie up to this much before `monoMs`; null when nothing is known of it
 * @returns null without an anchor, with an unknown spread, and where the result is no time at which a terminal of ours can have run
 */
export function timeMoment(monoMs: number, spreadMs: number | null, anchors: readonly Anchor[]): UtcTime | null {
  const best = findBest(anchors, monoMs)
  if (!best || spreadMs === null) return null
  return checkTime(Math.round(best.utcMs + (monoMs - best.monoMs)), Math.ceil(boundAt(best, monoMs) + spreadMs))
}

/** How far bounds from several clocks may contradict each other: the central's own may be some minutes off. */
export const contradictionMs = 5 * 60_000

/** Presses known to ten seconds are never timed again (port.ts, `looselyTimed`), but what other boots tell must give way to an anchor. */
const leastInferredMs = 10_001

/**
 * The UTC of a moment between two others; the middle stands for it.
 *
 * @returns null where the bounds contradict each other, or say nothing
 */
export function timeBetween(earliestMs: number, latestMs: number): UtcTime | null {
  if (earliestMs - latestMs > contradictionMs) return null
  return checkTime(
    Math.round((earliestMs + latestMs) / 2),
    Math.max(leastInferredMs, Math.ceil(Math.abs(latestMs - earliestMs) / 2)),
  )
}

function checkTime(utcMs: number, errorMs: number): UtcTime | null {
  if (utcMs < firstMs || utcMs >= lastMs || errorMs > maxErrorMs) return null
  return { utcMs, errorMs }
}
