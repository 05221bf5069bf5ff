/** What the store keeps to prove custody: marks, ranges of boxes, what is missing or kept aside, and what terminals said of themselves. */

export type Cursor = { terminal: string; epoch: string; upTo: number }
/** Closed ranges of boxSeq, ascending, merged. */
export type SeqRange = { from: number; to: number }
/** A range of a box's presses, and who delivered them first; null where that is no longer known. */
export type BoxShare = SeqRange & { terminal: string | null }
/** A missing range of records, and the boxSeq of the stored box presses next to it in its epoch: what is missing lay between them. */
export type MissingSpan = Missing & {
  before: { box: string; boxSeq: number } | null
  after: { box: string; boxSeq: number } | null
}

/** When a terminal told something: `atMs` by the central's clock, `monoMs` since that boot of its own. */
export type ToldAt = { epoch: string; boot: string; monoMs: number; atMs: number }

/**
 * What a terminal last told of a box: its next number, how many it still holds, when; and when the box came to this terminal, with which
 * next number.
 */
export type BoxTold = {
  terminal: string
  next: number
  pending: number
  atMs: number
  fromAtMs: number
  fromNext: number
}
/** Presses that are missing, `box` null for touch presses, since when that is known, and whether it has been raised. */
export type MissingPress = SeqRange & { box: string | null; seenAtMs: number; isRaised: boolean }

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
  /** When its last hello or health came. */
  toldAtMs: number | null
  lastBatchAtMs: number | null
  /** Presses may come late: a change to less than is known changes nothing. */
  lastPressAtMs: number | null
  /** Last hello and health as JSON texts, null before the first. */
  hello: string | null
  health: string | null
  /** The epochs it was heard with lately, as a JSON text of ingest's; null before the first. */
  lives: string | null
  /** Since when two machines are known to speak under this name; its presses are kept and not tallied until somebody decides. */
  clonedAtMs: number | null
}
/** Ledger counters kept for ever, of one terminal. */
export type LedgerCounters = {
  terminal: string
  /** Distinct presses of boxes. */
  stored: number
  /** Distinct touch presses. */
  storedTouch: number
  repeated: number
  quarantined: number
  rejected: number
  /** Stored presses that lie at no touchpoint at present. */
  unplaced: number
}
