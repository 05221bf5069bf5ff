import type { DownLeaf } from '../contracts/topics.ts'
import type { LogLevel } from '../shared/logger.ts'
import type { IntakeCounters, IntakeEvents } from './open-intake.ts'

/** What the thread is started with: the database's file, and what it logs. */
export type ThreadData = { path: string; logLevel: LogLevel }

export type Received = [terminal: string, leaf: string, payload: Uint8Array]
type Asked = 'counters' | 'drain' | 'hold' | 'close'

/** To the thread: payloads as they came, or a question that is answered under its number. */
export type ToThread =
  | { kind: 'received'; messages: Received[] }
  | { kind: 'ask'; no: number; what: Asked }
  /** Ends what was asked for as `hold` under this number. */
  | { kind: 'release'; no: number }

/** From the thread, in the order in which it happened there. */
export type FromThread =
  | { kind: 'open' }
  | { kind: 'taken'; messages: number }
  | { kind: 'publish'; messages: [terminal: string, leaf: DownLeaf, text: string][] }
  | { kind: 'committed'; change: Parameters<IntakeEvents['onCommitted']>[0] }
  | { kind: 'relabelled'; changed: Parameters<IntakeEvents['onRelabelled']>[0] }
  | { kind: 'answer'; no: number; counters: IntakeCounters | null }
