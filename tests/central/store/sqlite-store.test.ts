import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ground } from '../../../src/central/store/sqlite/001-ground.ts'
import { openSqliteStore } from '../../../src/central/store/sqlite/open-sqlite-store.ts'
import { makeLogger } from '../../../src/shared/logger.ts'
import { describeAccounts } from './account-suite.ts'
import { describeStore, makePress } from './store-suite.ts'

const logger = makeLogger('silent')

const openSqlite = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'smilepost-store-'))
  const options = { path: join(folder, 'central.db'), logger }
  let store = await openSqliteStore(options)
  return {
    store,
    async reopen() {
      await store.close()
      store = await openSqliteStore(options)
      return store
    },
    openBeside: () => openSqliteStore(options),
    async remove() {
      await store.close()
      rmSync(folder, { recursive: true })
    },
  }
}
describeStore('SQLite store', openSqlite)
describeAccounts('SQLite store', openSqlite)

describe('SQLite file', () => {
  let folder = ''
  const path = () => join(folder, 'deep', 'central.db')
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'smilepost-store-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('is in WAL mode, and plain SQL reads box, box_seq and value of each press', async () => {
    const store = await openSqliteStore({ path: path(), logger })
    await store.transact((writer) => writer.insertPresses([makePress(6), makePress(7, { cell: null })]))
    const db = new Sqlite(path(), { readonly: true })
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(db.prepare('SELECT box, box_seq, value, local_date, class FROM press ORDER BY box_seq').all()).toEqual([
      { box: '0000beef', box_seq: 6, value: 2, local_date: '2025-03-30', class: 'raw' },
      { box: '0000beef', box_seq: 7, value: 3, local_date: null, class: null },
    ])
    expect(db.prepare('SELECT count(*) AS n FROM cell_tally').get()).toEqual({ n: 0 })
    db.close()
    await store.close()
  })

  it('has an audit log that nobody shortens or changes, with any program', async () => {
    const store = await openSqliteStore({ path: path(), logger })
    const entry = { atMs: 1, by: 'ada', what: 'a', on: 'b', detail: '{}', from: '::1' }
    await store.transact(({ accounts }) => accounts.addAudit(entry))
    await store.close()
    const db = new Sqlite(path())
    expect(() => db.exec('DELETE FROM audit')).toThrow('the audit log is never shortened')
    expect(() => db.exec("UPDATE audit SET by = 'eve'")).toThrow('the audit log is never changed')
    db.close()
  })

  it('of a later program is refused and left as it is', async () => {
    const store = await openSqliteStore({ path: path(), logger })
    await store.close()
    const db = new Sqlite(path())
    db.pragma('user_version = 999')
    db.close()
    await expect(openSqliteStore({ path: path(), logger })).rejects.toMatchObject({ code: 'database-too-new' })
  })

  it('of an earlier program is brought up to date with all it holds', async () => {
    const earlier = join(folder, 'earlier.db')
    const db = new Sqlite(earlier)
    db.exec(`${ground}; PRAGMA user_version = 1;
      INSERT INTO place VALUES ('shop', NULL, 'Shop', 'store');
      INSERT INTO touchpoint VALUES ('exit', 'shop', 'Exit', 'Europe/Prague', 'service', '[]', '[]');
      INSERT INTO name VALUES (1, 'till-1'), (2, 'e1'), (3, 'boot-b'), (4, 'boot-a');
      INSERT INTO record_row VALUES (1, 2, 1, 'tick', 3, 100, 0, 5000, NULL), (1, 2, 2, 'tick', 3, 900, 0, 6000, NULL),
        (1, 2, 3, 'tombstone', NULL, NULL, NULL, NULL, 'x'), (1, 2, 4, 'tick', 4, 50, 0, 7000, NULL)`)
    db.close()
    const store = await openSqliteStore({ path: earlier, logger })
    expect((await store.read.catalogue()).touchpoints.get('exit')).toMatchObject({ name: 'Exit', lights: null })
    // Its crystal may have been 100 ppm fast.
    const span = { firstMonoMs: 100, lastMonoMs: 900, fromMs: null, toMs: 5_201, settledMs: null }
    await store.transact(async (writer) => {
      expect(await writer.bootSpan('till-1', 'boot-b')).toEqual({ boot: 'boot-b', no: 1, lastNo: 1, ...span })
      expect(await writer.bootSpan('till-1', 'boot-a')).toMatchObject({ no: 2, lastNo: 2, toMs: 7_000 })
    })
    await store.close()
  })

  it('that is no database is refused', async () => {
    const rubbish = join(folder, 'rubbish.db')
    writeFileSync(rubbish, 'this is not a database file, whatever its name says. '.repeat(100))
    await expect(openSqliteStore({ path: rubbish, logger })).rejects.toMatchObject({ code: 'database-failed' })
  })
})
