import type { Database } from 'better-sqlite3'
import type { AliveStretch, Anchor } from '../port.ts'
import type { makeAnchorWindows } from './anchor-windows.ts'
import type { Names } from './names.ts'

type AnchorRow = Omit<Anchor, 'boot'>

/**
 * Anchors of boots, and the stretches in which terminals worked.
 *
 * @param windows only on the connection that writes
 */
export function makeTimeTables(db: Database, names: Names, windows?: ReturnType<typeof makeAnchorWindows>) {
  const insertAnchor = db.prepare('INSERT OR REPLACE INTO anchor VALUES (?, ?, ?, ?, ?, ?)')
  const select = 'SELECT mono_ms AS monoMs, clock, utc_ms AS utcMs, error_ms AS errorMs FROM anchor'
  // One statement, since every batch asks this.
  const around = db.prepare<number[], AnchorRow>(
    `SELECT * FROM (${select} WHERE terminal = ? AND boot = ? AND mono_ms < ? ORDER BY mono_ms DESC LIMIT 1)
      UNION ALL SELECT * FROM (${select} WHERE terminal = ? AND boot = ? AND mono_ms BETWEEN ? AND ?)
      UNION ALL SELECT * FROM (${select} WHERE terminal = ? AND boot = ? AND mono_ms > ? ORDER BY mono_ms LIMIT 1)
      ORDER BY monoMs`,
  )
  const insertAlive = db.prepare('INSERT OR REPLACE INTO alive VALUES (?, ?, ?, ?, ?, ?)')
  const timeAlive = db.prepare(`UPDATE alive SET to_ms = mono_ms + ?, from_ms = mono_ms + ? - covered_ms
    WHERE terminal = ? AND boot = ? AND to_ms IS NULL`)
  const stretches = db.prepare<[number, number, number], { fromMs: number; toMs: number }>(
    `SELECT from_ms AS fromMs, to_ms AS toMs FROM alive
      WHERE terminal = ? AND to_ms > ? AND from_ms < ? ORDER BY from_ms`,
  )
  return {
    insertAnchor(terminal: string, { boot, monoMs, clock, utcMs, errorMs }: Anchor) {
      const no = names.number(terminal)
      insertAnchor.run(no, names.number(boot), monoMs, clock, utcMs, errorMs)
      windows?.drop(no)
    },
    anchorsAround(terminal: string, boot: string, fromMonoMs: number, toMonoMs: number): Anchor[] {
      const [no, bootNo] = [names.find(terminal), names.find(boot)]
      if (no === null || bootNo === null) return []
      const known = windows?.around(no, bootNo, fromMonoMs, toMonoMs)
      if (known) return known
      const rows = around.all(no, bootNo, fromMonoMs, no, bootNo, fromMonoMs, toMonoMs, no, bootNo, toMonoMs)
      const anchors = rows.map(({ monoMs, clock, utcMs, errorMs }) => ({ boot, monoMs, clock, utcMs, errorMs }))
      windows?.keep(no, bootNo, { from: fromMonoMs, to: toMonoMs }, anchors)
      return anchors
    },
    insertAlive(terminal: string, { boot, monoMs, coveredMs, fromMs, toMs }: AliveStretch) {
      insertAlive.run(names.number(terminal), names.number(boot), monoMs, coveredMs, fromMs, toMs)
    },
    timeAlive(terminal: string, { boot, monoMs, utcMs }: Anchor) {
      const bootedAtMs = utcMs - monoMs
      timeAlive.run(bootedAtMs, bootedAtMs, names.number(terminal), names.number(boot))
    },
    aliveStretches: (terminal: string, fromMs: number, toMs: number) =>
      stretches.all(names.find(terminal) ?? -1, fromMs, toMs),
  }
}
