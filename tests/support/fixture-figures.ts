/**
 * Figures for building and testing the pages without a central: twelve touchpoints of six stores, made by a seeded
 * generator. They have the shapes of `src/contracts/http` (the server checks each answer), not the central's arithmetic.
 */

import type { HourProfile, LiveCount, TouchpointItem } from '../../src/contracts/http/touchpoints.ts'

type Random = () => number
type Counts = [number, number, number, number]
type Score = HourProfile['total']

/** Mulberry32. */
function makeRandom(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let word = Math.imul(state ^ (state >>> 15), 1 | state)
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word
    return ((word ^ (word >>> 14)) >>> 0) / 4_294_967_296
  }
}

const stores = ['Hakaniemi', 'Itäkeskus', 'Kamppi', 'Kallio', 'Munkkivuori', 'Tapiola'] as const
const spots = ['Exit, ground floor', 'Checkout 1–4'] as const
/** Store and spot of the planted dip, and of one that is only suspected. */
const planted = 'kamppi-1'
const suspected = 'tapiola-2'
/** A touchpoint that has hardly any presses. */
const young = 'kallio-2'
/** Where a dip gets less deep, one is over, one is told at the store, and one hour is better than usual. */
const fading = 'munkkivuori-1'
const over = 'itäkeskus-1'
const folded = 'hakaniemi-2'
const quiet = 'hakaniemi-1'

export const fixtureIds = { planted, suspected, young, fading, over, folded, quiet }
export const fixturePeriod = { from: '2026-09-27', to: '2026-11-21' }
const { from, to } = fixturePeriod

const questionTexts = [
  { language: 'en', text: 'How was your visit today?' },
  { language: 'fi', text: 'Millainen käyntisi oli tänään?' },
  { language: 'cs', text: 'Jaká byla vaše dnešní návštěva?' },
]

const add = (a: Counts, b: Counts): Counts => [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]]

/** Presses drawn from the shares a level of happiness (0–1) gives. */
function drawCounts(random: Random, presses: number, level: number): Counts {
  const counts: Counts = [0, 0, 0, 0]
  const bounds = [level * 0.78, level * 0.78 + 0.16, level * 0.78 + 0.16 + (1 - level) * 0.25]
  for (let i = 0; i < presses; i += 1) {
    const at = bounds.findIndex((bound) => random() < bound)
    counts[at === -1 ? 3 : at] = (counts[at === -1 ? 3 : at] ?? 0) + 1
  }
  return counts
}

function score(counts: Counts, days: number): Score {
  const presses = counts[0] + counts[1] + counts[2] + counts[3]
  if (presses === 0) return { presses, counts, index: null, low: null, high: null }
  const mean = (100 * counts[0] + (200 / 3) * counts[1] + (100 / 3) * counts[2]) / presses
  const spread = Math.sqrt(
    ([100, 200 / 3, 100 / 3, 0] as const).reduce((sum, value, i) => sum + (counts[i] ?? 0) * (value - mean) ** 2, 0) /
      presses,
  )
  const half = (2.1 * Math.max(spread, 12)) / Math.sqrt(presses)
  const isSure = days >= 5
  return {
    presses,
    counts,
    index: mean,
    low: isSure ? Math.max(0, mean - half) : null,
    high: isSure ? Math.min(100, mean + half) : null,
  }
}

function levelAt(id: string, weekday: number, hour: number): number {
  const base = id.startsWith('itäkeskus') ? 0.86 : id.startsWith('munkkivuori') ? 0.7 : 0.78
  const evening = hour >= 18 ? 0.05 : 0
  const dip = id === planted && hour === 10 && weekday <= 5 ? 0.28 : 0
  const mild = id === suspected && hour === 15 ? 0.12 : 0
  return base - evening - dip - mild
}

function volumeAt(id: string, weekday: number, hour: number): number {
  const shape = hour < 9 ? 2 : hour < 12 ? 5 : hour < 14 ? 7 : hour < 16 ? 6 : hour < 19 ? 10 : 5
  const weekend = weekday === 7 ? (hour < 10 || hour > 18 ? 0 : 0.7) : 1
  return id === young ? 0.05 : shape * weekend * (id.endsWith('2') ? 0.5 : 1)
}

/** The hour profile of a touchpoint; `class` raw has the misuse in it. */
export function makeFixtureProfile(
  id: string,
  { from: first = from, to: last = to, class: kind = 'counted' }: Partial<Pick<HourProfile, 'from' | 'to' | 'class'>>,
): HourProfile {
  const weeks = Math.max(1, Math.round((Date.parse(last) - Date.parse(first)) / 604_800_000))
  const random = makeRandom([...id].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), weeks))
  const byHour = new Map<number, Counts>()
  const week: HourProfile['week'] = []
  let total: Counts = [0, 0, 0, 0]
  for (let weekday = 1; weekday <= 7; weekday += 1) {
    for (let hour = 8; hour < 21; hour += 1) {
      const presses = Math.round(volumeAt(id, weekday, hour) * weeks * (0.7 + 0.6 * random()))
      const mashed: Counts = kind === 'raw' && hour === 16 ? [0, 0, 1, 3] : [0, 0, 0, 0]
      const counts = add(drawCounts(random, presses, levelAt(id, weekday, hour)), mashed)
      if (counts.some((count) => count > 0)) week.push({ weekday, hour, ...score(counts, weeks) })
      byHour.set(hour, add(byHour.get(hour) ?? [0, 0, 0, 0], counts))
      total = add(total, counts)
    }
  }
  const hours = Array.from({ length: 24 }, (_, i) => (i + 4) % 24).map((hour) => {
    const counts = byHour.get(hour) ?? ([0, 0, 0, 0] satisfies Counts)
    const days = counts.some((count) => count > 0) ? (id === young ? 3 : weeks * 7) : 0
    return { hour, days, ...score(counts, days) }
  })
  return {
    touchpoint: id,
    from: first,
    to: last,
    class: kind,
    zone: 'Europe/Helsinki',
    dayStart: 4,
    confidence: 0.95,
    total: score(total, id === young ? 3 : weeks * 7),
    misuse: 28,
    hours,
    week,
  }
}

export function listFixtureTouchpoints(nowMs: number): TouchpointItem[] {
  return stores.flatMap((store) =>
    spots.map((name, spot) => {
      const id = `${store.toLowerCase()}-${spot + 1}`
      const { total } = makeFixtureProfile(id, {})
      const [best = 0, good = 0] = total.counts
      return {
        id,
        name,
        path: ['Metro Foods', 'Helsinki', store],
        place: store.toLowerCase(),
        zone: 'Europe/Helsinki',
        question: { id: 'visit', revision: 1, scaleMax: 3, texts: questionTexts },
        terminals: [`t-${id}`],
        lastPressAt: id === young ? null : new Date(nowMs - (store.length + spot) ** 3 * 9_000).toISOString(),
        summary: { from, to, ...total, shareHappy: total.presses === 0 ? null : (100 * (best + good)) / total.presses },
      }
    }),
  )
}

export function makeFixtureLive(touchpoint: string, counts: number[], nowMs: number): LiveCount {
  const presses = counts.reduce((sum, count) => sum + count, 0)
  const asOf = new Date(nowMs).toISOString()
  return { touchpoint, date: asOf.slice(0, 10), presses, counts, lastPressAt: asOf, asOf }
}
