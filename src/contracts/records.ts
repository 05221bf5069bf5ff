/**
 * What a terminal keeps and sends: one sequence of records per epoch (architecture.md, "Custody").
 * All kinds travel by the same batch, ack and cursor.
 */

type RecordBase = {
  /** Position in the epoch, from 1, without holes. */
  sequence: number
  /** The boot of the terminal's machine in which `monoMs` counts. */
  boot: string
  monoMs: number
  /** The wall clock as read; information only. */
  wallMs: number
}

type BoxOrigin = { source: 'box'; box: string; boxSeq: number }
type TouchOrigin = { source: 'touch'; touchId: string }

export type PressRecord = RecordBase & {
  kind: 'press'
  question: string
  surveyRevision: number
  /** 0 (worst) … scale maximum (best). */
  value: number
  /** The press may have happened up to this much before `monoMs`; null when nothing is known. */
  spreadMs: number | null
  /** Bit 0 stuck, bit 1 chord (PROTOCOL.md, flags). */
  flags: number
} & (BoxOrigin | TouchOrigin)

/** A choice in a follow-up; refers to its touch press. */
export type AnswerRecord = RecordBase & { kind: 'answer'; touchId: string; followUp: string; option: number }

/** At `monoMs` of this boot it was `utcMs`, give or take `errorMs`. */
export type AnchorRecord = RecordBase & {
  kind: 'anchor'
  utcMs: number
  errorMs: number
  /** Who said so: the kernel's synchronised clock, or the time exchange by hello. */
  clock: 'kernel' | 'exchange'
}

/** The machine was up at this time. */
type TickRecord = RecordBase & { kind: 'tick' }

/** The terminal worked, able to take a press, for the `coveredMs` up to `monoMs`. */
export type AliveRecord = RecordBase & { kind: 'alive'; coveredMs: number }

export type TerminalRecord = PressRecord | AnswerRecord | AnchorRecord | TickRecord | AliveRecord

type WithoutSequence<R> = R extends RecordBase ? Omit<R, 'sequence'> : never
/** A record before the outbox has given it its sequence. */
export type NewRecord = WithoutSequence<TerminalRecord>
