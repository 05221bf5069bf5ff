import type { Database } from 'better-sqlite3'

type Range = { from: number; to: number }

export type BoxAccount = {
  box: string
  /** Numbers below it were taken by another terminal, or by another card of this one. */
  first: number
  /** Highest number that was ever here. */
  last: number
  /** Of these still here or deleted since. */
  acknowledged: number
  waiting: number
  /** Numbers from `first` to `last` of which there is nothing here, and what of them can be named; the newest hundred ranges. */
  missing: number
  ranges: Range[]
}

/** A terminal's own half of custody, as its outbox has it. */
export type OutboxAccount = {
  /** Records `first` to `last` of an epoch should be here; up to `confirmed` the central has said that it has them. */
  epochs: { epoch: string; first: number; last: number; confirmed: number }[]
  /** `missing`: of those that should be here. `rejected`: refused by the central for good. */
  records: { held: number; waiting: number; missing: number; rejected: number }
  boxes: BoxAccount[]
  touch: { issued: number; acknowledged: number; waiting: number; missing: number }
  /** When the oldest waiting record was made, by the terminal's clock of then. */
  oldestWaitingAtMs: number | null
}

/** By the indexes alone, which hold all it takes: a tenth of what the rows are. */
const countPresses = `
  SELECT box, TOTAL(sequence <= confirmed) AS acknowledged, TOTAL(sequence > confirmed) AS waiting, min(box_seq) AS least,
    max(box_seq) AS most
  FROM records JOIN marked USING (ordinal) WHERE box IS NOT NULL GROUP BY box
  UNION ALL
  SELECT NULL, TOTAL(sequence <= confirmed), TOTAL(sequence > confirmed), NULL, NULL
  FROM records JOIN marked USING (ordinal) WHERE touch_id IS NOT NULL`

/** One search each: a scan would first pass all that is kept of what was delivered. */
const oldestOfEpochs = `
  SELECT (
    SELECT wall_ms FROM records WHERE records.ordinal = marked.ordinal AND sequence > confirmed ORDER BY sequence LIMIT 1
  ) AS wallMs
  FROM marked WHERE confirmed < next - 1 ORDER BY ordinal`

type PressRow = { box: string | null; acknowledged: number; waiting: number; least: number | null; most: number | null }

const maxRanges = 100
/** `marks`: what the central says beats what is noted here. */
const marked = `
  WITH marked AS MATERIALIZED (
    SELECT ordinal, epoch, next, trimmed,
      min(next - 1, ifnull((SELECT value FROM json_each(:marks) WHERE key = epoch), confirmed)) AS confirmed
    FROM epochs)`

/**
 * Counts what an outbox holds, in little memory; a second for a million presses, more on a slow card. To be run within a transaction where
 * others write.
 *
 * @param marks of the central by epoch, where it has been asked; epochs it does not name count as noted here
 */
export function readAccount(db: Database, marks: Readonly<Record<string, number>> = {}): OutboxAccount {
  const parameters = { marks: JSON.stringify(marks) }
  const all = <Row>(sql: string): Row[] => db.prepare(`${marked} ${sql}`).all(parameters) as Row[]
  const one = (sql: string): number => db.prepare<[], number | null>(sql).pluck().get() ?? 0
  const rows = all<PressRow>(countPresses)
  const epochs = all<OutboxAccount['epochs'][number]>(
    'SELECT epoch, trimmed + 1 AS first, next - 1 AS last, confirmed FROM marked WHERE trimmed < next - 1 ORDER BY ordinal',
  )
  const held = epochs.reduce((sum, { first, last }) => sum + last - first + 1, 0)
  const readNote = makeNoteReader(db)
  const names = [...new Set([...readNote.boxes(), ...rows.flatMap(({ box }) => box ?? [])])].sort()
  return {
    epochs,
    records: {
      held,
      waiting: epochs.reduce((sum, { last, confirmed }) => sum + last - confirmed, 0),
      missing: held - one('SELECT count(*) FROM records'),
      rejected: one('SELECT count(*) FROM rejected'),
    },
    boxes: names.map((box) => accountBox(db, box, rows, readNote.number)),
    touch: accountTouch(rows, readNote.number),
    oldestWaitingAtMs:
      all<{ wallMs: number | null }>(oldestOfEpochs).find(({ wallMs }) => wallMs !== null)?.wallMs ?? null,
  }
}

function makeNoteReader(db: Database): { number: (name: string) => number; boxes: () => string[] } {
  const notes = db
    .prepare<[], { name: string; content: string }>(
      "SELECT name, content FROM notes WHERE name GLOB 'box-*' OR name GLOB 'touch-*'",
    )
    .all()
  const numbers = new Map(notes.map(({ name, content }) => [name, Number.parseInt(content, 10) || 0]))
  return {
    number: (name) => numbers.get(name) ?? 0,
    boxes: () => [...numbers.keys()].flatMap((name) => /^box-last (.+)$/.exec(name)?.[1] ?? []),
  }
}

function accountBox(db: Database, box: string, rows: PressRow[], note: (name: string) => number): BoxAccount {
  const row = rows.find((each) => each.box === box)
  const last = Math.max(row?.most ?? 0, note(`box-last ${box}`))
  const first = Math.min(...[note(`box-first ${box}`), row?.least ?? 0].filter((seq) => seq > 0), last + 1)
  const acknowledged = (row?.acknowledged ?? 0) + note(`box-trimmed ${box}`)
  const waiting = row?.waiting ?? 0
  const missing = Math.max(0, last - first + 1 - acknowledged - waiting)
  const ranges = missing > 0 ? listGaps(db, box, last) : []
  return { box, first, last, acknowledged, waiting, missing, ranges }
}

/** Holes between the rows of a box, and behind the last of them; the newest ones, read from there. */
function listGaps(db: Database, box: string, last: number): Range[] {
  const seqs = db
    .prepare<[string], number>('SELECT box_seq FROM records WHERE box = ? ORDER BY box_seq DESC')
    .pluck()
    .iterate(box)
  const gaps: Range[] = []
  let next = last + 1
  for (const seq of seqs) {
    if (seq < next - 1) gaps.push({ from: seq + 1, to: next - 1 })
    if (gaps.length === maxRanges) break
    next = seq
  }
  return gaps.reverse()
}

function accountTouch(rows: PressRow[], note: (name: string) => number): OutboxAccount['touch'] {
  const row = rows.find(({ box }) => box === null)
  const issued = note('touch-issued')
  const acknowledged = (row?.acknowledged ?? 0) + note('touch-trimmed')
  const waiting = row?.waiting ?? 0
  return { issued, acknowledged, waiting, missing: Math.max(0, issued - acknowledged - waiting) }
}
