import { shareHappy } from '../../analysis/share-happy.ts'
import type { TouchpointItem } from '../../contracts/http/touchpoints.ts'
import type { Catalogue, TerminalState } from '../store/port.ts'
import type { PlannedCells } from './cell-cache.ts'
import { scoreOfDays } from './score.ts'

/** Names from the top of the tree down to a place. A place that is its own ancestor ends the walk. */
function pathOf(catalogue: Catalogue, place: string): string[] {
  const names: string[] = []
  const seen = new Set<string>()
  for (let id: string | null = place; id !== null && !seen.has(id); ) {
    seen.add(id)
    const found = catalogue.places.find((one) => one.id === id)
    if (found) names.unshift(found.name)
    id = found?.parent ?? null
  }
  return names
}

/** Terminals that stand at a touchpoint at an instant, by name. */
export function terminalsAt(catalogue: Catalogue, touchpoint: string, atMs: number): string[] {
  return [...catalogue.placements.values()]
    .flat()
    .filter((placement) => placement.touchpoint === touchpoint)
    .filter(({ fromMs, toMs }) => fromMs <= atMs && (toMs === null || atMs < toMs))
    .map((placement) => placement.terminal)
    .sort()
}

/** Time of the last press of some terminals, ISO 8601; null when none ever came. */
export function lastPressOf(terminals: readonly string[], states: readonly TerminalState[]): string | null {
  const times = states.filter(({ terminal }) => terminals.includes(terminal)).map((state) => state.lastPressAtMs ?? 0)
  const last = Math.max(0, ...times)
  return last > 0 ? new Date(last).toISOString() : null
}

/** A touchpoint with the summary of its standard period. */
export function buildTouchpointItem(
  catalogue: Catalogue,
  states: readonly TerminalState[],
  { touchpoint, survey, from, to, cells }: PlannedCells,
  nowMs: number,
): TouchpointItem {
  const terminals = terminalsAt(catalogue, touchpoint.id, nowMs)
  const score = scoreOfDays(cells)
  return {
    id: touchpoint.id,
    name: touchpoint.name,
    path: pathOf(catalogue, touchpoint.place),
    place: touchpoint.place,
    zone: touchpoint.zone,
    question: { id: survey.question, revision: survey.revision, scaleMax: survey.scaleMax, texts: survey.texts },
    terminals,
    lastPressAt: lastPressOf(terminals, states),
    summary: { from, to, ...score, shareHappy: survey.scaleMax < 3 ? null : shareHappy(score.counts.toReversed()) },
  }
}
