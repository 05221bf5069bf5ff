/**
 * The central store as the rooms see it: one narrow async port, two implementations (SQLite now, PostgreSQL later) that pass
 * one shared suite (tests/central/store). Rooms import this file by type only.
 *
 * `transact` runs one write transaction and resolves after its COMMIT is durable; when `work` throws, nothing of it stays.
 * Transactions run one after the other in the order they were asked for, so a transaction must not wait for another one.
 * `read` sees what is committed, also inside of `work`.
 * Times are epoch milliseconds UTC, local dates `YYYY-MM-DD`; the store does no date arithmetic.
 */
import type { PressRecord, TerminalRecord } from '../../contracts/records.ts'
import type { AccountReader, AccountWriter } from './accounts-port.ts'
import type { Catalogue, Place, Placement, Survey, Terminal, Touchpoint } from './catalogue.ts'
import type {
  BoxShare,
  BoxTold,
  Cursor,
  LedgerCounters,
  Missing,
  MissingPress,
  MissingSpan,
  Quarantined,
  SeqRange,
  TerminalState,
  ToldAt,
} from './custody.ts'
import type { StoredFix, StoredNight } from './night.ts'

/**
 * `raw`: every press whose hour is known. `counted`: those of `raw` that are no misuse. `uncertain`: presses whose bound is worse
 * than 15 min but whose local date is sure; they are in no other class and never labelled.
 */
export type TallyClass = 'raw' | 'counted' | 'uncertain'
type TallyKey = {
  touchpoint: string
  question: string
  localDate: string
  /** Local hour 0–23; −1 in class `uncertain`, which has one row a day. */
  hour: number
  /** Offset of local time from UTC; 0 in class `uncertain`. */
  offsetMinutes: number
  class: TallyClass
}
/** `counts[v]` presses of value v, v = 0 (worst) … 10. */
export type Tally = TallyKey & { counts: number[] }
/** Adds `delta` (may be negative) to one count of a tally. */
export type TallyChange = TallyKey & { value: number; delta: number }

export type PressLabel = 'counted' | 'misuse'
/** Where a press is tallied before labels: `class` is `raw` or `uncertain`. */
export type PressCell = Omit<TallyKey, 'question'>
/** A press as stored. `cell` is null for a repeat and while the press is unplaced, untimed or of no sure day. */
export type StoredPress = {
  terminal: string
  epoch: string
  record: PressRecord
  receivedAtMs: number
  /** Best UTC of the press, null while nothing anchors its boot; the truth lies within ± `errorMs`. */
  utcMs: number | null
  errorMs: number | null
  cell: PressCell | null
  /** Only presses with a cell of class `raw` are labelled. */
  label: PressLabel | null
  /** The rule that fired: `burst`, `interval`, `chord`; null when counted or not labelled yet. */
  rule: string | null
  /** The press was already there under another record; kept, not tallied. */
  isRepeat: boolean
  /** Timed, but no placement covers that time; tallied when one does. */
  isUnplaced: boolean
  /** People decided that it is in no tally, whatever its time and place; left out otherwise. */
  isAside?: true
}
export type PressKey = { terminal: string; epoch: string; sequence: number }

