import type { Database } from 'better-sqlite3'
import type { PressRecord } from '../../../contracts/records.ts'
import { uncertainMs } from '../../../shared/uncertain.ts'
import type { ToldAt } from '../custody.ts'
import type { LooseThan, PressCell, PressKey, PressLabel, StoredPress } from '../port.ts'
import { pressLabels, tallyClasses } from './codes.ts'
import { makePressInsert } from './insert-presses.ts'
import { localDateNumber, localDateText } from './local-date-number.ts'
import type { Names } from './names.ts'

/** Worse than which every bound is. */
const anyBound: LooseThan = { monoMs: 0, errorMs: Number.NEGATIVE_INFINITY, driftPpm: 0 }

const columns = [
  'terminal',
  'epoch',
  'sequence',
  'boot',
  'mono_ms',
  'wall_ms',
  'received_at_ms',
  'question',
  'survey_revision',
  'value',
  'box',
  'box_seq',
  'touch_id',
  'spread_ms',
  'flags',
  'utc_ms',
  'error_ms',
  'touchpoint',
  'local_date',
  'hour',
  'offset_minutes',
  'class',
  'label',
  'rule',
  'is_repeat',
  'is_unplaced',
] as const
/** The last one is set by people alone, never at the insert. */
const allColumns = [...columns, 'is_aside'] as const
/** The columns that make the record again; the first ones, so that a comparison of repeats reads no others. */
const recordColumns = columns.slice(0, columns.indexOf('flags') + 1)

type Known = number
type Maybe = number | null
type RecordRow = [
  terminal: Known,
  epoch: Known,
  sequence: Known,
  boot: Known,
  monoMs: Known,
  wallMs: Known,
  receivedAtMs: Known,
  question: Known,
  surveyRevision: Known,
  value: Known,
  box: Maybe,
  boxSeq: Maybe,
  touchId: string | null,
  spreadMs: Maybe,
  flags: Known,
]
type PressRow = [
  ...RecordRow,
  utcMs: Maybe,
  errorMs: Maybe,
  touchpoint: Maybe,
  localDate: Maybe,
  hour: Maybe,
  offsetMinutes: Maybe,
  classNo: Maybe,
  labelNo: Maybe,
  rule: Maybe,
  isRepeat: Known,
  isUnplaced: Known,
  isAside: Known,
]

function cellColumns(cell: PressCell | null, names: Names): (number | null)[] {
  if (!cell) return [null, null, null, null, null]
  return [
    names.number(cell.touchpoint),
    localDateNumber(cell.localDate),
    cell.hour,
    cell.offsetMinutes,
    tallyClasses.indexOf(cell.class),
  ]
}

/** Written out by name: rows come by the ten thousand, and spreading objects would take longer than reading them. */
function toRecord(row: RecordRow | PressRow, names: Names): PressRecord {
  const [, , sequence, bootNo, monoMs, wallMs, , questionNo, surveyRevision, value] = row
  const [box, boxSeq, touchId, spreadMs, flags] = row.slice(10, 15) as [Maybe, Maybe, string | null, Maybe, Known]
  const boot = names.text(bootNo)
  const question = names.text(questionNo)
  if (touchId !== null) {
    const shown = { question, surveyRevision, value, spreadMs, flags }
    return { kind: 'press', sequence, boot, monoMs, wallMs, ...shown, source: 'touch', touchId }
  }
  return {
    kind: 'press',
    sequence,
    boot,
    monoMs,
    wallMs,
    question,
    surveyRevision,
    value,
    spreadMs,
    flags,
    source: 'box',
    box: names.text(box as number),
    boxSeq: boxSeq as number,
  }
}

function toPress(row: PressRow, names: Names): StoredPress {
  const [touchpoint, localDate, hour, offsetMinutes, classNo, label, rule, isRepeat, isUnplaced, isAside] = row.slice(
    recordColumns.length + 2,
  ) as [Maybe, Maybe, Maybe, Maybe, Maybe, Maybe, Maybe, Known, Known, Known]
  const isInCell =
    touchpoint !== null && localDate !== null && hour !== null && offsetMinutes !== null && classNo !== null
  const cell: PressCell | null = isInCell
    ? {
        touchpoint: names.text(touchpoint),
        localDate: localDateText(localDate),
        hour,
        offsetMinutes,
        class: tallyClasses[classNo] as PressCell['class'],
      }
    : null
  return {
    terminal: names.text(row[0]),
    epoch: names.text(row[1]),
    record: toRecord(row, names),
    receivedAtMs: row[6],
    utcMs: row[15],
    errorMs: row[16],
    cell,
    label: label === null ? null : (pressLabels[label] as PressLabel),
    rule: rule === null ? null : names.text(rule),
    isRepeat: isRepeat === 1,
    isUnplaced: isUnplaced === 1,
    ...(isAside === 1 && { isAside: true }),
  }
}

