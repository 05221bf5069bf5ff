import type { Lost } from '../../contracts/batch.ts'
import type { Desired, Waiting } from '../../contracts/messages.ts'
import type { NewRecord, TerminalRecord } from '../../contracts/records.ts'

export type PendingBatch = { epoch: string; first: number; records: TerminalRecord[]; lost: Lost[] }
type Mark = { epoch: string; upTo: number }
/** `full`: the disk did not take the mark, which stays where it was. */
type MarkChange = 'advanced' | 'rewound' | 'same' | 'beyond' | 'unknown' | 'full'

/** The outbox as the uplink needs it. */
export type Custody = {
  epoch(): string
  append(record: NewRecord): 'stored' | 'repeat' | 'full'
  /** Records that the central has not committed, or one lost range; null when it has everything. */
  nextBatch(limit: number): PendingBatch | null
  confirm(mark: Mark): MarkChange
  align(mark: Mark): MarkChange
  reject(record: { epoch: string; sequence: number }, reason: string): MarkChange
  held(): { epoch: string; first: number; last: number; confirmed: number }[]
  touchIssued(): number
  /** Presses that the central has not acknowledged; null where they are too many to tell. `unreadable`: nobody knows whether any are. */
  waiting?(): Waiting | 'unreadable' | null
  desired(): Desired | null
  saveDesired(desired: Desired): boolean
}
