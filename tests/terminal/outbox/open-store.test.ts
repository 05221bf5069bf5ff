import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openStore } from '../../../src/terminal/outbox/open-store.ts'
import { makeRecordStore } from '../../../src/terminal/outbox/record-store.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { makeFolder, makeHandClock, randomHex } from './open-outbox.ts'

it('a database that somebody else has at the moment is waited for, not given up', () => {
  const path = join(makeFolder(), 'outbox.sqlite')
  const options = { path, clock: makeHandClock(), randomHex, logger: silentLogger }
  const open = (isHeld: boolean) =>
    openStore(options, (db) => {
      // What a reader brings about where no memory can be shared, without its five seconds of patience.
      if (isHeld && !db.memory) throw Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' })
      return makeRecordStore(db, { ...options, centralMs: () => null })
    })
  const { kind, store } = open(true)
  expect(kind).toBe('stand-in')
  store.close()
  const opened = open(false)
  expect(opened.kind).toBe('whole')
  opened.store.close()
})
