import type { Database } from 'better-sqlite3'

/** Sequences that a box gives out a second time, from `from` to below `to`. */
type Range = { from: number; to: number }

/** What is kept of a box whose memory was set back, beyond its presses. */
export type BoxReuse = {
  /** null for a sound box, also when what is stored can't be read. */
  readReused(box: string): Range | null
  /** @param range null: a sound box again */
  saveReused(box: string, range: Range | null): void
}

const nameOf = (box: string): string => `box-reused ${box}`

export function makeBoxReuse(db: Database): BoxReuse {
  const read = db.prepare<[string], string>('SELECT content FROM notes WHERE name = ?').pluck()
  const write = db.prepare(`
    INSERT INTO notes (name, content) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET content = excluded.content`)
  const forget = db.prepare('DELETE FROM notes WHERE name = ?')
  return {
    readReused(box) {
      const [from, to] = (read.get(nameOf(box)) ?? '').split(' ').map(Number)
      return from && to ? { from, to } : null
    },
    saveReused(box, range) {
      if (range) write.run(nameOf(box), `${range.from} ${range.to}`)
      else forget.run(nameOf(box))
    },
  }
}
