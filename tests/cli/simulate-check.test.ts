/** The oracle of a simulation finds what is wrong with rows and tallies, whatever it is. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findAccountFaults } from '../../src/cli/simulate/account-of-terminal.ts'
import { checkRows } from '../../src/cli/simulate/check-rows.ts'
import { makeHourOracle } from '../../src/cli/simulate/local-hour-oracle.ts'
import { localHourOf } from '../../src/shared/local-time.ts'
import { makePress, openTempStore, putTouchpoints, storePresses, type TempStore } from '../support/central-store.ts'

const atMs = Date.parse('2026-10-24T22:30:00Z')
const times = Array.from({ length: 8 }, (_, i) => atMs + i * 1_800_000)
const account = { terminal: 't1', secret: '', touchpoint: 't1' }
const issued = times.map((utcMs, i) => ({ name: { box: '0badcafe', boxSeq: i + 1 }, value: i % 4, utcMs }))
const terminal = { account, box: '0badcafe', issued: () => issued }

let temp: TempStore
const check = () => {
  const [found] = checkRows(join(temp.folder, 'central.sqlite'), [terminal], true)
  if (!found) throw new Error('no account')
  return found
}
function spoil(sql: string): void {
  const db = new Database(join(temp.folder, 'central.sqlite'))
  expect(db.prepare(sql).run().changes).toBeGreaterThan(0)
  db.close()
}

beforeEach(async () => {
  temp = await openTempStore()
  await putTouchpoints(temp.store, [{ id: 't1' }])
  await storePresses(
    temp.store,
    issued.map(({ utcMs, value }, i) => makePress({ sequence: i + 1, utcMs, value })),
  )
})
afterEach(() => temp.remove())

describe('the oracle of a simulation', () => {
  it('finds nothing where each press is there once, also in the hour that occurs twice', () => {
    expect(findAccountFaults(check())).toEqual([])
    expect(check()).toMatchObject({ pressed: 8, stored: 8, maxErrorMs: 0 })
  })

  it.each([
    ['a press that is not there', 'DELETE FROM press_row WHERE sequence = 3', ['missing 1', 'wrongTally 1']],
    ['another button', 'UPDATE press_row SET value = 3 WHERE sequence = 1', ['wrongValue 1', 'wrongTally 2']],
    ['a time out of its bounds', 'UPDATE press_row SET utc_ms = utc_ms + 101 WHERE sequence = 1', ['wrongTime 1']],
    ['a press without a time', 'UPDATE press_row SET utc_ms = NULL WHERE sequence = 1', ['wrongTime 1']],
    [
      'the other pass of an hour',
      'UPDATE press_row SET offset_minutes = 120 WHERE offset_minutes = 180 AND sequence = 5',
      ['wrongHour 1', 'wrongTally 2'],
    ],
    ['a press that nobody made', 'UPDATE press_row SET box_seq = 99 WHERE sequence = 8', ['missing 1', 'foreign 1']],
    [
      'one press under two names of a record',
      'UPDATE press_row SET box_seq = 1 WHERE sequence = 2',
      ['missing 1', 'doubled 1'],
    ],
    ['a tally that counts one more', 'UPDATE tally SET n2 = n2 + 1 WHERE hour = 1', ['wrongTally 1']],
  ])('finds %s', (_, sql, faults) => {
    spoil(sql)
    expect(findAccountFaults(check())).toEqual(faults)
  })

  it('believes in a repeat only where the central does', () => {
    spoil('UPDATE press_row SET is_repeat = 1, class = NULL WHERE sequence = 4')
    expect(findAccountFaults(check())).toEqual(['missing 1', 'wrongTally 1'])
    expect(check().repeated).toBe(1)
  })
})

describe('the oracle of local hours', () => {
  it.each(['Europe/Helsinki', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/St_Johns', 'UTC'])(
    'agrees with the product at every quarter of an hour of a year in %s',
    (zone) => {
      const hourOf = makeHourOracle(zone)
      for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 900_000) {
        const { localDate, hour, offsetMinutes } = localHourOf(at, zone)
        if (hourOf(at) !== `${localDate} ${hour} ${offsetMinutes}`) expect(hourOf(at)).toBe(at)
      }
      expect(hourOf(Date.UTC(2026, 6, 1))).toMatch(/^2026-0[67]-\d\d \d+ -?\d+$/)
    },
  )
})
