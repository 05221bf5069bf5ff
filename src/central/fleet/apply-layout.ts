import { ConfigError } from '../../shared/config-file.ts'
import type { Catalogue, Place, Placement, Touchpoint } from '../store/catalogue.ts'
import type { Store } from '../store/port.ts'
import { findLayoutFaults, parseInstant } from './find-layout-faults.ts'
import type { LayoutFile, LayoutPlacement } from './layout.ts'
import { type CommandOrigin, noteCommand } from './note-command.ts'

function toMinute(timeOfDay: string): number {
  return Number(timeOfDay.slice(0, 2)) * 60 + Number(timeOfDay.slice(3))
}
const toInterval = ({ open, close }: { open: string; close: string }) => ({
  openMinute: toMinute(open),
  closeMinute: toMinute(close),
})

function toTouchpoint({ hours, exceptions, lights, ...rest }: LayoutFile['touchpoints'][number]): Touchpoint {
  return {
    ...rest,
    openingHours: hours.map(({ validFrom, intervals }) => ({
      validFrom,
      intervals: intervals.map((interval) => ({ weekday: interval.weekday, ...toInterval(interval) })),
    })),
    exceptions: exceptions.map(({ date, intervals }) => ({ date, intervals: intervals.map(toInterval) })),
    lights: lights ?? null,
  }
}

/** Parents first, since a place refers to the one above it. */
function sortPlaces(places: LayoutFile['places']): Place[] {
  const left = new Map(places.map((place) => [place.id, place]))
  const sorted: Place[] = []
  const put = (id: string | undefined) => {
    const place = id === undefined ? undefined : left.get(id)
    if (!place) return
    left.delete(place.id)
    put(place.parent)
    sorted.push({ id: place.id, parent: place.parent ?? null, name: place.name, kind: place.kind })
  }
  for (const { id } of places) put(id)
  return sorted
}

function toPlacement({ terminal, touchpoint, from, to }: LayoutPlacement): Placement {
  return {
    terminal,
    touchpoint,
    fromMs: (from === undefined ? null : parseInstant(from)) ?? 0,
    toMs: to === undefined ? null : parseInstant(to),
  }
}

/** Whether a row is there already just so; then it isn't written, and nobody is told of a change. */
const isAmong = (rows: Iterable<object>, row: object) => {
  const sortedText = (one: object) => JSON.stringify(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
  return [...rows].some((known) => sortedText(known) === sortedText(row))
}

/** Touchpoints of another zone than before, and terminals of which a placement is another: presses counted so far stay where they are. */
export type Corrected = { zones: string[]; placements: string[] }

function findCorrected(layout: LayoutFile, before: Catalogue): Corrected {
  const zones = layout.touchpoints.filter(({ id, zone }) => (before.touchpoints.get(id)?.zone ?? zone) !== zone)
  const placements = (layout.placements ?? []).map(toPlacement).filter((placement) => {
    const known = before.placements.get(placement.terminal) ?? []
    return known.length > 0 && !isAmong(known, placement)
  })
  return { zones: zones.map(({ id }) => id), placements: [...new Set(placements.map(({ terminal }) => terminal))] }
}

/**
 * Creates or changes what a layout names, in one transaction; what it does not name stays as it is. Applying the same layout again
 * changes nothing, not even the catalogue's revision.
 *
 * @returns what a change of is no news but a correction
 * @throws ConfigError with every name that leads nowhere
 */
export async function applyLayout(store: Store, layout: LayoutFile, origin: CommandOrigin = null): Promise<Corrected> {
  return await store.transact(async (writer) => {
    const catalogue = await store.read.catalogue()
    const terminals = new Set((await store.read.terminals()).map((terminal) => terminal.id))
    const faults = findLayoutFaults(layout, { catalogue, terminals })
    if (faults.length > 0) throw new ConfigError('layout', faults)
    const news = findNews(layout, catalogue)
    for (const place of news.places) await writer.putPlace(place)
    for (const survey of news.surveys) await writer.putSurvey(survey)
    for (const touchpoint of news.touchpoints) await writer.putTouchpoint(touchpoint)
    for (const placement of news.placements) await writer.putPlacement(placement)
    const detail = describeNews(news)
    if (Object.keys(detail).length > 0)
      await noteCommand(writer.accounts, origin, { what: 'layout-applied', on: 'layout', detail })
    return findCorrected(layout, catalogue)
  })
}

/** What of a layout is not there yet just so, in the order in which it can be written. */
function findNews(layout: LayoutFile, { places, surveys, touchpoints, placements }: Catalogue) {
  return {
    places: sortPlaces(layout.places).filter((place) => !isAmong(places, place)),
    surveys: layout.surveys.filter((survey) => !isAmong(surveys.get(survey.question) ?? [], survey)),
    touchpoints: layout.touchpoints.map(toTouchpoint).filter((one) => !isAmong(touchpoints.values(), one)),
    placements: (layout.placements ?? [])
      .map(toPlacement)
      .filter((placement) => !isAmong(placements.get(placement.terminal) ?? [], placement)),
  }
}

/** By id: where it is from now on, since that is who sees it. Kinds without a change are left out. */
function describeNews({ places, surveys, touchpoints, placements }: ReturnType<typeof findNews>): object {
  const detail = {
    places: Object.fromEntries(places.map(({ id, parent }) => [id, parent])),
    surveys: Object.fromEntries(surveys.map(({ question, revision }) => [question, revision])),
    touchpoints: Object.fromEntries(touchpoints.map(({ id, place }) => [id, place])),
    placements: Object.fromEntries(placements.map(({ terminal, touchpoint }) => [terminal, touchpoint])),
  }
  return Object.fromEntries(Object.entries(detail).filter(([, changed]) => Object.keys(changed).length > 0))
}
