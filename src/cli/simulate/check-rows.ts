/** The oracle where the central's database is at hand: plain SQL, no code of the central's. */
import Database from 'better-sqlite3'
import type { Account } from './account-of-terminal.ts'
import { countTallyFaults } from './check-tallies.ts'
import { makeHourOracle } from './local-hour-oracle.ts'
import type { IssuedPress } from './simulated-records.ts'
import type { SimulatedTerminal } from './simulated-terminal.ts'

/** What a terminal knows of its own presses. */
type CheckedTerminal = Pick<SimulatedTerminal, 'account' | 'box' | 'issued'>
type Row = {
  box: string | null
  box_seq: number | null
  touch_id: string | null
  value: number
  utc_ms: number | null
  error_ms: number | null
  touchpoint: string | null
  local_date: string | null
  hour: number | null
  offset_minutes: number | null
  class: string | null
  is_repeat: number
}
const looseMs = 10_000
type Found = { times: number; row: Row }

const readRows = `SELECT box, box_seq, touch_id, value, utc_ms, error_ms, touchpoint, local_date, hour, offset_minutes, class, is_repeat
  FROM press WHERE terminal = ?`
const keyOfRow = ({ box, box_seq: boxSeq, touch_id: touchId }: Row) => touchId ?? `${box} ${boxSeq}`
const keyOfPress = ({ name }: IssuedPress) => ('touchId' in name ? name.touchId : `${name.box} ${name.boxSeq}`)

const isTimeRight = ({ utc_ms: utcMs, error_ms: errorMs }: Row, truthMs: number) =>
  utcMs !== null && errorMs !== null && Math.abs(utcMs - truthMs) <= errorMs

function isHourRight(row: Row, touchpoint: string | null, hourOf: ((utcMs: number) => string) | null): boolean {
  if (row.utc_ms === null) return true
  if (touchpoint === null || hourOf === null) return true
  if (row.touchpoint !== touchpoint) return false
  const day = hourOf(row.utc_ms)
  if (row.class === 'uncertain') return row.local_date === day.slice(0, 10)
  return `${row.local_date} ${row.hour} ${row.offset_minutes}` === day
}

function accountFor(terminal: CheckedTerminal, rows: readonly Row[], zone: string | null): Account {
  const found = new Map<string, Found>()
  for (const row of rows) {
    if (row.is_repeat === 1) continue
    const before = found.get(keyOfRow(row))
    if (before) before.times += 1
    else found.set(keyOfRow(row), { times: 1, row })
  }
  const issued = terminal.issued()
  const account: Account = {
    ...{ terminal: terminal.account.terminal, pressed: issued.length, stored: found.size },
    ...{ missing: 0, doubled: 0, foreign: 0, wrongValue: 0, wrongTime: 0, wrongHour: 0, wrongTally: 0 },
    ...{
      repeated: rows.filter(({ is_repeat: isRepeat }) => isRepeat === 1).length,
      loose: 0,
      maxErrorMs: 0,
      ledger: null,
    },
  }
  const hourOf = zone === null ? null : makeHourOracle(zone)
  for (const press of issued) {
    const one = found.get(keyOfPress(press))
    found.delete(keyOfPress(press))
    if (!one) {
      account.missing += 1
      continue
    }
    const { times, row } = one
    if (times > 1) account.doubled += times - 1
    if (row.value !== press.value) account.wrongValue += 1
    if (!isTimeRight(row, press.utcMs)) account.wrongTime += 1
    if (!isHourRight(row, terminal.account.touchpoint, hourOf)) account.wrongHour += 1
    if ((row.error_ms ?? 0) > looseMs) account.loose += 1
    else if (row.utc_ms !== null)
      account.maxErrorMs = Math.max(account.maxErrorMs ?? 0, Math.abs(row.utc_ms - press.utcMs))
  }
  account.foreign = found.size
  return account
}

/** A terminal that was there before this simulation has presses of before; they are none of ours. */
const isOurs = (terminal: CheckedTerminal, touchIds: ReadonlySet<string>) => (row: Row) =>
  row.touch_id === null ? row.box === terminal.box : touchIds.has(row.touch_id)

/**
 * @param hasFleetOfOwn the terminals were created for this run, so that whatever else is there is wrong
 * @param database path; the central may be running on it
 */
export function checkRows(database: string, terminals: readonly CheckedTerminal[], hasFleetOfOwn: boolean): Account[] {
  const db = new Database(database, { readonly: true })
  try {
    const read = db.prepare<[string], Row>(readRows)
    const zones = new Map(
      db
        .prepare<[], { id: string; zone: string }>('SELECT id, zone FROM touchpoint')
        .all()
        .map(({ id, zone }) => [id, zone]),
    )
    const tallyFaults = countTallyFaults(db)
    return terminals.map((terminal) => {
      const { terminal: id, touchpoint } = terminal.account
      const touchIds = new Set(terminal.issued().flatMap(({ name }) => ('touchId' in name ? [name.touchId] : [])))
      const rows = read.all(id).filter((row) => hasFleetOfOwn || isOurs(terminal, touchIds)(row))
      const zone = touchpoint === null ? null : (zones.get(touchpoint) ?? null)
      const account = accountFor(terminal, rows, zone)
      return { ...account, wrongTally: touchpoint === null ? 0 : (tallyFaults.get(touchpoint) ?? 0) }
    })
  } finally {
    db.close()
  }
}
