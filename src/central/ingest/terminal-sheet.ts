import type { LedgerCounters, TerminalState } from '../store/custody.ts'
import type { StoreWriter } from '../store/port.ts'

type StateChange = Partial<Omit<TerminalState, 'terminal'>>
type LedgerChange = Partial<Omit<LedgerCounters, 'terminal'>>

/** What a transaction changes of one terminal; written once, at its end. */
export type TerminalSheet = {
  terminal: string
  /** One for each epoch that the transaction has locked; one or two. */
  marks: { epoch: string; mark: number; isChanged: boolean }[]
  dirtyHours: Set<number> | null
  ledger: LedgerChange | null
  state: StateChange | null
  lastPressAtMs: number | null
}

/** The sheets of a transaction's terminals. */
export type TerminalSheets = { of(terminal: string): TerminalSheet; all(): Iterable<TerminalSheet> }

export function makeTerminalSheets(): TerminalSheets {
  const sheets = new Map<string, TerminalSheet>()
  // Most questions are about the terminal of the question before.
  let last: TerminalSheet | null = null
  return {
    of(terminal) {
      if (last?.terminal === terminal) return last
      let sheet = sheets.get(terminal)
      if (!sheet) {
        sheet = { terminal, marks: [], dirtyHours: null, ledger: null, state: null, lastPressAtMs: null }
        sheets.set(terminal, sheet)
      }
      last = sheet
      return sheet
    },
    all: () => sheets.values(),
  }
}

export function addState(sheet: TerminalSheet, change: StateChange): void {
  sheet.state = sheet.state ? Object.assign(sheet.state, change) : { ...change }
}

export async function writeSheet(writer: StoreWriter, sheet: TerminalSheet): Promise<void> {
  const { terminal, marks, dirtyHours, ledger, lastPressAtMs } = sheet
  for (const { epoch, mark, isChanged } of marks) {
    if (isChanged) await writer.advanceCursor({ terminal, epoch, upTo: mark })
  }
  if (dirtyHours) await writer.markDirty([...dirtyHours].map((utcHour) => ({ terminal, utcHour })))
  if (lastPressAtMs !== null) addState(sheet, { lastPressAtMs })
  if (ledger) await writer.addLedger(terminal, ledger)
  if (sheet.state) await writer.updateTerminalState(terminal, sheet.state)
}
