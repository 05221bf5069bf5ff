import type { Database } from 'better-sqlite3'
import type { Desired } from '../../contracts/messages.ts'
import { parseDesired } from '../../contracts/parse-message.ts'

/** End of an INSERT into the notes: a number there only ever grows. */
export const raiseNote = `ON CONFLICT (name) DO UPDATE
    SET content = excluded.content WHERE CAST(content AS INTEGER) < CAST(excluded.content AS INTEGER)`

/** What the terminal remembers besides records. */
export type Notes = {
  /** The configuration in force; null before the first, or when what is stored can't be read. */
  desired(): Desired | null
  saveDesired(desired: Desired): void
  /** Highest value of a survey that was ever to be shown here, null for any other. */
  scaleOf(question: string, revision: number): number | null
  saveBoxId(box: string): void
  touchIssued(): number
}

export function makeNotes(db: Database, nowMs: () => number): Notes {
  const readNote = db.prepare<[string], string>('SELECT content FROM notes WHERE name = ?').pluck()
  const writeNote = db.prepare(`
    INSERT INTO notes (name, content) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET content = excluded.content`)
  const findScale = db
    .prepare<[string, number], number>('SELECT scale_max FROM offered WHERE question = ? AND revision = ?')
    .pluck()
  const writeOffered = db.prepare(`
    INSERT INTO offered (question, revision, scale_max) VALUES (?, ?, ?)
    ON CONFLICT (question, revision) DO UPDATE SET scale_max = excluded.scale_max`)
  const insertBox = db.prepare('INSERT OR IGNORE INTO boxes (box, given_at_ms) VALUES (?, ?)')

  const writeDesired = db.transaction((desired: Desired) => {
    const { question, revision, scaleMax } = desired.survey
    writeOffered.run(question, revision, scaleMax)
    writeNote.run('desired', JSON.stringify(desired))
  })

  return {
    desired() {
      // By its schema, as if it came from the wire: a failing card must not stop the daemon with half a configuration.
      const parsed = parseDesired(Buffer.from(readNote.get('desired') ?? ''))
      return parsed.ok ? parsed.value : null
    },
    saveDesired: (desired) => writeDesired.immediate(desired),
    scaleOf: (question, revision) => findScale.get(question, revision) ?? null,
    saveBoxId: (box) => void insertBox.run(box, nowMs()),
    touchIssued: () => Number.parseInt(readNote.get('touch-issued') ?? '0', 10) || 0,
  }
}
