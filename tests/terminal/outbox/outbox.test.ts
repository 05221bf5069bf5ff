import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { NewRecord } from '../../../src/contracts/records.ts'
import { openDatabase } from '../../../src/terminal/outbox/open-database.ts'
import { openOutbox } from '../../../src/terminal/outbox/outbox.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import {
  boot,
  box,
  boxPress,
  exchange,
  makeFolder,
  makeHandClock,
  openTestOutbox,
  randomHex,
  tick,
  touchPress,
} from './open-outbox.ts'

const dayMs = 24 * 3_600_000
const sequencesOf = (batch: { records: { sequence: number }[] } | null) =>
  batch?.records.map(({ sequence }) => sequence)

describe('appending', () => {
  it('gives records of every kind back as they were, in order', () => {
    const records: NewRecord[] = [
      boxPress(1),
      touchPress('0123456789abcdef', 0),
      { kind: 'answer', boot, monoMs: 6000, wallMs: 1, touchId: '0123456789abcdef', followUp: 'why', option: 2 },
      { kind: 'anchor', boot, monoMs: 7000, wallMs: -5, utcMs: 1_800_000_000_000, errorMs: 8, clock: 'exchange' },
      tick(8000),
      { kind: 'alive', boot, monoMs: 9000, wallMs: 2, coveredMs: 3_600_000 },
      { ...boxPress(2), spreadMs: null, flags: 3 },
    ]
    const outbox = openTestOutbox()
    for (const record of records) expect(outbox.append(record)).toBe('stored')
    expect(outbox.nextBatch(200)).toEqual({
      epoch: outbox.epoch(),
      first: 1,
      lost: [],
      records: records.map((record, i) => ({ ...record, sequence: i + 1 })),
    })
  })

  it('stores a press of a box once, by box and its sequence', () => {
    const outbox = openTestOutbox()
    expect(outbox.append(boxPress(7))).toBe('stored')
    expect(outbox.append(boxPress(7))).toBe('repeat')
    expect(outbox.append({ ...boxPress(7), box: 'b0c0ffef' })).toBe('stored')
    expect(outbox.undelivered().count).toBe(2)
  })

  it('tells a repeat from another press under its name by what the box said, whatever is asked by then', () => {
    const path = join(makeFolder(), 'outbox.sqlite')
    const outbox = openTestOutbox(path)
    const press = { ...boxPress(7, 1), button: 2 }
    expect(outbox.appendBoxPress(press)).toBe('stored')
    for (const again of [outbox, openTestOutbox(path)]) {
      expect(again.appendBoxPress({ ...press, value: 9, question: 'food', surveyRevision: 4 })).toBe('repeat')
      expect(again.appendBoxPress({ ...press, button: 1 })).toBe('reused')
      expect(again.appendBoxPress({ ...press, flags: 2 })).toBe('reused')
    }
    expect(outbox.undelivered().count).toBe(1)
  })

  it('knows presses without their button, of former versions, by name and flags', () => {
    const outbox = openTestOutbox()
    outbox.append(boxPress(7))
    expect(outbox.appendBoxPress({ ...boxPress(7), button: 4 })).toBe('repeat')
    expect(outbox.appendBoxPress({ ...boxPress(7), button: 4, flags: 1 })).toBe('reused')
  })

  it('remembers the highest number of a box when its presses have been trimmed', () => {
    const path = join(makeFolder(), 'outbox.sqlite')
    const outbox = openTestOutbox(path)
    outbox.append(boxPress(9))
    outbox.append(boxPress(8))
    outbox.confirm({ epoch: outbox.epoch(), upTo: 2 })
    while (outbox.trim(true) > 0);
    expect(outbox.held()).toEqual([])
    expect([outbox.lastBoxSeq(box), openTestOutbox(path).lastBoxSeq(box)]).toEqual([9, 9])
    expect(outbox.lastBoxSeq('b0c0ffef')).toBe(0)
  })

  it('remembers the highest number also where a lower one of another epoch is trimmed later', () => {
    const path = join(makeFolder(), 'outbox.sqlite')
    for (const seqs of [[9, 10], [4]]) {
      const outbox = openTestOutbox(path)
      for (const seq of seqs) outbox.append(boxPress(seq))
      outbox.confirm({ epoch: outbox.epoch(), upTo: seqs.length })
      while (outbox.trim(true) > 0) expect(outbox.lastBoxSeq(box)).toBe(10)
      expect(outbox.lastBoxSeq(box)).toBe(10)
      outbox.close()
    }
  })

  it('leaves nothing behind of a repeat that is the first record after a start', () => {
    const path = join(makeFolder(), 'outbox.sqlite')
    const press = { ...boxPress(7), button: 2 }
    openTestOutbox(path).appendBoxPress(press)
    const again = openTestOutbox(path)
    expect([again.appendBoxPress(press), again.appendBoxPress({ ...press, button: 3 })]).toEqual(['repeat', 'reused'])
    expect(again.held()).toHaveLength(1)
    expect(again.append(boxPress(8))).toBe('stored')
    expect(again.held().at(-1)).toMatchObject({ epoch: again.epoch(), first: 1, last: 1 })
  })

  it('remembers which numbers of a box name two presses', () => {
    const path = join(makeFolder(), 'outbox.sqlite')
    const outbox = openTestOutbox(path)
    expect(outbox.readReused(box)).toBeNull()
    expect(outbox.saveReused(box, { from: 4, to: 7 })).toBe('saved')
    outbox.saveReused('b0c0ffef', { from: 1, to: 4_294_967_295 })
    expect(openTestOutbox(path).readReused(box)).toEqual({ from: 4, to: 7 })
    outbox.saveReused(box, null)
    expect(outbox.readReused(box)).toBeNull()
    expect(outbox.readReused('b0c0ffef')).toEqual({ from: 1, to: 4_294_967_295 })
  })

  it('stores a touch press once, and counts touch presses for ever', () => {
    const path = join(makeFolder(), 'outbox.sqlite')
    const outbox = openTestOutbox(path)
    expect(outbox.append(touchPress('0123456789abcdef'))).toBe('stored')
    expect(outbox.append(touchPress('0123456789abcdef'))).toBe('repeat')
    expect(outbox.append(touchPress('0123456789abcdee'))).toBe('stored')
    expect(outbox.touchIssued()).toBe(2)
    expect(openTestOutbox(path).touchIssued()).toBe(2)
  })

  it('begins a fresh epoch with the first record after each start', () => {
    const path = join(makeFolder(), 'outbox.sqlite')
    const first = openTestOutbox(path)
    first.append(tick(1))
    const second = openTestOutbox(path)
    expect(second.held()).toHaveLength(1)
    second.append(tick(2))
    second.append(tick(3))
    expect(second.epoch()).not.toBe(first.epoch())
    expect(second.held()).toEqual([
      { epoch: first.epoch(), first: 1, last: 1, confirmed: 0 },
      { epoch: second.epoch(), first: 1, last: 2, confirmed: 0 },
    ])
    expect(second.nextBatch(200)?.epoch).toBe(first.epoch())
  })

  it('knows how old the oldest undelivered record is', () => {
    const clock = makeHandClock()
    const outbox = openTestOutbox(undefined, clock)
    expect(outbox.undelivered()).toEqual({ count: 0, oldestAgeMs: null })
    outbox.append({ ...tick(60_000), wallMs: clock.nowMs })
    clock.nowMs += 90_000
    expect(outbox.undelivered()).toEqual({ count: 1, oldestAgeMs: 90_000 })
  })
})

