/** The demo's chain as the layout that `smilepost places apply` takes. */

import type { LayoutFile } from '../../central/fleet/layout.ts'
import { demoQuestion, demoRegions, demoShops, demoTexts } from './demo-chain.ts'
import { demoHours } from './open-days.ts'

const time = (hour: number) => `${String(hour).padStart(2, '0')}:00`
const workdays = [1, 2, 3, 4, 5, 6]

function makeHours(validFrom: string) {
  const { workday, sunday } = demoHours
  return [
    {
      validFrom,
      intervals: [
        ...workdays.map((weekday) => ({ weekday, open: time(workday.open), close: time(workday.close) })),
        { weekday: 7, open: time(sunday.open), close: time(sunday.close) },
      ],
    },
  ]
}

/** @param validFrom local date before the history begins */
export function makeDemoLayout(validFrom: string): LayoutFile {
  return {
    places: [
      { id: 'kaari', name: 'Kaari Market', kind: 'chain' as const },
      ...demoRegions.map(({ id, name }) => ({ id, name, kind: 'region' as const, parent: 'kaari' })),
      ...demoShops.map(({ store, storeName, region }) => ({
        id: store,
        name: storeName,
        kind: 'store' as const,
        parent: region,
      })),
    ],
    surveys: [{ question: demoQuestion, revision: 1, scaleMax: 3, texts: demoTexts }],
    touchpoints: demoShops.map(({ touchpoint, store, zone }) => ({
      id: touchpoint,
      place: store,
      name: 'Exit',
      zone,
      question: demoQuestion,
      hours: makeHours(validFrom),
      exceptions: [],
    })),
  }
}
