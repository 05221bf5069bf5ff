/** What a card and a power cut can do to the outbox's folder that its ordinary tests don't. Truth is what was appended. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { makeBallast } from '../../../src/terminal/outbox/ballast.ts'
import { type Outbox, openOutbox } from '../../../src/terminal/outbox/outbox.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { boxPress, exchange, makeFolder, makeHandClock, openTestOutbox, randomHex, touchPress } from './open-outbox.ts'

const pageBytes = 4096
const presses = 600

/** Presses 1 … 600 of one box, `checkpointed` of them in the file and the rest in its WAL, as a power cut leaves it. */
function makeCutOff(checkpointed: number): string {
  const live = join(makeFolder(), 'outbox.sqlite')
  const path = join(makeFolder(), 'outbox.sqlite')
  const outbox = openTestOutbox(live)
  for (let seq = 1; seq <= presses; seq += 1) {
    expect(outbox.append(boxPress(seq))).toBe('stored')
    if (seq === checkpointed) outbox.flush()
  }
  for (const suffix of ['', '-wal']) copyFileSync(live + suffix, path + suffix)
  return path
}

function damage(path: string, from: number, to = from + pageBytes): void {
  const bytes = readFileSync(path)
  bytes.fill(0xa5, from, to)
  writeFileSync(path, bytes)
}

/** Pages at which a table and its indexes begin. */
function listRoots(path: string, table: string): number[] {
  const db = new Database(path, { readonly: true })
  const roots = db.prepare('SELECT rootpage FROM sqlite_master WHERE tbl_name = ?').pluck().all(table) as number[]
  db.close()
  return roots
}

/** Lets a central take everything. @returns presses of the box, and how many records were said to be lost */
function deliver(outbox: Outbox): { seqs: number[]; lost: number } {
  const seqs: number[] = []
  let lost = 0
  for (let batch = outbox.nextBatch(200); batch; batch = outbox.nextBatch(200)) {
    for (const record of batch.records) if ('boxSeq' in record) seqs.push(record.boxSeq)
    for (const { from, to } of batch.lost) lost += to - from + 1
    const upTo = batch.lost[0]?.to ?? batch.records.at(-1)?.sequence ?? 0
    expect(outbox.confirm({ epoch: batch.epoch, upTo })).not.toBe('full')
  }
  return { seqs: seqs.sort((a, b) => a - b), lost }
}

const all = Array.from({ length: presses }, (_, i) => i + 1)

describe('the first page of the database destroyed', () => {
  it('costs nothing where the WAL has it, nor where it has not: the rows stand on other pages', () => {
    for (const checkpointed of [1, 300, presses]) {
      const path = makeCutOff(checkpointed)
      damage(path, 0)
      const outbox = openTestOutbox(path)
      expect(deliver(outbox)).toEqual({ seqs: all, lost: 0 })
      expect(outbox.lastBoxSeq('b0c0ffee')).toBe(presses)
      outbox.close()
    }
  })

  it('keeps the counters that have no rows any more', () => {
    const path = join(makeFolder(), 'outbox.sqlite')
    const first = openTestOutbox(path)
    for (let i = 1; i <= 20; i += 1) {
      first.append(touchPress(`8d6f0a52-0000-4000-8000-0000000000${i + 10}`))
      first.append(boxPress(i))
    }
    deliver(first)
    while (first.trim(true) > 0);
    first.close()
    damage(path, 0)
    const outbox = openTestOutbox(path)
    expect([outbox.touchIssued(), outbox.lastBoxSeq('b0c0ffee')]).toEqual([20, 20])
  })
})

describe('the pages of the rows destroyed, and not those of the index over them', () => {
  function destroyRows(change: (bytes: Buffer) => void = () => undefined): string {
    const path = makeCutOff(presses)
    const bytes = readFileSync(path)
    for (let at = 0; at < bytes.length; at += pageBytes) {
      if (bytes.subarray(at, at + pageBytes).includes('"question"')) bytes.fill(0xa5, at, at + pageBytes)
    }
    change(bytes)
    writeFileSync(path, bytes)
    rmSync(`${path}-wal`, { force: true })
    return path
  }

  it('leave it known how far the box had come, or it would be taken for one set back', () => {
    const outbox = openTestOutbox(destroyRows())
    expect(deliver(outbox).seqs).toEqual([])
    expect(outbox.lastBoxSeq('b0c0ffee')).toBe(presses)
  })

  it('believe no number that one damaged byte has raised, or the box could press no more', () => {
    const numberOf = (seq: number) => Buffer.concat([Buffer.from('b0c0ffee'), Buffer.from([seq >> 8, seq & 0xff])])
    const outbox = openTestOutbox(
      destroyRows((bytes) => {
        const at = bytes.indexOf(numberOf(presses))
        expect(at).toBeGreaterThan(0)
        numberOf(presses + 0x4000).copy(bytes, at)
      }),
    )
    expect(outbox.lastBoxSeq('b0c0ffee')).toBe(presses - 1)
  })
})