describe('the file', () => {
  it('is in WAL mode with synchronous FULL, STRICT tables, foreign keys', () => {
    const path = join(makeFolder(), 'outbox.sqlite')
    openTestOutbox(path)
    const db = openDatabase(path, silentLogger)
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(db.pragma('synchronous', { simple: true })).toBe(2)
    expect(db.pragma('foreign_keys', { simple: true })).toBe(1)
    expect(db.pragma('auto_vacuum', { simple: true })).toBe(2)
    const tables = db
      .prepare("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'")
      .all()
    expect(tables.length).toBeGreaterThanOrEqual(6)
    expect(tables.filter((table) => (table as { strict: number }).strict !== 1)).toEqual([])
    db.close()
  })

  it('is refused when its schema is newer, saying both versions', () => {
    const path = join(makeFolder(), 'outbox.sqlite')
    openTestOutbox(path).append(tick(1))
    const db = new Database(path)
    db.pragma('user_version = 9')
    db.close()
    expect(() => openTestOutbox(path)).toThrow(
      expect.objectContaining({ code: 'database-too-new', message: expect.stringMatching(/schema 9.* 2/) }),
    )
  })

  it('is moved aside when it is no database, and a new one takes presses', () => {
    const path = join(makeFolder(), 'outbox.sqlite')
    const text = 'This was a database once. '.repeat(400)
    writeFileSync(path, text)
    expect(openTestOutbox(path).append(boxPress(1))).toBe('stored')
    const [moved = ''] = readdirSync(join(path, '../quarantine'))
    expect(readFileSync(join(path, '../quarantine', moved, 'outbox.sqlite'), 'utf8')).toBe(text)
  })

  it('keeps the configuration, the surveys ever offered and the names of boxes', () => {
    const path = join(makeFolder(), 'outbox.sqlite')
    const outbox = openTestOutbox(path)
    const desired = (revision: number) => ({
      rev: revision + 4,
      survey: { question: 'service', revision, scaleMax: 3, texts: [{ language: 'en', text: 'How was it?' }] },
    })
    expect(outbox.desired()).toBeNull()
    expect(outbox.saveDesired(desired(1))).toBe(true)
    expect(outbox.saveDesired(desired(2))).toBe(true)
    expect(outbox.saveBoxId(box)).toBe('saved')
    const reopened = openTestOutbox(path)
    expect(reopened.desired()).toEqual(desired(2))
    expect(reopened.scaleOf('service', 1)).toBe(3)
    expect(reopened.scaleOf('service', 3)).toBeNull()
    const db = new Database(path, { readonly: true })
    expect(db.prepare('SELECT box FROM boxes').pluck().all()).toEqual([box])
    db.close()
  })
})

