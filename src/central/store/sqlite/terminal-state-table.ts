import type { Database, Statement } from 'better-sqlite3'
import type { TerminalState } from '../custody.ts'
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
type Field = keyof typeof columnOf
const fields = Object.keys(columnOf) as Field[]

/** Sets some fields in one statement: every batch changes several. Presses may come late, so that the last one only ever rises. */
function prepareUpdate(db: Database, changed: readonly Field[]): Statement {
  const columns = changed.map((field) => columnOf[field])
  const set = columns.map((column) =>
    column === 'last_press_at_ms'
      ? `${column} = max(coalesce(${column}, excluded.${column}), excluded.${column})`
      : `${column} = excluded.${column}`,
  )
  return db.prepare(`INSERT INTO terminal_state (${['terminal', ...columns].join(', ')})
    VALUES (?${', ?'.repeat(columns.length)})
    ON CONFLICT (terminal) DO ${set.length > 0 ? `UPDATE SET ${set.join(', ')}` : 'NOTHING'}`)
}

/** What terminals last said of themselves. */
export function makeTerminalStateTable(db: Database, names: Names) {
  const columns = fields.map((field) => `${columnOf[field]} AS ${field}`).join(', ')
  const selectAll = db.prepare<[], StateRow>(`SELECT terminal, ${columns} FROM terminal_state ORDER BY terminal`)
  const select = db.prepare<[number], StateRow>(`SELECT terminal, ${columns} FROM terminal_state WHERE terminal = ?`)
  const selectCloned = db
    .prepare<[], number>(
      'SELECT terminal FROM terminal_state INDEXED BY terminal_cloned WHERE cloned_at_ms IS NOT NULL ORDER BY +terminal',
    )
    .pluck()
  /** By the fields that change, a bit each. */
  const updates = new Map<number, Statement>()
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
      const values: (string | number | null)[] = [names.number(terminal)]
      let bits = 0
      for (let i = 0; i < fields.length; i += 1) {
        const value = change[fields[i] as Field]
        if (value === undefined) continue
        bits |= 1 << i
        values.push(typeof value === 'boolean' ? Number(value) : value)
      }
      let update = updates.get(bits)
      if (!update) {
        update = prepareUpdate(
          db,
          fields.filter((_, i) => bits & (1 << i)),
        )
        updates.set(bits, update)
      }
      update.run(...values)
    },
  }
}