it('goes on with nothing where nothing at all can be read, keeps the file, and says so', () => {
  const path = makeCutOff(presses)
  damage(path, 0, statSync(path).size)
  rmSync(`${path}-wal`)
  const outbox = openTestOutbox(path)
  expect(outbox.append(boxPress(presses + 1))).toBe('stored')
  expect(deliver(outbox).seqs).toEqual([presses + 1])
  const { quarantined, isRefusing } = outbox.storage()
  expect(isRefusing).toBe(false)
  expect(quarantined).toMatchObject([{ atMs: 1_700_000_000_000, salvaged: 0 }])
})

it.each([0, 1, 2])('finishes a move that was killed after %i files', (moved) => {
  const path = makeCutOff(300)
  damage(path, pageBytes * 3)
  const into = join(path, '../quarantine/2023-11-14T221320-000Z.moving')
  mkdirSync(into, { recursive: true })
  for (const suffix of ['', '-wal'].slice(0, moved)) renameSync(path + suffix, join(into, `outbox.sqlite${suffix}`))
  const outbox = openTestOutbox(path)
  const { seqs, lost } = deliver(outbox)
  // One page of the file is gone, but nothing of the WAL.
  expect(seqs.filter((seq) => seq > 300)).toEqual(all.slice(300))
  expect(seqs.length + lost).toBeGreaterThanOrEqual(presses)
  expect(new Set(seqs).size).toBe(seqs.length)
  expect(readdirSync(join(path, '../quarantine'))).toEqual(['2023-11-14T221320-000Z'])
})

/** Opens the outbox in a process of its own, and kills it when `isTime`. @returns whether it was killed before it was done */
async function openAndKill(path: string, isTime: () => boolean): Promise<boolean> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'append-forever.mjs'), path, '5000'], {
    stdio: 'pipe',
  })
  let said = ''
  child.stdout.on('data', (text) => {
    said += text
  })
  const gone = once(child, 'exit')
  const look = setInterval(() => isTime() && child.kill('SIGKILL'), 1)
  await Promise.race([gone, new Promise((resolve) => child.stdout.once('data', resolve))])
  child.kill('SIGKILL')
  clearInterval(look)
  await gone
  return said === ''
}

it('is neither less nor twice after kill -9 in the midst of the salvage, however often', {
  timeout: 60_000,
}, async () => {
  const path = makeCutOff(presses)
  damage(path, pageBytes * 4)
  const quarantine = join(path, '../quarantine')
  const listMoved = () => (existsSync(quarantine) ? readdirSync(quarantine) : []).filter((name) => !name.includes('.'))
  const countTries = () =>
    listMoved().flatMap((name) => readdirSync(join(quarantine, name)).filter((file) => file.startsWith('salvage-')))
      .length
  let killed = 0
  for (let round = 0; round < 4; round += 1) {
    const tries = countTries()
    killed += Number(await openAndKill(path, () => countTries() > tries))
  }
  const outbox = openTestOutbox(path)
  // Two starts in vain are enough for a start; the hourly tidying tries on.
  outbox.tidy(false)
  const { seqs, lost } = deliver(outbox)
  expect([killed, countTries()]).toEqual([2, 3])
  expect(new Set(seqs).size).toBe(seqs.length)
  expect(seqs.filter((seq) => seq <= presses).length).toBeGreaterThan(presses / 2)
  expect(seqs.filter((seq) => seq <= presses).length + lost).toBeGreaterThanOrEqual(presses)
  expect(outbox.storage().quarantined).toHaveLength(1)
})

