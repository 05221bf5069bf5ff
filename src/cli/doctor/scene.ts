import type { TerminalConfig } from '../../terminal/config.ts'
import type { OutboxAccount } from '../../terminal/outbox/read-account.ts'
import type { FoundDaemon } from './find-daemon.ts'
import type { BrokerAnswer } from './probe-broker.ts'

/** What all checks of a terminal but that of the line begin from. */
export type Scene = {
  /** null where none was named: then only a running daemon tells anything. */
  config: TerminalConfig | null
  /** It often stands in the daemon's environment only. */
  hasSecret: boolean
  dataFolder: string | null
  daemon: FoundDaemon
  /** What the central answered doctor itself; null while the daemon speaks with it, and where no broker led to it. */
  answer: BrokerAnswer | null
  /** What the outbox holds, once it has been read; that takes every row, on a Pi's card seconds. */
  account: OutboxAccount | null
  /** What the box says of itself, once the line has been looked at. */
  box: { id: string; pressesEver: number; pending: number } | null
}
