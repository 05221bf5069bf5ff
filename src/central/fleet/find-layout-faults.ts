import { isZone } from '../../shared/local-time.ts'
import type { Catalogue, Survey } from '../store/catalogue.ts'
import type { LayoutFile } from './layout.ts'

type Known = { catalogue: Catalogue; terminals: ReadonlySet<string> }

function findDoubles(what: string, ids: readonly string[]): string[] {
  const doubles = ids.filter((id, i) => ids.indexOf(id) !== i)
  return [...new Set(doubles)].map((id) => `${what}: ${id} is there twice`)
}

/** Places whose parents never reach a root. */
function findRings(layout: LayoutFile, { catalogue }: Known): string[] {
  const parents = new Map([...catalogue.places, ...layout.places].map((place) => [place.id, place.parent ?? null]))
  const isRing = (id: string) => {
    let above: string | null = id
    for (let steps = 0; above !== null; steps += 1) {
      if (steps > parents.size) return true
      above = parents.get(above) ?? null
    }
    return false
  }
  return layout.places.filter(({ id }) => isRing(id)).map(({ id }) => `places.${id}: its parents form a ring`)
}

function findPlaceFaults(layout: LayoutFile, known: Known): string[] {
  const places = new Set([...known.catalogue.places, ...layout.places].map((place) => place.id))
  const orphans = layout.places.filter(({ parent }) => parent !== undefined && !places.has(parent))
  return [
    ...findDoubles(
      'places',
      layout.places.map((place) => place.id),
    ),
    ...orphans.map(({ id, parent }) => `places.${id}: parent ${parent} is nowhere`),
    ...findRings(layout, known),
  ]
}

/** A revision that terminals may have shown can't change its scale: its presses are stored as numbers. */
function findSurveyFaults(layout: LayoutFile, { catalogue }: Known): string[] {
  const keyOf = ({ question, revision }: Pick<Survey, 'question' | 'revision'>) => `${question} revision ${revision}`
  const stored = new Map([...catalogue.surveys.values()].flat().map((survey) => [keyOf(survey), survey]))
  const rescaled = layout.surveys.filter((survey) => {
    const before = stored.get(keyOf(survey))
    return before !== undefined && before.scaleMax !== survey.scaleMax
  })
  return [
    ...findDoubles('surveys', layout.surveys.map(keyOf)),
    ...rescaled.map((survey) => `surveys: ${keyOf(survey)} has another scale already; give it a new revision`),
  ]
}

const isDate = (text: string) => {
  const ms = Date.parse(`${text}T00:00:00Z`)
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text)
}

function findTouchpointFaults(layout: LayoutFile, { catalogue }: Known): string[] {
  const places = new Set([...catalogue.places, ...layout.places].map((place) => place.id))
  const questions = new Set([...catalogue.surveys.keys(), ...layout.surveys.map((survey) => survey.question)])
  const faults = findDoubles(
    'touchpoints',
    layout.touchpoints.map((touchpoint) => touchpoint.id),
  )
  for (const { id, place, zone, question, hours, exceptions } of layout.touchpoints) {
    const at = `touchpoints.${id}`
    if (!places.has(place)) faults.push(`${at}: place ${place} is nowhere`)
    if (!isZone(zone)) faults.push(`${at}: ${zone} is no time zone; an IANA name such as Europe/Prague is expected`)
    if (!questions.has(question)) faults.push(`${at}: question ${question} is in no survey`)
    const dates = [...hours.map((week) => week.validFrom), ...exceptions.map((exception) => exception.date)]
    faults.push(...dates.filter((date) => !isDate(date)).map((date) => `${at}: ${date} is no date`))
  }
  return faults
}

function findPlacementFaults(layout: LayoutFile, { catalogue, terminals }: Known): string[] {
  const touchpoints = new Set([...catalogue.touchpoints.keys(), ...layout.touchpoints.map(({ id }) => id)])
  const faults: string[] = []
  for (const { terminal, touchpoint, from, to } of layout.placements ?? []) {
    const at = `placements.${terminal}`
    if (!terminals.has(terminal)) faults.push(`${at}: no such terminal; create it first`)
    if (!touchpoints.has(touchpoint)) faults.push(`${at}: touchpoint ${touchpoint} is nowhere`)
    const instants = [from, to].filter((instant) => instant !== undefined)
    const wrong = instants.filter((instant) => parseInstant(instant) === null)
    faults.push(...wrong.map((instant) => `${at}: ${instant} is no instant; 2026-01-31T08:00:00Z is one`))
  }
  return faults
}

/** @returns epoch ms of an ISO 8601 text with `Z` or an offset; a text without one would mean the zone of this machine */
export function parseInstant(text: string): number | null {
  const ms = /(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isFinite(ms) ? ms : null
}

/** What a schema can't see: names that lead nowhere, doubles, rings, unknown zones. All at once, one line each. */
export function findLayoutFaults(layout: LayoutFile, known: Known): string[] {
  return [
    ...findPlaceFaults(layout, known),
    ...findSurveyFaults(layout, known),
    ...findTouchpointFaults(layout, known),
    ...findPlacementFaults(layout, known),
  ]
}
