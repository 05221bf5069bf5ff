// A real store with a seeded fleet's tallies and what tests of nights look at.

import type { TouchpointCells } from '../../../../src/analysis/touchpoint-cells.ts'
import { addDays } from '../../../../src/central/report/local-date.ts'
import type { NightReport } from '../../../../src/central/report/night/night-report.ts'
import { runNights } from '../../../../src/central/report/night/run-nights.ts'
import type { Touchpoint } from '../../../../src/central/store/catalogue.ts'
import type { Store, TallyChange, TallyClass } from '../../../../src/central/store/port.ts'
import { generateCells, makeRandom, type PlantedDip } from '../../../support/press-generator.ts'

/** A Monday; day 0 of every fleet. */
export const firstDay = 20_150
export const question = 'satisfied'

type Shop = {
  id: string
  seed: number
  dip?: PlantedDip | undefined
  pressesPerDay?: number
  days?: number
  untilDay?: number
}

/** A shop's history, its dip from `dip.fromDay` up to `untilDay`; the rest does not depend on the dip. */
export function makeShop({ id, seed, dip, pressesPerDay = 220, days = 100, untilDay = days }: Shop): TouchpointCells {
  const history = { id, days, firstWeekday: 1, openSlot: 8, closeSlot: 20, pressesPerDay }
  const draw = (planted: PlantedDip | undefined) =>
    generateCells(makeRandom(seed), {
      ...{ ...history, index: 80, eveningLow: 5, trend: 0 },
      ...(planted && { dip: planted }),
    })
  const usual = draw(undefined)
  if (!dip) return usual
  const during = draw(dip)
  const counts = during.counts.map((ofValue, value) => {
    const spliced = ofValue.slice()
    spliced.set((usual.counts[value] as Uint16Array).subarray(untilDay * 24), untilDay * 24)
    return spliced
  })
  return { ...during, counts }
}

/** Tallies of cells whose slot is the hour of the clock. */
export function talliesOf(
  { id, counts }: TouchpointCells,
  tallyClass: TallyClass = 'counted',
  firstDate = addDays('1970-01-01', firstDay),
): TallyChange[] {
  return counts.flatMap((ofValue, value) =>
    Array.from(ofValue, (delta, cell): TallyChange => {
      const localDate = addDays(firstDate, Math.floor(cell / 24))
      const place = { touchpoint: id, question, localDate, hour: cell % 24, offsetMinutes: 60 }
      return { ...place, class: tallyClass, value, delta }
    }).filter(({ delta }) => delta > 0),
  )
}

/** Opening hours 8–20 on every day, so that days begin at midnight. */
export const shopHours: Touchpoint['openingHours'] = [
  {
    validFrom: '2020-01-01',
    intervals: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, openMinute: 480, closeMinute: 1200 })),
  },
]

export async function putTallies(store: Store, fleet: readonly TouchpointCells[]): Promise<void> {
  for (const cells of fleet) {
    const changes = [...talliesOf(cells, 'counted'), ...talliesOf(cells, 'raw')]
    await store.transact((writer) => writer.changeTallies(changes))
  }
}

type Options = Partial<Omit<Parameters<typeof runNights>[0], 'store' | 'fromNight' | 'toNight'>>

/** Nights by day of the fleet. */
export async function runDays(store: Store, from: number, to: number, options: Options = {}): Promise<NightReport> {
  return runNights({
    ...{ store: store.read, catalogue: await store.read.catalogue(), before: null, fixes: [], ...options },
    ...{ fromNight: firstDay + from, toNight: firstDay + to },
  })
}