function makeTouchIdFinder(db: Database, names: Names) {
  const touchId = db
    .prepare<[number, string], number>(
      'SELECT 1 FROM press_row INDEXED BY press_by_touch_id WHERE terminal = ? AND touch_id = ?',
    )
    .pluck()
  return (terminal: string, touchIds: readonly string[]): Set<string> => {
    const no = names.find(terminal)
    return new Set(no === null ? [] : touchIds.filter((id) => touchId.get(no, id) === 1))
  }
}

/**
 * Queries over `press_row`, for either connection. INDEXED BY because SQLite, without statistics, would rather walk all presses of a
 * terminal; it also makes a statement fail at start when its index can't serve it.
 */
export function makePressReader(db: Database, names: Names) {
  // As arrays: the binding takes longer to make an object of 27 names than SQLite to read them, and labels read every press.
  const between = db
    .prepare<[number, number, number], PressRow>(
      `SELECT ${allColumns.join(', ')} FROM press_row INDEXED BY press_by_time
        WHERE terminal = ? AND utc_ms >= ? AND utc_ms < ? ORDER BY boot, mono_ms, epoch, sequence`,
    )
    .raw()
  const bySequence = db
    .prepare<[number, number, number, number], RecordRow>(
      `SELECT ${recordColumns.join(', ')} FROM press_row
        WHERE terminal = ? AND epoch = ? AND sequence BETWEEN ? AND ? ORDER BY sequence`,
    )
    .raw()
  // The loose ones are few; the index holds no bound, so each is looked up.
  const times = db.prepare<[number], { untimed: number; uncertain: number }>(
    `SELECT total(error_ms IS NULL) AS untimed, total(error_ms > ${uncertainMs}) AS uncertain FROM press_row INDEXED BY press_loose
      WHERE terminal = ? AND is_repeat = 0 AND (error_ms IS NULL OR error_ms > 10000)`,
  )
  // Sequences of an epoch are received in their order, so that the walk from its end is as long as what came since.
  const touchSince = db.prepare<
    [number, number, number, number, number, number, number],
    { all: number; after: number }
  >(
    `SELECT count(*) AS "all", total(boot = ? AND mono_ms > ?) AS after FROM press_row
        WHERE terminal = ? AND epoch = ? AND touch_id IS NOT NULL AND is_repeat = 0
        AND sequence > coalesce((SELECT sequence FROM press_row
          WHERE terminal = ? AND epoch = ? AND received_at_ms < ? ORDER BY sequence DESC LIMIT 1), 0)`,
  )
  return {
    touchSince(terminal: string, { epoch, boot, monoMs, atMs }: ToldAt): { before: number; after: number } {
      const [no, epochNo, bootNo] = [names.find(terminal) ?? -1, names.find(epoch) ?? -1, names.find(boot) ?? -1]
      const { all, after } = touchSince.get(bootNo, monoMs, no, epochNo, no, epochNo, atMs) ?? { all: 0, after: 0 }
      return { before: all - after, after }
    },
    knownTouchIds: makeTouchIdFinder(db, names),
    times: (terminal: string) => times.get(names.find(terminal) ?? -1) ?? { untimed: 0, uncertain: 0 },
    between(terminal: string, fromMs: number, toMs: number): StoredPress[] {
      const no = names.find(terminal)
      return no === null ? [] : between.all(no, fromMs, toMs).map((row) => toPress(row, names))
    },
    bySequence(terminal: string, epoch: string, from: number, to: number): PressRecord[] {
      const [no, epochNo] = [names.find(terminal), names.find(epoch)]
      if (no === null || epochNo === null) return []
      return bySequence.all(no, epochNo, from, to).map((row) => toRecord(row, names))
    },
  }
}