describe('marks', () => {
  it('hands records out until they are confirmed, oldest epoch first, never more than asked for', () => {
    const path = join(makeFolder(), 'outbox.sqlite')
    const old = openTestOutbox(path)
    for (let i = 1; i <= 5; i += 1) old.append(tick(i))
    const outbox = openTestOutbox(path)
    outbox.append(tick(9))
    expect(sequencesOf(outbox.nextBatch(3))).toEqual([1, 2, 3])
    expect(outbox.confirm({ epoch: old.epoch(), upTo: 3 })).toBe('advanced')
    expect(sequencesOf(outbox.nextBatch(3))).toEqual([4, 5])
    expect(outbox.confirm({ epoch: old.epoch(), upTo: 5 })).toBe('advanced')
    expect(outbox.nextBatch(3)?.epoch).toBe(outbox.epoch())
    expect(outbox.confirm({ epoch: outbox.epoch(), upTo: 1 })).toBe('advanced')
    expect(outbox.nextBatch(3)).toBeNull()
    expect(outbox.undelivered().count).toBe(0)
  })

  it('rewinds to a lower mark of the central, but not for an old ack', () => {
    const outbox = openTestOutbox()
    for (let i = 1; i <= 6; i += 1) outbox.append(tick(i))
    const epoch = outbox.epoch()
    outbox.confirm({ epoch, upTo: 6 })
    expect(outbox.confirm({ epoch, upTo: 2 })).toBe('same')
    expect(outbox.nextBatch(200)).toBeNull()
    expect(outbox.align({ epoch, upTo: 2 })).toBe('rewound')
    expect(sequencesOf(outbox.nextBatch(200))).toEqual([3, 4, 5, 6])
    expect(outbox.align({ epoch, upTo: 0 })).toBe('rewound')
    expect(outbox.undelivered().count).toBe(6)
  })

  it('survives marks of epochs it does not know', () => {
    const outbox = openTestOutbox()
    outbox.append(tick(1))
    expect(outbox.align({ epoch: randomHex(16), upTo: 5 })).toBe('unknown')
    expect(outbox.reject({ epoch: randomHex(16), sequence: 5 }, 'no')).toBe('unknown')
    expect(outbox.undelivered().count).toBe(1)
  })

  it('leaves an epoch in which the central has more than it wrote', () => {
    const outbox = openTestOutbox()
    outbox.append(tick(1))
    const taken = outbox.epoch()
    expect(outbox.align({ epoch: taken, upTo: 40 })).toBe('beyond')
    outbox.append(tick(2))
    expect(outbox.epoch()).not.toBe(taken)
    expect(outbox.nextBatch(200)).toMatchObject({ epoch: outbox.epoch(), first: 1 })
  })

  it('passes a rejected record and remembers why', () => {
    const path = join(makeFolder(), 'outbox.sqlite')
    const outbox = openTestOutbox(path)
    for (let i = 1; i <= 3; i += 1) outbox.append(tick(i))
    expect(outbox.reject({ epoch: outbox.epoch(), sequence: 1 }, 'bad-columns')).toBe('advanced')
    expect(sequencesOf(outbox.nextBatch(200))).toEqual([2, 3])
    const db = new Database(path, { readonly: true })
    expect(db.prepare('SELECT sequence, reason FROM rejected').all()).toEqual([{ sequence: 1, reason: 'bad-columns' }])
    db.close()
  })
})

