import type { PressCell, TallyChange } from '../store/port.ts'

const maxValue = 10

export type TallySheet = {
  add(cell: PressCell, question: string, value: number, delta: 1 | -1): void
  changes(): TallyChange[]
  touchpoints(): Set<string>
  /** Touchpoints whose counted tallies change, each with the first local date. */
  counted(): { touchpoint: string; firstDate: string }[]
}

/** Sums the changes of tallies of one transaction, so that a batch of 200 presses of one hour is one change per value. */
export function makeTallySheet(): TallySheet {
  const sums = new Map<PressCell, Map<string, number[]>>()
  return {
    add(cell, question, value, delta) {
      let ofCell = sums.get(cell)
      if (!ofCell) {
        ofCell = new Map()
        sums.set(cell, ofCell)
      }
      let counts = ofCell.get(question)
      if (!counts) {
        counts = Array.from({ length: maxValue + 1 }, () => 0)
        ofCell.set(question, counts)
      }
      counts[value] = (counts[value] as number) + delta
    },
    changes() {
      const changes: TallyChange[] = []
      for (const [cell, ofCell] of sums) {
        for (const [question, counts] of ofCell) {
          for (const [value, delta] of counts.entries()) {
            if (delta !== 0) changes.push({ ...cell, question, value, delta })
          }
        }
      }
      return changes
    },
    touchpoints: () => new Set([...sums.keys()].map((cell) => cell.touchpoint)),
    counted() {
      const firstDates = new Map<string, string>()
      for (const cell of sums.keys()) {
        if (cell.class !== 'counted') continue
        const first = firstDates.get(cell.touchpoint)
        if (first === undefined || cell.localDate < first) firstDates.set(cell.touchpoint, cell.localDate)
      }
      return [...firstDates].map(([touchpoint, firstDate]) => ({ touchpoint, firstDate }))
    },
  }
}
