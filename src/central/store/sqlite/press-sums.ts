import type { Database } from 'better-sqlite3'
import type { Tally, TallyClass } from '../port.ts'
import { tallyClasses } from './codes.ts'
import { localDateText } from './local-date-number.ts'
import type { Names } from './names.ts'

const valuesPerTally = 11

type SumRow = [
  touchpoint: number,
  question: number,
  localDate: number,
  hour: number,
  offsetMinutes: number,
  classNo: number,
  value: number,
  presses: number,
  counted: number,
]

/** Presses summed as tallies are, for whoever wants to know whether the tallies are right. */
export function makePressSums(db: Database, names: Names) {
  const edge = (direction: string) =>
    db
      .prepare<[number], number>(
        `SELECT utc_ms FROM press_row INDEXED BY press_by_time
          WHERE terminal = ? AND utc_ms IS NOT NULL ORDER BY utc_ms ${direction} LIMIT 1`,
      )
      .pluck()
  const [first, last] = [edge('ASC'), edge('DESC')]
  const sums = db
    .prepare<[number, number, number], SumRow>(
      `SELECT touchpoint, question, local_date, hour, offset_minutes, class, value, count(*), count(CASE WHEN label = 0 THEN 1 END)
        FROM press_row INDEXED BY press_by_time
        WHERE terminal = ? AND utc_ms >= ? AND utc_ms < ? AND is_repeat = 0 AND class IS NOT NULL
        GROUP BY touchpoint, question, local_date, hour, offset_minutes, class, value`,
    )
    .raw()

  function addTo(tallies: Map<string, Tally>, row: SumRow, tallyClass: TallyClass, presses: number): void {
    if (presses === 0) return
    const [touchpoint, question, localDate, hour, offsetMinutes, , value] = row
    const key = `${touchpoint} ${question} ${localDate} ${hour} ${offsetMinutes} ${tallyClass}`
    const tally = tallies.get(key) ?? {
      touchpoint: names.text(touchpoint),
      question: names.text(question),
      class: tallyClass,
      localDate: localDateText(localDate),
      ...{ hour, offsetMinutes, counts: Array.from({ length: valuesPerTally }, () => 0) },
    }
    tallies.set(key, tally)
    tally.counts[value] = presses
  }

  return {
    span(terminal: string): { firstMs: number; lastMs: number } | null {
      const no = names.find(terminal)
      const [firstMs, lastMs] = no === null ? [] : [first.get(no), last.get(no)]
      return firstMs === undefined || lastMs === undefined ? null : { firstMs, lastMs }
    },
    sums(terminal: string, fromMs: number, toMs: number): Tally[] {
      const no = names.find(terminal)
      const tallies = new Map<string, Tally>()
      for (const row of no === null ? [] : sums.all(no, fromMs, toMs)) {
        const tallyClass = tallyClasses[row[5]] as TallyClass
        addTo(tallies, row, tallyClass, row[7])
        if (tallyClass === 'raw') addTo(tallies, row, 'counted', row[8])
      }
      return [...tallies.values()]
    },
  }
}
