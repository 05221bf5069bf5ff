import type { Database } from 'better-sqlite3'
import type { StoredPress } from '../port.ts'
import { pressLabels, tallyClasses } from './codes.ts'
import { localDateNumber } from './local-date-number.ts'
import type { Names } from './names.ts'

type Value = number | string | null

/** What the presses of a batch have in common, and so is bound once for many rows. */
const sharedColumns = [
  ...['terminal', 'epoch', 'boot', 'received_at_ms', 'question', 'survey_revision', 'box'],
  ...['touchpoint', 'offset_minutes', 'class', 'label', 'rule', 'is_repeat', 'is_unplaced'],
]
const ownColumns = [
  ...['sequence', 'mono_ms', 'wall_ms', 'value', 'box_seq', 'touch_id', 'spread_ms', 'flags'],
  ...['utc_ms', 'error_ms', 'local_date', 'hour'],
]
/** Rows of one statement; a batch is cut into as few as these make it. Binding a value takes about as long as storing it. */
export const pressInsertRows: readonly number[] = [64, 16, 4, 1]

const marks = (count: number) => `(${Array.from({ length: count }, () => '?').join(', ')})`

/** @returns the insert of so many rows: the values of `sharedColumns` once, then those of `ownColumns` for each row */
export function makePressInsertSql(rows: number): string {
  const columns = [...sharedColumns, ...ownColumns]
  // Nothing to share: the join below takes as long as the row itself.
  if (rows === 1) return `INSERT INTO press_row (${columns.join(', ')}) VALUES ${marks(columns.length)}`
  const own = ownColumns.map((_, i) => `column${i + 1}`)
  return `WITH shared (${sharedColumns.join(', ')}) AS (VALUES ${marks(sharedColumns.length)})
    INSERT INTO press_row (${columns.join(', ')})
    SELECT ${[...sharedColumns, ...own].join(', ')}
    FROM shared, (VALUES ${Array.from({ length: rows }, () => marks(ownColumns.length)).join(', ')})`
}

const boxOf = ({ record }: StoredPress) => (record.source === 'box' ? record.box : null)

function isAlike(a: StoredPress, b: StoredPress): boolean {
  const [one, other] = [a.record, b.record]
  return (
    a.terminal === b.terminal &&
    a.epoch === b.epoch &&
    a.receivedAtMs === b.receivedAtMs &&
    one.boot === other.boot &&
    one.question === other.question &&
    one.surveyRevision === other.surveyRevision &&
    boxOf(a) === boxOf(b) &&
    (a.cell === b.cell ||
      (a.cell?.touchpoint === b.cell?.touchpoint &&
        a.cell?.offsetMinutes === b.cell?.offsetMinutes &&
        a.cell?.class === b.cell?.class)) &&
    a.label === b.label &&
    a.rule === b.rule &&
    a.isRepeat === b.isRepeat &&
    a.isUnplaced === b.isUnplaced
  )
}

function sharedValues(press: StoredPress, names: Names): Value[] {
  const { record, cell, label, rule } = press
  const box = boxOf(press)
  return [
    names.number(press.terminal),
    names.number(press.epoch),
    names.number(record.boot),
    press.receivedAtMs,
    names.number(record.question),
    record.surveyRevision,
    box === null ? null : names.number(box),
    cell ? names.number(cell.touchpoint) : null,
    cell ? cell.offsetMinutes : null,
    cell ? tallyClasses.indexOf(cell.class) : null,
    label === null ? null : pressLabels.indexOf(label),
    rule === null ? null : names.number(rule),
    press.isRepeat ? 1 : 0,
    press.isUnplaced ? 1 : 0,
  ]
}

function addOwnValues(values: Value[], { record, cell, utcMs, errorMs }: StoredPress): void {
  const isBox = record.source === 'box'
  values.push(record.sequence, record.monoMs, record.wallMs, record.value)
  values.push(isBox ? record.boxSeq : null, isBox ? null : record.touchId, record.spreadMs, record.flags)
  values.push(utcMs, errorMs, cell ? localDateNumber(cell.localDate) : null, cell ? cell.hour : null)
}

/** @returns what stores presses, many rows a statement as far as neighbours have much in common */
export function makePressInsert(db: Database, names: Names): (presses: readonly StoredPress[]) => void {
  const inserts = pressInsertRows.map((rows) => ({ rows, statement: db.prepare(makePressInsertSql(rows)) }))

  function insertAlike(presses: readonly StoredPress[], from: number, to: number): void {
    const shared = sharedValues(presses[from] as StoredPress, names)
    let at = from
    for (const { rows, statement } of inserts) {
      for (; to - at >= rows; at += rows) {
        const values = [...shared]
        for (let i = at; i < at + rows; i += 1) addOwnValues(values, presses[i] as StoredPress)
        // Spread: from an array the binding would read each value by a property's name.
        statement.run(...values)
      }
    }
  }

  return (presses) => {
    for (let from = 0, to = 1; from < presses.length; from = to) {
      const first = presses[from] as StoredPress
      for (to = from + 1; to < presses.length && isAlike(first, presses[to] as StoredPress); ) to += 1
      insertAlike(presses, from, to)
    }
  }
}
