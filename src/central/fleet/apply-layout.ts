import { ConfigError } from '../../shared/config-file.ts'
import type { Catalogue, OpeningException, OpeningHours, Store, Survey, Touchpoint } from '../store/port.ts'
import type { LayoutFile } from './layout.ts'

type LayoutTouchpoint = LayoutFile['touchpoints'][number]

function readMinute(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':')
  return Number(hours) * 60 + Number(minutes)
}

const readSpan = ({ open, close }: { open: string; close: string }) => ({
  openMinute: readMinute(open),
  closeMinute: readMinute(close),
})

function readTouchpoint({ hours = [], exceptions = [], ...touchpoint }: LayoutTouchpoint): Touchpoint {
  const openingHours: OpeningHours[] = hours.map(({ validFrom, intervals }) => ({
    validFrom,
    intervals: intervals.map((interval) => ({ weekday: interval.weekday, ...readSpan(interval) })),
  }))
  const dates: OpeningException[] = exceptions.map(({ date, intervals }) => ({
    date,
    intervals: intervals.map(readSpan),
  }))
  return { ...touchpoint, openingHours, exceptions: dates }
}

/** The whole layout must hang together, with what is there already. */
function findFaults(layout: LayoutFile, catalogue: Catalogue): string[] {
  const places = new Set([...catalogue.places, ...layout.places].map(({ id }) => id))
  const questions = new Set([...catalogue.surveys.keys(), ...layout.surveys.map(({ question }) => question)])
  const parents = layout.places.filter(({ parent }) => parent !== undefined && !places.has(parent))
  const lost = layout.touchpoints.filter(({ place }) => !places.has(place))
  const unasked = layout.touchpoints.filter(({ question }) => !questions.has(question))
  return [
    ...parents.map(({ id, parent }) => `places.${id}.parent: no place is called ${parent}`),
    ...findCircles(layout, catalogue).map((id) => `places.${id}.parent: leads back to itself`),
    ...lost.map(({ id, place }) => `touchpoints.${id}.place: no place is called ${place}`),
    ...unasked.map(({ id, question }) => `touchpoints.${id}.question: no question is called ${question}`),
    ...findRewritten(layout, catalogue).map(
      ({ question, revision }) =>
        `surveys.${question}: revision ${revision} exists with another scale or other texts; give the change a new revision`,
    ),
  ]
}

function findCircles(layout: LayoutFile, catalogue: Catalogue): string[] {
  const parents = new Map([...catalogue.places, ...layout.places].map(({ id, parent }) => [id, parent ?? null]))
  return layout.places.flatMap(({ id }) => {
    let steps = 0
    for (let place: string | null = id; place; place = parents.get(place) ?? null)
      if (++steps > parents.size) return [id]
    return []
  })
}

/** A revision that presses may refer to is never changed: it says what was on the buttons. */
function findRewritten(layout: LayoutFile, catalogue: Catalogue): Survey[] {
  const canonical = ({ scaleMax, texts }: Survey) =>
    JSON.stringify([scaleMax, texts.map(({ language, text }) => [language, text])])
  return layout.surveys.filter((survey) => {
    const there = catalogue.surveys.get(survey.question)?.find(({ revision }) => revision === survey.revision)
    return there !== undefined && canonical(there) !== canonical(survey)
  })
}

/**
 * Creates or changes places, questions and touchpoints, all or nothing. Applying the same layout again changes nothing.
 *
 * @throws ConfigError listing every reference that leads nowhere
 */
export async function applyLayout(store: Store, layout: LayoutFile): Promise<void> {
  const faults = findFaults(layout, await store.read.catalogue())
  if (faults.length > 0) throw new ConfigError('layout', faults)
  await store.transact(async (writer) => {
    for (const { id, name, kind, parent } of layout.places)
      await writer.putPlace({ id, name, kind, parent: parent ?? null })
    for (const survey of layout.surveys) await writer.putSurvey(survey)
    for (const touchpoint of layout.touchpoints) await writer.putTouchpoint(readTouchpoint(touchpoint))
  })
}