export type Anchor = { boot: string; monoMs: number; utcMs: number; errorMs: number; clock: 'kernel' | 'exchange' }
export type LooseThan = { monoMs: number; errorMs: number; driftPpm: number }
/** A boot of a terminal as its records tell it, one after the other; the order is that in which their first records came. */
export type BootSpan = {
  boot: string
  /** From 1. */
  no: number
  /** The newest `no` when its last record came; above `no` only where boots came mixed, and then it is before none that is not above this. */
  lastNo: number
  firstMonoMs: number
  lastMonoMs: number
  /** Bounds of the UTC of `firstMonoMs` by all but anchors of its own; `fromMs` null while nothing bounds it from below. */
  fromMs: number | null
  toMs: number
  /** How far apart the bounds were when all its presses were last timed by them. */
  settledMs: number | null
}
/** A record other than a press, as it came. */
export type StoredRecord = {
  terminal: string
  epoch: string
  record: Exclude<TerminalRecord, PressRecord>
  receivedAtMs: number
}
/** A stretch in which a terminal worked; `fromMs` and `toMs` in UTC, null while nothing anchors its boot. */
export type AliveStretch = {
  boot: string
  monoMs: number
  coveredMs: number
  fromMs: number | null
  toMs: number | null
}
/** Presses of one device whose labels must be worked out again: a terminal and a UTC hour (epoch ms / 3,600,000). */
export type DirtyHour = { terminal: string; utcHour: number }

/** A comparison of all tallies with all presses that are kept: as of when (it sees no less), and how many days of touchpoints differ since. */
export type Compared = { atMs: number; differences: number }

export type StoreReader = {
  accounts: AccountReader
  catalogue(): Promise<Catalogue>
  places(): Promise<Place[]>
  touchpoints(): Promise<Touchpoint[]>
  touchpoint(id: string): Promise<Touchpoint | null>
  /** The newest revision of a question. */
  survey(question: string): Promise<Survey | null>
  terminals(): Promise<Terminal[]>
  terminal(id: string): Promise<Terminal | null>
  placements(): Promise<Placement[]>
  terminalStates(): Promise<TerminalState[]>
  terminalState(terminal: string): Promise<TerminalState | null>
  /** Tallies of a touchpoint's question with `from` ≤ local date ≤ `to`, by date, hour, offset. */
  tallies(query: {
    touchpoint: string
    question: string
    class: TallyClass
    from: string
    to: string
  }): Promise<Tally[]>
  /** Tallies of all classes and questions of one local date, of all touchpoints or one. */
  talliesOn(localDate: string, touchpoint?: string): Promise<Tally[]>
  /** First and last local date with a tally of a class, over all touchpoints or one. */
  tallyDates(query: { class: TallyClass; touchpoint?: string }): Promise<{ first: string; last: string } | null>
  /** Presses of a terminal with `fromMs` ≤ utc < `toMs`, by boot, then monoMs. */
  pressesBetween(terminal: string, fromMs: number, toMs: number): Promise<StoredPress[]>
  /** First and last UTC of a terminal's presses, null while none is timed. */
  pressSpan(terminal: string): Promise<{ firstMs: number; lastMs: number } | null>
  /** What the tallies of a terminal's presses with `fromMs` ≤ utc < `toMs` should be, by the cells and labels of the presses. */
  pressSums(terminal: string, fromMs: number, toMs: number): Promise<Tally[]>
  /** The last comparison of tallies with presses; null before the first. */
  compared(): Promise<Compared | null>
  /** The latest night that was written down; null before the first. */
  lastNight(): Promise<StoredNight | null>
  /** The latest night before this one that is still kept. */
  nightBefore(night: number): Promise<StoredNight | null>
  /** By dip. */
  fixes(): Promise<StoredFix[]>
  /** Longest waiting first. */
  dirtyHours(limit: number): Promise<DirtyHour[]>
  cursors(terminal: string): Promise<Cursor[]>
  boxRanges(box: string): Promise<SeqRange[]>
  /** The same, parted by terminal; ascending. */
  boxShares(box: string): Promise<BoxShare[]>
  /** What terminals last told of a box. */
  boxTold(box: string): Promise<BoxTold[]>
  /** As `noteMissingPresses` left them. */
  missingPresses(terminal: string): Promise<MissingPress[]>
  /** Stored presses of a terminal whose time is unknown, or has a bound above 15 min; repeats left out. */
  pressTimes(terminal: string): Promise<{ untimed: number; uncertain: number }>
  /** Touch presses of an epoch, no repeats, that were received since an instant: those pressed by then, and those pressed later. */
  touchSince(terminal: string, told: ToldAt): Promise<{ before: number; after: number }>
  /** Boxes that ever delivered through this terminal, or that it told of. */
  boxesOf(terminal: string): Promise<string[]>
  ledgerCounters(terminal: string): Promise<LedgerCounters>
  missing(terminal: string): Promise<Missing[]>
  missingSpans(terminal: string): Promise<MissingSpan[]>
  /** Presses that full boxes refused at this terminal, over all boots of the boxes, each told of by one terminal only. */
  refused(terminal: string): Promise<number>
  /** Terminals whose `clonedAtMs` is set. */
  clonedTerminals(): Promise<string[]>
  quarantined(terminal: string): Promise<Quarantined[]>
  /** Those of some touch ids that are stored already. */
  knownTouchIds(terminal: string, touchIds: readonly string[]): Promise<Set<string>>
  /** Closed stretches during which the terminal worked, UTC, newest last. */
  aliveStretches(terminal: string, fromMs: number, toMs: number): Promise<{ fromMs: number; toMs: number }[]>
}

