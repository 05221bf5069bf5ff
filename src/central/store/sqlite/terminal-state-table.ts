import type { Database } from 'better-sqlite3'
import type { TerminalState } from '../port.ts'
import type { Names } from './names.ts'

type StateRow = Omit<TerminalState, 'terminal' | 'online'> & { terminal: number; online: number }

const columnOf = {
  connection: 'connection',
  online: 'online',
  lastSeenAtMs: 'last_seen_at_ms',
  toldAtMs: 'told_at_ms',
  lastBatchAtMs: 'last_batch_at_ms',
  lastPressAtMs: 'last_press_at_ms',
  hello: 'hello',
  health: 'health',
  lives: 'lives',
  clonedAtMs: 'cloned_at_ms',
} as const satisfies Record<keyof Omit<TerminalState, 'terminal'>, string>
const fields = Object.keys(columnOf) as (keyof typeof columnOf)[]

/** What terminals last said of themselves. */
export function makeTerminalStateTable(db: Database, names: Names) {
  const columns = fields.map((field) => `${columnOf[field]} AS ${field}`).join(', ')
  const selectAll = db.prepare<[], StateRow>(`SELECT terminal, ${columns} FROM terminal_state ORDER BY terminal`)
  const select = db.prepare<[number], StateRow>(`SELECT terminal, ${columns} FROM terminal_state WHERE terminal = ?`)
  const selectCloned = db
    .prepare<[], number>('SELECT terminal FROM terminal_state WHERE cloned_at_ms IS NOT NULL ORDER BY terminal')
    .pluck()
  const insert = db.prepare('INSERT OR IGNORE INTO terminal_state (terminal) VALUES (?)')
  const updates = new Map(
    fields.map((field) => [field, db.prepare(`UPDATE terminal_state SET ${columnOf[field]} = ? WHERE terminal = ?`)]),
  )
  const toState = (row: StateRow): TerminalState => ({
    ...row,
    terminal: names.text(row.terminal),
    online: row.online === 1,
  })
  return {
    all: () => selectAll.all().map(toState),
    cloned: () => selectCloned.all().map((no) => names.text(no)),
    get(terminal: string): TerminalState | null {
      const row = select.get(names.find(terminal) ?? -1)
      return row ? toState(row) : null
    },
    update(terminal: string, change: Partial<Omit<TerminalState, 'terminal'>>) {
      const no = names.number(terminal)
      insert.run(no)
      for (const field of fields) {
        const value = change[field]
        if (value !== undefined) updates.get(field)?.run(typeof value === 'boolean' ? Number(value) : value, no)
      }
    },
  }
}