/** Changes of `press_row`, and the queries that only a transaction of ingest asks. */
export function makePressWriter(db: Database, names: Names) {
  const select = `SELECT ${allColumns.join(', ')} FROM press_row`
  // The first conditions repeat those of the index press_loose, without which SQLite can't use it.
  const loose = db
    .prepare<[number, number, number, number, number], PressRow>(
      `${select} INDEXED BY press_loose WHERE terminal = ? AND boot = ?
        AND is_repeat = 0 AND (error_ms IS NULL OR error_ms > 10000)
        AND (error_ms IS NULL OR error_ms > ? + abs(mono_ms - ?) * ? / 1000000.0 + coalesce(spread_ms, 0))
        ORDER BY mono_ms, epoch, sequence`,
    )
    .raw()
  const lastOfBox = db.prepare<[number, number, number, number], { utcMs: number; errorMs: number }>(
    `SELECT utc_ms AS utcMs, error_ms AS errorMs FROM press_row INDEXED BY press_by_time
      WHERE terminal = ? AND utc_ms <= ? AND box = ? AND box_seq < ? ORDER BY utc_ms DESC LIMIT 1`,
  )
  const unplaced = db
    .prepare<[number, number, number], PressRow>(
      `${select} INDEXED BY press_unplaced WHERE terminal = ? AND is_unplaced = 1 ORDER BY epoch, sequence LIMIT ? OFFSET ?`,
    )
    .raw()
  const retime = db.prepare(`UPDATE press_row SET utc_ms = ?, error_ms = ?,
    touchpoint = ?, local_date = ?, hour = ?, offset_minutes = ?, class = ?, is_unplaced = ?,
    label = iif(class = 0 AND ? = 0, label, NULL), rule = iif(class = 0 AND ? = 0, rule, NULL)
    WHERE terminal = ? AND epoch = ? AND sequence = ?`)
  const held = `terminal = ? AND received_at_ms >= ? AND is_repeat = 0 AND class IS NULL`
  const countHeld = db.prepare<[number, number], { presses: number; unplaced: number }>(
    `SELECT count(*) AS presses, total(is_unplaced) AS unplaced FROM press_row WHERE ${held} AND is_aside = 0`,
  )
  const setAside = db.prepare(`UPDATE press_row SET is_aside = 1, is_unplaced = 0 WHERE ${held}`)
  const label = db.prepare('UPDATE press_row SET label = ?, rule = ? WHERE terminal = ? AND epoch = ? AND sequence = ?')
  return {
    insert: makePressInsert(db, names),
    knownTouchIds: makeTouchIdFinder(db, names),
    looselyTimed(terminal: string, boot: string, than: LooseThan | 'anything'): StoredPress[] {
      const [no, bootNo] = [names.find(terminal), names.find(boot)]
      if (no === null || bootNo === null) return []
      const { errorMs, monoMs, driftPpm } = than === 'anything' ? anyBound : than
      return loose.all(no, bootNo, errorMs, monoMs, driftPpm).map((row) => toPress(row, names))
    },
    lastOfBox(terminal: string, { box, boxSeq, utcMs }: { box: string; boxSeq: number; utcMs: number }) {
      const [no, boxNo] = [names.find(terminal), names.find(box)]
      return (no !== null && boxNo !== null && lastOfBox.get(no, utcMs, boxNo, boxSeq)) || null
    },
    unplaced(terminal: string, { limit, skip }: { limit: number; skip: number }): StoredPress[] {
      const no = names.find(terminal)
      return no === null ? [] : unplaced.all(no, limit, skip).map((row) => toPress(row, names))
    },
    retime(key: PressKey, time: Pick<StoredPress, 'utcMs' | 'errorMs' | 'cell' | 'isUnplaced'>) {
      const { utcMs, errorMs, cell, isUnplaced } = time
      const at = [names.number(key.terminal), names.number(key.epoch), key.sequence]
      const cellValues = cellColumns(cell, names)
      const classNo = cellValues.at(-1)
      retime.run(utcMs, errorMs, ...cellValues, isUnplaced ? 1 : 0, classNo, classNo, ...at)
    },
    setAside(terminal: string, receivedFromMs: number): { presses: number; unplaced: number } {
      const no = names.number(terminal)
      const found = countHeld.get(no, receivedFromMs) ?? { presses: 0, unplaced: 0 }
      setAside.run(no, receivedFromMs)
      return found
    },
    label(rows: readonly (PressKey & { label: PressLabel; rule: string | null })[]) {
      for (const { terminal, epoch, sequence, label: text, rule } of rows) {
        const ruleNo = rule === null ? null : names.number(rule)
        label.run(pressLabels.indexOf(text), ruleNo, names.number(terminal), names.number(epoch), sequence)
      }
    },
  }
}