describe('what is no longer there', () => {
  it('keeps delivered records 14 days, then trims them in chunks and says them lost when asked again', () => {
    const clock = makeHandClock()
    const outbox = openTestOutbox(undefined, clock)
    outbox.append(exchange(clock))
    for (let i = 2; i <= 1200; i += 1) outbox.append(tick(i))
    const epoch = outbox.epoch()
    outbox.confirm({ epoch, upTo: 1100 })
    expect(outbox.trim()).toBe(0)
    clock.nowMs += 13.9 * dayMs
    expect(outbox.trim()).toBe(0)
    clock.nowMs += 0.2 * dayMs
    expect([outbox.trim(), outbox.trim(), outbox.trim(), outbox.trim()]).toEqual([500, 500, 100, 0])
    expect(outbox.held()).toEqual([{ epoch, first: 1101, last: 1200, confirmed: 1100 }])
    expect(sequencesOf(outbox.nextBatch(2))).toEqual([1101, 1102])
    expect(outbox.align({ epoch, upTo: 40 })).toBe('rewound')
    expect(outbox.nextBatch(200)).toEqual({
      ...{ epoch, first: 41, records: [] },
      lost: [{ epoch, from: 41, to: 1100, cause: 'trimmed' }],
    })
  })

  it('never trims what was rewound meanwhile', () => {
    const clock = makeHandClock()
    const outbox = openTestOutbox(undefined, clock)
    outbox.append(exchange(clock))
    for (let i = 2; i <= 10; i += 1) outbox.append(tick(i))
    outbox.confirm({ epoch: outbox.epoch(), upTo: 10 })
    expect(outbox.trim()).toBe(0)
    clock.nowMs += 20 * dayMs
    outbox.align({ epoch: outbox.epoch(), upTo: 4 })
    while (outbox.trim() > 0);
    expect(sequencesOf(outbox.nextBatch(200))?.at(-1)).toBe(10)
    expect(outbox.undelivered().count).toBe(6)
  })

  it('counts the 14 days by the time of the central, whatever the wall clock does', () => {
    const clock = makeHandClock()
    const wild = {
      ...clock,
      monoMs: clock.monoMs,
      wallMs: () => (clock.nowMs % 2 === 0 ? 0 : clock.nowMs + 400 * dayMs),
    }
    const outbox = openOutbox({
      path: join(makeFolder(), 'outbox.sqlite'),
      clock: wild,
      randomHex,
      logger: silentLogger,
    })
    for (let i = 1; i <= 10; i += 1) outbox.append(tick(i))
    outbox.confirm({ epoch: outbox.epoch(), upTo: 10 })
    for (let step = 0; step < 5; step += 1) {
      clock.nowMs += 20 * dayMs + 1
      expect(outbox.trim()).toBe(0)
    }
    outbox.append(exchange(clock))
    for (let step = 0; step < 13; step += 1) {
      expect(outbox.trim()).toBe(0)
      clock.nowMs += dayMs + 1
    }
    clock.nowMs += 2 * dayMs
    expect(outbox.trim()).toBe(10)
    outbox.close()
  })

  it('gives delivered records up early where the disk has little room, and nothing else', () => {
    const outbox = openTestOutbox()
    for (let i = 1; i <= 1200; i += 1) outbox.append(tick(i))
    outbox.confirm({ epoch: outbox.epoch(), upTo: 700 })
    expect([outbox.trim(true), outbox.trim(true), outbox.trim(true)]).toEqual([500, 200, 0])
    expect(outbox.undelivered().count).toBe(500)
    expect(sequencesOf(outbox.nextBatch(1))).toEqual([701])
  })

  it('says rows that vanished or can not be read as lost, and sends those around them', () => {
    const path = join(makeFolder(), 'outbox.sqlite')
    const outbox = openTestOutbox(path)
    for (let i = 1; i <= 8; i += 1) outbox.append(tick(i))
    const epoch = outbox.epoch()
    const db = new Database(path)
    db.exec("DELETE FROM records WHERE sequence IN (3, 4); UPDATE records SET content = '{' WHERE sequence IN (5, 8)")
    db.close()
    const said: unknown[] = []
    for (let batch = outbox.nextBatch(200); batch; batch = outbox.nextBatch(200)) {
      said.push(batch.lost[0] ?? sequencesOf(batch))
      outbox.confirm({ epoch, upTo: batch.lost[0]?.to ?? batch.records.at(-1)?.sequence ?? 0 })
    }
    expect(said).toEqual([
      [1, 2],
      { epoch, from: 3, to: 5, cause: 'corrupt' },
      [6, 7],
      { epoch, from: 8, to: 8, cause: 'corrupt' },
    ])
  })
})

