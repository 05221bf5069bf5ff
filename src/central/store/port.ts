/**
 * The central store as the rooms see it: one narrow async port, two implementations (SQLite now, PostgreSQL later) that pass
 * one shared suite (tests/central/store). Rooms import this file by type only.
 *
 * `transact` runs one write transaction and resolves after its COMMIT is durable; when `work` throws, nothing of it stays.
 * Transactions run one after the other in the order they were asked for. `read` sees what is committed.
 * Times are epoch milliseconds UTC, local dates `YYYY-MM-DD`; the store does no date arithmetic.
 */
import type { AnswerRecord, PressRecord, TerminalRecord } from '../../contracts/records.ts'

export type Place = { id: string; parent: string | null; name: string; kind: 'chain' | 'region' | 'store' }

/** Opening hours on one ISO weekday (1 = Monday), minutes of the local day; `close` ≤ `open` means past midnight. */
export type OpeningInterval = { weekday: number; openMinute: number; closeMinute: number }
/** A weekly timetable in force from a local date on. No timetable at all means always open; an empty one, never. */
export type OpeningHours = { validFrom: string; intervals: OpeningInterval[] }
/** A single date that differs; no intervals means closed. */
export type OpeningException = { date: string; intervals: Omit<OpeningInterval, 'weekday'>[] }

export type Touchpoint = {
  id: string
  place: string
  name: string
  /** IANA zone. */
  zone: string
  question: string
  openingHours: OpeningHours[]
  exceptions: OpeningException[]
}

/** One revision of a question. `texts` in display order, the first being the default language. */
export type Survey = {
  question: string
  revision: number
  scaleMax: number
  texts: { language: string; text: string }[]
}

export type Terminal = { id: string; secretHash: string; createdAtMs: number; name: string }
export type Placement = { terminal: string; touchpoint: string; fromMs: number; toMs: number | null }

export type TallyClass = 'raw' | 'counted' | 'uncertain'
export type TallyKey = {
  touchpoint: string
  question: string
  localDate: string
  hour: number
  offsetMinutes: number
  class: TallyClass
}
/** `counts[v]` presses of value v, v = 0 (worst) … 10. */
export type Tally = TallyKey & { counts: number[] }
/** Adds `delta` (may be negative) to one count of a tally. */
export type TallyChange = TallyKey & { value: number; delta: number }

export type PressLabel = 'counted' | 'misuse'
/** A press as stored. `cell` is where it is tallied, null while unplaced or untimed. */
export type StoredPress = {
  terminal: string
  epoch: string
  record: PressRecord
  receivedAtMs: number
  /** Best UTC of the press, null while nothing anchors its boot; the truth lies within ± `errorMs`. */
  utcMs: number | null
  errorMs: number | null
  cell: Omit<TallyKey, 'question'> | null
  label: PressLabel | null
  /** The rule that fired: `burst`, `interval`; null when counted or not labelled yet. */
  rule: string | null
  /** The press was already there under another record; kept, not tallied. */
  isRepeat: boolean
}
export type PressKey = { terminal: string; epoch: string; sequence: number }

export type Anchor = { boot: string; monoMs: number; utcMs: number; errorMs: number; clock: 'kernel' | 'exchange' }
export type Cursor = { terminal: string; epoch: string; upTo: number }
/** Closed ranges of boxSeq, ascending, merged. */
export type SeqRange = { from: number; to: number }

export type Quarantined = {
  terminal: string
  epoch: string
  sequence: number
  stored: string
  arrived: string
  atMs: number
}
export type Missing = { terminal: string; epoch: string; from: number; to: number; cause: string; atMs: number }

/** What a terminal last said of itself, and how its connection stands. */
export type TerminalState = {
  terminal: string
  connection: string | null
  online: boolean
  lastSeenAtMs: number | null
  lastBatchAtMs: number | null
  lastPressAtMs: number | null
  /** Last hello and health as JSON texts, null before the first. */
  hello: string | null
  health: string | null
}
/** Ledger counters kept for ever, of one terminal. */
export type LedgerCounters = {
  terminal: string
  stored: number
  storedTouch: number
  repeated: number
  quarantined: number
  rejected: number
  unplaced: number
}

/** Presses of one device whose labels must be worked out again: a terminal and a UTC hour (epoch ms / 3,600,000). */
export type DirtyHour = { terminal: string; utcHour: number }

