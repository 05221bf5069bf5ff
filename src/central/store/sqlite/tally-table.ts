import type { Database } from 'better-sqlite3'
import type { DirtyHour, Tally, TallyChange, TallyClass } from '../port.ts'
import { tallyClasses } from './codes.ts'
import type { KeptRows } from './kept-rows.ts'
import { localDateNumber, localDateText } from './local-date-number.ts'
import type { Names } from './names.ts'

const valueColumns = Array.from({ length: 11 }, (_, value) => `n${value}`)
const keyColumns = 'touchpoint, question, class, local_date, hour, offset_minutes'

type CountRow = Record<string, number>
type TallyRow = [localDate: number, hour: number, offsetMinutes: number, ...counts: number[]]
type TallyQuery = { touchpoint: string; question: string; class: TallyClass; from: string; to: string }

/** Queries over tallies and dirty hours, for either connection. */
export function makeTallyReader(db: Database, names: Names) {
  // Eight weeks of hours as one text take a third of the time of as many rows with a dozen columns each.
  const select = db
    .prepare<number[], string>(
      `SELECT json_group_array(json_array(local_date, hour, offset_minutes, ${valueColumns.join(', ')})) FROM (SELECT * FROM tally
        WHERE touchpoint = ? AND question = ? AND class = ? AND local_date BETWEEN ? AND ?
        ORDER BY local_date, hour, offset_minutes)`,
    )
    .pluck()
  const onDate = 'SELECT * FROM tally INDEXED BY tally_by_date WHERE class IN (0, 1, 2) AND local_date = ?'
  const selectOn = db.prepare<[number], CountRow>(onDate)
  const selectOnAt = db.prepare<[number, number], CountRow>(`${onDate} AND touchpoint = ?`)
  const dates = 'SELECT min(local_date) AS first, max(local_date) AS last FROM tally WHERE class = ?'
  type DateRow = { first: number | null; last: number | null }
  const allDates = db.prepare<[number], DateRow>(dates)
  const datesOf = db.prepare<[number, number], DateRow>(`${dates} AND touchpoint = ?`)
  const selectDirty = db.prepare<[number], { terminal: number; utc_hour: number }>(
    'SELECT terminal, utc_hour FROM dirty_hour ORDER BY no LIMIT ?',
  )
  return {
    tallies(query: TallyQuery): Tally[] {
      const { touchpoint, question } = query
      const [touchpointNo, questionNo] = [names.find(touchpoint), names.find(question)]
      if (touchpointNo === null || questionNo === null) return []
      const [from, to] = [localDateNumber(query.from), localDateNumber(query.to)]
      const text = select.get(touchpointNo, questionNo, tallyClasses.indexOf(query.class), from, to) ?? '[]'
      return (JSON.parse(text) as TallyRow[]).map(([localDate, hour, offsetMinutes, ...counts]) => ({
        ...{ touchpoint, question, class: query.class },
        ...{ localDate: localDateText(localDate), hour, offsetMinutes, counts },
      }))
    },
    on(localDate: string, touchpoint?: string): Tally[] {
      const date = localDateNumber(localDate)
      const rows = touchpoint === undefined ? selectOn.all(date) : selectOnAt.all(date, names.find(touchpoint) ?? -1)
      return rows.map((row) => ({
        touchpoint: names.text(row.touchpoint as number),
        question: names.text(row.question as number),
        class: tallyClasses[row.class as number] as TallyClass,
        localDate,
        hour: row.hour as number,
        offsetMinutes: row.offset_minutes as number,
        counts: valueColumns.map((column) => row[column] as number),
      }))
    },
    dates(query: { class: TallyClass; touchpoint?: string }): { first: string; last: string } | null {
      const classNo = tallyClasses.indexOf(query.class)
      const touchpoint = query.touchpoint === undefined ? undefined : (names.find(query.touchpoint) ?? -1)
      const row = touchpoint === undefined ? allDates.get(classNo) : datesOf.get(classNo, touchpoint)
      if (!row || row.first === null || row.last === null) return null
      return { first: localDateText(row.first), last: localDateText(row.last) }
    },
    dirtyHours(limit: number): DirtyHour[] {
      return selectDirty.all(limit).map((row) => ({ terminal: names.text(row.terminal), utcHour: row.utc_hour }))
    },
  }
}