describe('a full disk', () => {
  it('is an answer; what was stored stays, and there is room again after a trim', () => {
    const path = join(makeFolder(), 'outbox.sqlite')
    const outbox = openTestOutbox(path, makeHandClock(), { maxPages: 30 })
    let stored = 0
    while (outbox.append(boxPress(stored + 1)) === 'stored') stored += 1
    expect(stored).toBeGreaterThan(100)
    expect(outbox.append(boxPress(stored + 1))).toBe('full')
    expect(outbox.append(boxPress(stored))).toBe('repeat')
    expect(outbox.undelivered().count).toBe(stored)
    expect(outbox.confirm({ epoch: outbox.epoch(), upTo: stored })).toBe('advanced')
    while (outbox.trim(true) > 0);
    expect(outbox.append(boxPress(stored + 1))).toBe('stored')
    expect(sequencesOf(outbox.nextBatch(200))).toEqual([stored + 1])
  })

  it('counts nothing that was rolled back', () => {
    const path = join(makeFolder(), 'outbox.sqlite')
    openTestOutbox(path)
    const outbox = openTestOutbox(path, makeHandClock(), { maxPages: 1 })
    let stored = 0
    while (outbox.append(boxPress(stored + 1)) === 'stored') stored += 1
    expect(outbox.held().map(({ last }) => last)).toEqual(stored === 0 ? [] : [stored])
  })
})
