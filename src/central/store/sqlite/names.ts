import type { Database } from 'better-sqlite3'

export type Names = {
  /** The number of a text, null when it has none. */
  find(text: string): number | null
  /** The number of a text, given to it now when it has none. */
  number(text: string): number
  text(no: number): string
  /** To be called after a rollback: numbers given inside are no longer true. */
  forget(): void
}

const maxKept = 200_000

/** The dictionary of texts that repeat in every row. Numbers are never changed or given back, so what is committed may be kept in memory. */
export function makeNames(db: Database): Names {
  const selectNo = db.prepare<[string], number>('SELECT no FROM name WHERE text = ?').pluck()
  const selectText = db.prepare<[number], string>('SELECT text FROM name WHERE no = ?').pluck()
  const insert = db.prepare<[string], number>('INSERT INTO name (text) VALUES (?) RETURNING no').pluck()
  const numbers = new Map<string, number>()
  const texts = new Map<number, string>()

  function keep(text: string, no: number): number {
    if (numbers.size >= maxKept) forget()
    numbers.set(text, no)
    texts.set(no, text)
    return no
  }
  function forget() {
    numbers.clear()
    texts.clear()
  }
  function find(text: string): number | null {
    const kept = numbers.get(text)
    if (kept !== undefined) return kept
    const no = selectNo.get(text)
    return no === undefined ? null : keep(text, no)
  }
  return {
    find,
    forget,
    number: (text) => find(text) ?? keep(text, insert.get(text) as number),
    text(no) {
      const kept = texts.get(no)
      if (kept !== undefined) return kept
      const text = selectText.get(no)
      if (text === undefined) throw new Error(`name ${no} is not in the dictionary`)
      keep(text, no)
      return text
    },
  }
}