describe('what was moved aside', () => {
  const dayMs = 86_400_000

  /** An outbox whose database was found damaged `count` times, and everything of it delivered. */
  function openAfterDamage(count: number) {
    const clock = makeHandClock()
    const path = join(makeFolder(), 'outbox.sqlite')
    for (let i = 0; i < count; i += 1) {
      const outbox = openTestOutbox(path, clock)
      outbox.append(boxPress(i + 1))
      outbox.close()
      damage(path, 0)
      clock.nowMs += 1000
    }
    const outbox = openTestOutbox(path, clock)
    const names = () => readdirSync(join(path, '../quarantine'))
    const pass = (days: number) => {
      clock.nowMs += days * dayMs
      outbox.append(exchange(clock))
      outbox.tidy(false)
    }
    return { outbox, names, pass, clock, path }
  }

  it('stays until the central has all of it, then 30 days, and the newest three for good', () => {
    const { outbox, names, pass, clock } = openAfterDamage(5)
    clock.nowMs += 1000 * dayMs
    outbox.tidy(false)
    expect(names(), 'nobody has told the time').toHaveLength(5)
    pass(0)
    pass(40)
    expect(names(), 'undelivered').toHaveLength(5)
    expect(deliver(outbox).seqs).toEqual([1, 2, 3, 4, 5])
    const before = names()
    outbox.tidy(false)
    expect(names()).toEqual(before.slice(2))
    pass(400)
    expect(names()).toEqual(before.slice(2))
  })

  it('goes one by one where room is short, but never what may hold a press that is nowhere else', () => {
    const { outbox, names } = openAfterDamage(2)
    outbox.tidy(true)
    expect(names()).toHaveLength(2)
    deliver(outbox)
    outbox.tidy(true)
    expect(names()).toHaveLength(1)
    const path = makeCutOff(presses)
    damage(path, pageBytes * 4)
    const holed = openTestOutbox(path)
    expect(deliver(holed).lost).toBeGreaterThan(0)
    expect(holed.storage().quarantined[0]?.missing).toBeGreaterThan(0)
    holed.tidy(true)
    expect(holed.storage().quarantined).toHaveLength(1)
  })

  it('goes although the disk does not even take the note of when it was found', () => {
    const { outbox, names, clock, path } = openAfterDamage(2)
    deliver(outbox)
    outbox.append(exchange(clock))
    const db = new Database(path)
    db.exec("CREATE TRIGGER shut BEFORE INSERT ON notes BEGIN SELECT RAISE(ABORT, 'no room'); END")
    db.close()
    expect(() => outbox.tidy(true)).toThrow('no room')
    expect(names()).toHaveLength(1)
  })

  it('stays where nothing of it could be read, or not how far it went: it may be the only copy', () => {
    const unreadable = makeCutOff(presses)
    damage(unreadable, 0, statSync(unreadable).size)
    const beheaded = makeCutOff(presses)
    for (const root of listRoots(beheaded, 'epochs')) damage(beheaded, (root - 1) * pageBytes)
    for (const path of [unreadable, beheaded]) {
      rmSync(`${path}-wal`)
      const outbox = openTestOutbox(path)
      outbox.append(boxPress(presses + 1))
      expect(deliver(outbox).seqs).toHaveLength(path === beheaded ? presses + 1 : 1)
      outbox.tidy(true)
      expect(outbox.storage().quarantined).toMatchObject([{ missing: null }])
    }
  })
})

it('a file where its folder should be is a wrong configuration, not a crash', () => {
  const folder = makeFolder()
  writeFileSync(join(folder, 'file'), '')
  for (const path of ['file/outbox.sqlite', 'file/deeper/outbox.sqlite']) {
    expect(() =>
      openOutbox({ path: join(folder, path), clock: makeHandClock(), randomHex, logger: silentLogger }),
    ).toThrow(expect.objectContaining({ code: 'config-invalid', message: expect.stringContaining('terminal.data') }))
  }
})

describe('a ballast', () => {
  const bytes = 2 ** 21
  const make = () => {
    const path = join(makeFolder(), 'ballast')
    return { path, ballast: makeBallast({ path, bytes, logger: silentLogger }) }
  }

  it.each([0, 1, 2 ** 20, bytes - 1])('of which a kill has left %i bytes is made whole', async (left) => {
    const { path, ballast } = make()
    await ballast.restore()
    expect([statSync(path).size, ballast.state()]).toEqual([bytes, 'held'])
    truncateSync(path, left)
    await ballast.restore()
    expect([statSync(path).size, ballast.isReleased()]).toEqual([bytes, false])
    ballast.release()
    expect([existsSync(path), ballast.state()]).toEqual([false, 'released'])
  })

  it('that can not be made is missed and said once', async () => {
    const warnings: string[] = []
    const logger = { ...silentLogger, warn: (_: object, text: string) => void warnings.push(text) }
    const ballast = makeBallast({ path: join(makeFolder(), 'no-folder', 'ballast'), bytes, logger })
    for (let i = 0; i < 3; i += 1) await ballast.restore()
    expect([warnings.length, ballast.state()]).toEqual([1, 'none'])
  })
})
