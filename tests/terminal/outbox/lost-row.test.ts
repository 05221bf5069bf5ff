/** Rows that a failing card has lost while an index still names them; `integrity_check` may say ok. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { type Outbox, openOutbox } from '../../../src/terminal/outbox/outbox.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { boxPress, makeFolder, makeHandClock, openTestOutbox, randomHex, touchPress } from './open-outbox.ts'

const touchId = '8d6f0a52-0000-4000-8000-000000000001'
const told = (seq: number) => ({ ...boxPress(seq), button: 2 })
const kinds = {
  'a press of the box': {
    index: 'records_by_box',
    row: 'box_seq = 2',
    press: (outbox: Outbox) => outbox.appendBoxPress(told(2)),
  },
  'a touch': {
    index: 'records_by_touch',
    row: 'touch_id IS NOT NULL',
    press: (outbox: Outbox) => outbox.append(touchPress(touchId)),
  },
} as const
const cases = Object.entries(kinds).map(([name, kind]) => ({ name, ...kind }))

/** Presses 1 … 3 of the box and a touch, in an outbox that was closed. */
function makeFilled(): string {
  const path = join(makeFolder(), 'outbox.sqlite')
  const outbox = openTestOutbox(path)
  for (const seq of [1, 2, 3]) expect(outbox.appendBoxPress(told(seq))).toBe('stored')
  expect(outbox.append(touchPress(touchId))).toBe('stored')
  outbox.close()
  return path
}

function change(path: string, work: (db: Database.Database) => void): void {
  const db = new Database(path)
  db.unsafeMode()
  db.pragma('writable_schema = ON')
  work(db)
  db.pragma('writable_schema = RESET')
  db.close()
}

/** Deletes a row where SQLite does not see the index that names it. */
function loseRow(path: string, index: string, row: string): void {
  type Schema = { rootpage: number; sql: string }
  const hidden: Schema[] = []
  change(path, (db) => {
    hidden.push(...db.prepare<[string], Schema>('SELECT rootpage, sql FROM sqlite_schema WHERE name = ?').all(index))
    db.prepare('DELETE FROM sqlite_schema WHERE name = ?').run(index)
  })
  change(path, (db) => {
    expect(db.prepare(`DELETE FROM records WHERE ${row}`).run().changes).toBe(1)
    db.prepare(
      "INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES ('index', ?, 'records', ?, ?)",
    ).run(...([index, hidden[0]?.rootpage, hidden[0]?.sql] as const))
  })
}

const listMoved = (path: string) => {
  const folder = join(path, '../quarantine')
  return existsSync(folder) ? readdirSync(folder) : []
}

/** Names of all presses that a central gets. */
function deliver(outbox: Outbox): string[] {
  const names: string[] = []
  for (let batch = outbox.nextBatch(200); batch; batch = outbox.nextBatch(200)) {
    for (const record of batch.records) {
      if ('boxSeq' in record) names.push(`box ${record.boxSeq}`)
      if ('touchId' in record) names.push('touch')
    }
    const upTo = batch.lost[0]?.to ?? batch.records.at(-1)?.sequence ?? 0
    outbox.confirm({ epoch: batch.epoch, upTo })
  }
  return names.sort((a, b) => a.localeCompare(b))
}

describe.each(cases)('$name whose row is gone', ({ index, row, press }) => {
  it('is no repeat when it comes again, but stored, once', () => {
    const path = makeFilled()
    loseRow(path, index, row)
    const outbox = openTestOutbox(path)
    expect([press(outbox), press(outbox), press(outbox)]).toEqual(['stored', 'repeat', 'repeat'])
    expect(listMoved(path)).toHaveLength(1)
    expect(deliver(outbox)).toEqual(['box 1', 'box 2', 'box 3', 'touch'])
    outbox.close()
    expect(press(openTestOutbox(path))).toBe('repeat')
    expect(listMoved(path)).toHaveLength(1)
  })

  it('likewise where it is there but changed', () => {
    const path = makeFilled()
    change(path, (db) =>
      db.exec(`UPDATE records SET content = replace(content, '"flags":0', '"flags":1') WHERE ${row}`),
    )
    const outbox = openTestOutbox(path)
    expect([press(outbox), press(outbox)]).toEqual(['stored', 'repeat'])
    expect(listMoved(path)).toHaveLength(1)
    expect(deliver(outbox)).toEqual(['box 1', 'box 2', 'box 3', 'touch'])
  })

  it('stays with whoever has it where no database can take the place of the damaged one', () => {
    const path = makeFilled()
    loseRow(path, index, row)
    const shut = new Set<string>([path])
    const logger = {
      ...silentLogger,
      error(_: object, text: string) {
        if (!shut.has(path) || !text.includes('a new one takes its place')) return
        // Between the move and the new database the disk gives no more than its name.
        writeFileSync(path, '')
        throw Object.assign(new Error('no room'), { code: 'SQLITE_FULL' })
      },
    }
    const outbox = openOutbox({ path, clock: makeHandClock(), randomHex, logger })
    expect([press(outbox), outbox.storage().isRefusing]).toEqual(['full', true])
    shut.clear()
    outbox.close()
    const again = openTestOutbox(path)
    expect(press(again)).toBe('stored')
    expect(deliver(again)).toEqual(['box 1', 'box 2', 'box 3', 'touch'])
    expect(listMoved(path)).toHaveLength(1)
  })
})
