import type { Database } from 'better-sqlite3'

type Cell = { touchpoint: string; cell: string; value: number; count: number }

const cellName = "class || ' ' || local_date || ' ' || hour || ' ' || offset_minutes || ' ' || question"
/** A stuck button's notice (WIRE.md §6.1, flag 1) is no press. */
const isPress = 'is_repeat = 0 AND flags % 2 = 0 AND class IS NOT NULL'
const countRows = `SELECT touchpoint, ${cellName} AS cell, value, count(*) AS count FROM press WHERE ${isPress} GROUP BY 1, 2, 3`
const countCounted = `
  SELECT touchpoint, 'counted' || substr(${cellName}, 4) AS cell, value, count(*) AS count
  FROM press WHERE ${isPress} AND class = 'raw' AND label = 'counted' GROUP BY 1, 2, 3`
const values = Array.from({ length: 11 }, (_, value) => value)
const readTallies = values
  .map(
    (value) =>
      `SELECT touchpoint, ${cellName} AS cell, ${value} AS value, n${value} AS count FROM cell_tally WHERE n${value} <> 0`,
  )
  .join(' UNION ALL ')

/**
 * Tallies against rows, each press once in each of its classes.
 *
 * @returns by touchpoint, the presses by which they differ; touchpoints without a difference are left out
 */
export function countTallyFaults(db: Database): Map<string, number> {
  const open = new Map<string, Cell>()
  const add = ({ touchpoint, cell, value, count }: Cell, sign: number) => {
    const key = `${touchpoint} ${cell} ${value}`
    const left = (open.get(key)?.count ?? 0) + sign * count
    if (left === 0) open.delete(key)
    else open.set(key, { touchpoint, cell, value, count: left })
  }
  for (const sql of [countRows, countCounted]) for (const cell of db.prepare<[], Cell>(sql).all()) add(cell, 1)
  for (const cell of db.prepare<[], Cell>(readTallies).all()) add(cell, -1)
  const faults = new Map<string, number>()
  for (const { touchpoint, count } of open.values())
    faults.set(touchpoint, (faults.get(touchpoint) ?? 0) + Math.abs(count))
  return faults
}

/** @returns whether every press has been labelled */
export function isLabelled(db: Database): boolean {
  return db.prepare('SELECT 1 FROM dirty_hour LIMIT 1').get() === undefined
}