type Sums = { key: number[]; deltas: number[]; hasLess: boolean }

const compareKeys = ({ key: a }: Sums, { key: b }: Sums) => {
  for (let i = 0; i < a.length; i += 1) {
    const difference = (a[i] as number) - (b[i] as number)
    if (difference !== 0) return difference
  }
  return 0
}

const isOfCell = (a: TallyChange, b: TallyChange) =>
  a.touchpoint === b.touchpoint &&
  a.question === b.question &&
  a.localDate === b.localDate &&
  a.hour === b.hour &&
  a.offsetMinutes === b.offsetMinutes &&
  a.class === b.class

/** Sums of equal keys become one; they are next to each other. */
function mergeSums(sorted: readonly Sums[]): Sums[] {
  const merged: Sums[] = []
  for (const sum of sorted) {
    const last = merged.at(-1)
    if (!last || compareKeys(last, sum) !== 0) {
      merged.push(sum)
      continue
    }
    for (const [value, delta] of sum.deltas.entries()) last.deltas[value] = (last.deltas[value] as number) + delta
    last.hasLess ||= sum.hasLess
  }
  return merged
}

const maxTerminals = 50_000

export function makeTallyWriter(db: Database, names: Names, kept: KeptRows) {
  const add = db.prepare(`INSERT INTO tally (${keyColumns}, ${valueColumns.join(', ')})
    VALUES (?, ?, ?, ?, ?, ?, ${valueColumns.map(() => '?').join(', ')})
    ON CONFLICT (${keyColumns}) DO UPDATE SET ${valueColumns.map((n) => `${n} = ${n} + excluded.${n}`).join(', ')}`)
  // A cell that lost its last press must not stretch the range of dates.
  const dropEmpty = db.prepare(`DELETE FROM tally
    WHERE touchpoint = ? AND question = ? AND class = ? AND local_date = ? AND hour = ? AND offset_minutes = ?
    AND ${valueColumns.map((column) => `${column} = 0`).join(' AND ')}`)
  const mark = db.prepare('INSERT OR IGNORE INTO dirty_hour (terminal, utc_hour) VALUES (?, ?)')
  const clear = db.prepare('DELETE FROM dirty_hour WHERE terminal = ? AND utc_hour = ?')
  /** Of each terminal the hour that was marked last, while it is: its next presses are of the same. */
  const marked = kept.makeMap<number, number>(maxTerminals)

  function keyOf({ touchpoint, question, class: tallyClass, localDate, hour, offsetMinutes }: TallyChange): number[] {
    const date = localDateNumber(localDate)
    return [
      ...[names.number(touchpoint), names.number(question), tallyClasses.indexOf(tallyClass), date],
      ...[hour, offsetMinutes],
    ]
  }

  /** In the order of keys. Changes of one cell mostly come in a row. */
  function sumPerKey(changes: readonly TallyChange[]): Sums[] {
    const sums: Sums[] = []
    let last: TallyChange | null = null
    for (const change of changes) {
      if (!last || !isOfCell(last, change)) {
        sums.push({ key: keyOf(change), deltas: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], hasLess: false })
      }
      last = change
      const sum = sums.at(-1) as Sums
      sum.deltas[change.value] = (sum.deltas[change.value] as number) + change.delta
      if (change.delta < 0) sum.hasLess = true
    }
    return mergeSums(sums.sort(compareKeys))
  }
  return {
    change(changes: readonly TallyChange[]) {
      for (const { key, deltas, hasLess } of sumPerKey(changes)) {
        add.run(...key, ...deltas)
        if (hasLess) dropEmpty.run(...key)
      }
    },
    markDirty(hours: readonly DirtyHour[]) {
      for (const { terminal, utcHour } of hours) {
        const no = names.number(terminal)
        if (marked.get(no) === utcHour) continue
        mark.run(no, utcHour)
        marked.set(no, utcHour)
      }
    },
    clearDirty(hours: readonly DirtyHour[]) {
      for (const { terminal, utcHour } of hours) {
        const no = names.number(terminal)
        clear.run(no, utcHour)
        if (marked.get(no) === utcHour) marked.delete(no)
      }
    },
  }
}
