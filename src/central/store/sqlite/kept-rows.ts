import type { Database } from 'better-sqlite3'

/** A map that empties itself rather than grow beyond a limit. */
type KeptMap<K, V> = {
  get(key: K): V | undefined
  set(key: K, value: V): void
  delete(key: K): void
}
export type KeptRows = {
  /** @param most entries; one more, and all are forgotten */
  makeMap<K, V>(most: number): KeptMap<K, V>
  /** To be called within each transaction before anything of it is read: what another connection wrote since the last is read anew. */
  refresh(): void
  /** To be called after a rollback: what was written inside is no longer true. */
  forget(): void
}

/**
 * Rows that the writing connection read or wrote, kept in memory across transactions. That they are true follows from three things:
 * a table is written by its own module alone, which keeps what it wrote; a rollback forgets everything; and `data_version` changes with
 * each commit of any other connection, in this process or another (sqlite.org/pragma.html#pragma_data_version). BEGIN IMMEDIATE holds the
 * lock until COMMIT, so that nobody writes between the look at it and the end of the transaction.
 */
export function makeKeptRows(db: Database): KeptRows {
  const selectVersion = db.prepare<[], number>('PRAGMA data_version').pluck()
  const maps: Map<unknown, unknown>[] = []
  let version: number | undefined

  function forget(): void {
    for (const map of maps) map.clear()
  }
  return {
    forget,
    makeMap<K, V>(most: number): KeptMap<K, V> {
      const map = new Map<K, V>()
      maps.push(map)
      return {
        get: (key) => map.get(key),
        set(key, value) {
          if (map.size >= most && !map.has(key)) map.clear()
          map.set(key, value)
        },
        delete: (key) => void map.delete(key),
      }
    },
    refresh() {
      const current = selectVersion.get()
      if (current !== version) forget()
      version = current
    },
  }
}