export type StoreReader = {
  places(): Promise<Place[]>
  touchpoints(): Promise<Touchpoint[]>
  touchpoint(id: string): Promise<Touchpoint | null>
  /** The newest revision of a question. */
  survey(question: string): Promise<Survey | null>
  terminals(): Promise<Terminal[]>
  terminal(id: string): Promise<Terminal | null>
  placements(): Promise<Placement[]>
  terminalStates(): Promise<TerminalState[]>
  /** Tallies of a touchpoint's question with `from` ≤ local date ≤ `to`, by date, hour, offset. */
  tallies(query: {
    touchpoint: string
    question: string
    class: TallyClass
    from: string
    to: string
  }): Promise<Tally[]>
  /** First and last local date with a tally of a class, over all touchpoints or one. */
  tallyDates(query: { class: TallyClass; touchpoint?: string }): Promise<{ first: string; last: string } | null>
  /** Presses of a terminal with `fromMs` ≤ utc < `toMs`, by boot, then monoMs. */
  pressesBetween(terminal: string, fromMs: number, toMs: number): Promise<StoredPress[]>
  dirtyHours(limit: number): Promise<DirtyHour[]>
  cursors(terminal: string): Promise<Cursor[]>
  boxRanges(box: string): Promise<SeqRange[]>
  /** Boxes that ever delivered through this terminal. */
  boxesOf(terminal: string): Promise<string[]>
  ledgerCounters(terminal: string): Promise<LedgerCounters>
  missing(terminal: string): Promise<Missing[]>
  quarantined(terminal: string): Promise<Quarantined[]>
  /** Closed stretches during which the terminal worked, UTC, newest last. */
  aliveStretches(terminal: string, fromMs: number, toMs: number): Promise<{ fromMs: number; toMs: number }[]>
}

export type StoreWriter = {
  putPlace(place: Place): Promise<void>
  putTouchpoint(touchpoint: Touchpoint): Promise<void>
  putSurvey(survey: Survey): Promise<void>
  putTerminal(terminal: Terminal): Promise<void>
  putPlacement(placement: Placement): Promise<void>

  /** The cursor's mark (0 when new), locked until COMMIT. */
  lockCursor(terminal: string, epoch: string): Promise<number>
  advanceCursor(cursor: Cursor): Promise<void>
  /** Stored records by sequence, for the comparison of repeats with what is there. */
  recordsBetween(terminal: string, epoch: string, from: number, to: number): Promise<Map<number, TerminalRecord>>
  boxRanges(box: string): Promise<SeqRange[]>
  setBoxRanges(box: string, ranges: SeqRange[]): Promise<void>
  hasTouchId(terminal: string, touchId: string): Promise<boolean>

  insertPresses(presses: readonly StoredPress[]): Promise<void>
  insertAnswer(terminal: string, epoch: string, answer: AnswerRecord, receivedAtMs: number): Promise<void>
  insertAnchor(terminal: string, epoch: string, sequence: number, anchor: Anchor): Promise<void>
  /** All anchors of a boot, by monoMs. */
  anchors(terminal: string, boot: string): Promise<Anchor[]>
  insertAlive(
    terminal: string,
    epoch: string,
    sequence: number,
    alive: { boot: string; monoMs: number; coveredMs: number; fromMs: number | null; toMs: number | null },
  ): Promise<void>
  /** Ticks and other records without content of their own still need a row, so that repeats can be compared. */
  insertTick(terminal: string, epoch: string, record: TerminalRecord): Promise<void>
  insertTombstone(terminal: string, epoch: string, sequence: number, reason: string): Promise<void>
  insertMissing(missing: Missing): Promise<void>
  insertQuarantined(row: Quarantined): Promise<void>

  /** Presses of a boot whose time is unknown or worse than `errorMs`. */
  looselyTimed(terminal: string, boot: string, errorMs: number): Promise<StoredPress[]>
  /** Sets time and cell of a press; its tallies are moved by `changeTallies`. */
  retimePress(key: PressKey, time: { utcMs: number; errorMs: number; cell: StoredPress['cell'] }): Promise<void>
  /** Applied in key order, so that concurrent writers cannot deadlock. */
  changeTallies(changes: readonly TallyChange[]): Promise<void>
  addLedger(terminal: string, delta: Partial<Omit<LedgerCounters, 'terminal'>>): Promise<void>

  markDirty(hours: readonly DirtyHour[]): Promise<void>
  clearDirty(hours: readonly DirtyHour[]): Promise<void>
  pressesBetween(terminal: string, fromMs: number, toMs: number): Promise<StoredPress[]>
  labelPresses(labels: readonly (PressKey & { label: PressLabel; rule: string | null })[]): Promise<void>

  updateTerminalState(terminal: string, change: Partial<Omit<TerminalState, 'terminal'>>): Promise<void>
}

export type Store = {
  read: StoreReader
  transact<T>(work: (writer: StoreWriter) => Promise<T>): Promise<T>
  close(): Promise<void>
}