export type StoreWriter = {
  accounts: AccountWriter
  putPlace(place: Place): Promise<void>
  putTouchpoint(touchpoint: Touchpoint): Promise<void>
  putSurvey(survey: Survey): Promise<void>
  putTerminal(terminal: Terminal): Promise<void>
  putPlacement(placement: Placement): Promise<void>
  /** Tallies changed beside the rooms that keep something of them: the catalogue comes back as a new object in every process. */
  noteRebuilt(): Promise<void>
  /** In place of the comparison before. */
  noteCompared(compared: Compared): Promise<void>
  /** In place of the same night and of all later ones; the last 7 are kept. */
  putNight(night: StoredNight): Promise<void>
  /** In place of what was said of the dip before. */
  putFix(fix: StoredFix): Promise<void>
  /** @returns false when there was none */
  removeFix(dip: string): Promise<boolean>

  /** The cursor's mark (0 when new), locked until COMMIT. */
  lockCursor(terminal: string, epoch: string): Promise<number>
  advanceCursor(cursor: Cursor): Promise<void>
  /** Stored records by sequence, for the comparison of repeats with what is there. */
  recordsBetween(terminal: string, epoch: string, from: number, to: number): Promise<Map<number, TerminalRecord>>
  boxRanges(box: string): Promise<SeqRange[]>
  /** Ranges of a box only grow; what they hold more than before was delivered by this terminal. */
  setBoxRanges(terminal: string, box: string, ranges: readonly SeqRange[]): Promise<void>
  /** `refused` counts from the box's boot; the highest told of a boot stays. False: of 5,000 boots noted, this is none. */
  noteRefused(terminal: string, told: { box: string; boot: number; refused: number }): Promise<boolean>
  /** A box's numbers only rise: what tells of a lower next one than this terminal told before is late, and changes nothing. */
  noteBoxTold(terminal: string, told: { box: string; next: number; pending: number; atMs: number }): Promise<void>
  /** In place of all that was noted of the terminal. */
  noteMissingPresses(terminal: string, ranges: readonly MissingPress[]): Promise<void>
  /** Those of some touch ids that are stored already. */
  knownTouchIds(terminal: string, touchIds: readonly string[]): Promise<Set<string>>

  insertPresses(presses: readonly StoredPress[]): Promise<void>
  /** Records other than presses, as they came, so that repeats can be compared with them. */
  insertRecords(rows: readonly StoredRecord[]): Promise<void>
  insertTombstone(terminal: string, epoch: string, sequence: number, reason: string): Promise<void>
  /** Reasons of the tombstones in a range of sequences. */
  tombstonesBetween(terminal: string, epoch: string, from: number, to: number): Promise<Map<number, string>>
  insertMissing(missing: Missing): Promise<void>
  /** @returns false when the same content has been quarantined before */
  insertQuarantined(row: Quarantined): Promise<boolean>

  insertAnchor(terminal: string, anchor: Anchor): Promise<void>
  /** Anchors of a boot with `fromMonoMs` ≤ monoMs ≤ `toMonoMs`, and the nearest one beyond each end; by monoMs. */
  anchorsAround(terminal: string, boot: string, fromMonoMs: number, toMonoMs: number): Promise<Anchor[]>
  insertAlive(terminal: string, stretch: AliveStretch): Promise<void>
  /** Gives the stretches of a boot that were untimed their times by an anchor. */
  timeAlive(terminal: string, anchor: Anchor): Promise<void>
  bootSpan(terminal: string, boot: string): Promise<BootSpan | null>
  /** The highest `no` of a terminal's boots, 0 for none. */
  newestBootNo(terminal: string): Promise<number>
  /** Boots with `fromNo` ≤ `no` ≤ `toNo`, in order. */
  bootsBetween(terminal: string, fromNo: number, toNo: number): Promise<BootSpan[]>
  /** The last boot that was surely over before this one began; null where an older one spoke again after it: it came late then. */
  bootBefore(terminal: string, span: BootSpan): Promise<BootSpan | null>
  /** The first boot that surely began after this one was over; none that came late. */
  bootAfter(terminal: string, span: BootSpan): Promise<BootSpan | null>
  putBootSpan(terminal: string, span: BootSpan): Promise<void>

  /**
   * Presses of a boot, no repeats, whose time is unknown or has a bound above 10 s that is also above what an anchor would give: its
   * error + |distance| × `driftPpm` / 10^6 + the press's spread, as far as that is known; `anything`: whatever it would give. By monoMs,
   * then sequence.
   */
  looselyTimed(terminal: string, boot: string, than: LooseThan | 'anything'): Promise<StoredPress[]>
  /** Time of the last press of a box at this terminal before a boxSeq and a time; null when there is none. */
  lastBoxPress(
    terminal: string,
    before: { box: string; boxSeq: number; utcMs: number },
  ): Promise<{ utcMs: number; errorMs: number } | null>
  /** Timed presses that lie at no touchpoint, are no repeats, and came from this terminal. */
  unplacedPresses(terminal: string, page: { limit: number; skip: number }): Promise<StoredPress[]>
  /** Sets time and cell of a press, and takes its label away unless it stays in class `raw`; its tallies are moved by `changeTallies`. */
  retimePress(key: PressKey, time: Pick<StoredPress, 'utcMs' | 'errorMs' | 'cell' | 'isUnplaced'>): Promise<void>
  /**
   * Puts the presses of a terminal that were received since an instant and are in no cell aside for ever, repeats left out.
   *
   * @returns how many, and how many of them were unplaced
   */
  setPressesAside(terminal: string, receivedFromMs: number): Promise<{ presses: number; unplaced: number }>
  /** Applied in key order, so that concurrent writers cannot deadlock. */
  changeTallies(changes: readonly TallyChange[]): Promise<void>
  addLedger(terminal: string, delta: Partial<Omit<LedgerCounters, 'terminal'>>): Promise<void>

  markDirty(hours: readonly DirtyHour[]): Promise<void>
  clearDirty(hours: readonly DirtyHour[]): Promise<void>
  pressesBetween(terminal: string, fromMs: number, toMs: number): Promise<StoredPress[]>
  /** Sets labels; the matching changes of `counted` tallies are the caller's, by `changeTallies`. */
  labelPresses(labels: readonly (PressKey & { label: PressLabel; rule: string | null })[]): Promise<void>

  updateTerminalState(terminal: string, change: Partial<Omit<TerminalState, 'terminal'>>): Promise<void>
}

export type Store = {
  read: StoreReader
  transact<T>(work: (writer: StoreWriter) => Promise<T>): Promise<T>
  close(): Promise<void>
}
