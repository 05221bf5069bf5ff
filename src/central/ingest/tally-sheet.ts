import { firstHours, type TouchpointHour } from '../../shared/first-hours.ts'
import type { PressCell, TallyChange } from '../store/port.ts'

/** `counts[v]` for values 0 … 10. */
type Sum = { question: string; counts: number[] }

export type TallySheet = {
  add(cell: PressCell, question: string, value: number, delta: 1 | -1): void
  changes(): TallyChange[]
  touchpoints(): Set<string>
  /** Touchpoints whose counted tallies change, each with the first local hour. */
  counted(): TouchpointHour[]
}

/** Sums the changes of tallies of one transaction, so that a batch of 200 presses of one hour is one change per value. */
export function makeTallySheet(): TallySheet {
  const sums = new Map<PressCell, Sum[]>()
  // Presses come hour after hour: most are of the cell and the question before.
  let last: { cell: PressCell; sum: Sum } | null = null

  function sumOf(cell: PressCell, question: string): Sum {
    if (last?.cell === cell && last.sum.question === question) return last.sum
    let ofCell = sums.get(cell)
    if (!ofCell) {
      ofCell = []
      sums.set(cell, ofCell)
    }
    let sum = ofCell.find((one) => one.question === question)
    if (!sum) {
      sum = { question, counts: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] }
      ofCell.push(sum)
    }
    last = { cell, sum }
    return sum
  }

  return {
    add(cell, question, value, delta) {
      const { counts } = sumOf(cell, question)
      counts[value] = (counts[value] as number) + delta
    },
    changes() {
      const changes: TallyChange[] = []
      for (const [{ touchpoint, localDate, hour, offsetMinutes, class: tallyClass }, ofCell] of sums) {
        for (const { question, counts } of ofCell) {
          for (let value = 0; value < counts.length; value += 1) {
            const delta = counts[value] as number
            if (delta === 0) continue
            changes.push({ touchpoint, localDate, hour, offsetMinutes, class: tallyClass, question, value, delta })
          }
        }
      }
      return changes
    },
    touchpoints: () => new Set([...sums.keys()].map((cell) => cell.touchpoint)),
    counted: () => firstHours([...sums.keys()].filter((cell) => cell.class === 'counted')),
  }
}
