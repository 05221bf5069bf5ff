import { shareHappy } from '../../analysis/share-happy.ts'
import type { TouchpointItem } from '../../contracts/http/touchpoints.ts'
import type { Catalogue } from '../store/catalogue.ts'
import type { TerminalState } from '../store/custody.ts'
import type { PlannedCells } from './cell-cache.ts'
import type { Reach } from './limit-night.ts'
import { placesAbove } from './places-above.ts'
import { scoreOfDays } from './score.ts'

/** Terminals that stand at a touchpoint at an instant, by name. */
function terminalsAt(catalogue: Catalogue, touchpoint: string, atMs: number): string[] {
  return [...catalogue.placements.values()]
    .flat()
    .filter((placement) => placement.touchpoint === touchpoint)
    .filter(({ fromMs, toMs }) => fromMs <= atMs && (toMs === null || atMs < toMs))
    .map((placement) => placement.terminal)
    .sort()
}

/**
 * Time of the last press at a touchpoint, ISO 8601: of the terminals that stand or stood there, since its history survives a swap;
 * null when none ever came. A terminal that was moved away and pressed elsewhere no longer tells.
 */
export function lastPressAt(catalogue: Catalogue, touchpoint: string, states: readonly TerminalState[]): string | null {
  const times = states.flatMap(({ terminal, lastPressAtMs }) => {
    const placements = (catalogue.placements.get(terminal) ?? []).filter((one) => one.touchpoint === touchpoint)
    const isHere = placements.some(
      ({ fromMs, toMs }) =>
        lastPressAtMs !== null && fromMs <= lastPressAtMs && (toMs === null || lastPressAtMs < toMs),
    )
    return isHere && lastPressAtMs !== null ? [lastPressAtMs] : []
  })
  return times.length > 0 ? new Date(Math.max(...times)).toISOString() : null
}

/** A touchpoint with the summary of its standard period; of the places above it, those alone that its reader reaches. */
export function buildTouchpointItem(
  catalogue: Catalogue,
  states: readonly TerminalState[],
  { touchpoint, survey, from, to, cells }: PlannedCells,
  { nowMs, reach }: { nowMs: number; reach: Reach },
): TouchpointItem {
  const terminals = terminalsAt(catalogue, touchpoint.id, nowMs)
  const score = scoreOfDays(cells)
  return {
    id: touchpoint.id,
    name: touchpoint.name,
    path: placesAbove(catalogue, touchpoint.place)
      .filter(({ id }) => reach.place(id))
      .map(({ name }) => name)
      .reverse(),
    place: touchpoint.place,
    zone: touchpoint.zone,
    question: { id: survey.question, revision: survey.revision, scaleMax: survey.scaleMax, texts: survey.texts },
    terminals,
    lastPressAt: lastPressAt(catalogue, touchpoint.id, states),
    summary: { from, to, ...score, shareHappy: survey.scaleMax < 3 ? null : shareHappy(score.counts.toReversed()) },
  }
}
