/** Backups are of one moment, whole, checked, and never in the way; a restore changes nothing unless it can do it all. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { adoptRestored } from '../../src/central/store/backup/adopt-restored.ts'
import { holdDataFolder } from '../../src/central/store/backup/hold-data-folder.ts'
import { summariseDatabase } from '../../src/central/store/backup/summarise-database.ts'
import type { Store } from '../../src/central/store/port.ts'
import { latestSchema } from '../../src/central/store/sqlite/migrations.ts'
import { openSqliteStore } from '../../src/central/store/sqlite/open-sqlite-store.ts'
import { type Backup, findBackup, pruneBackups } from '../../src/cli/backup/backup-folders.ts'
import { makeBackup } from '../../src/cli/backup/make-backup.ts'
import { type Manifest, manifestName } from '../../src/cli/backup/manifest.ts'
import { restoreBackup } from '../../src/cli/backup/restore-backup.ts'
import type { Subject } from '../../src/cli/backup/subjects.ts'
import { makePress, putTouchpoints, storePresses } from '../support/central-store.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { runSmilepost, startSmilepost } from '../support/smilepost-process.ts'
import { boxPress, openTestOutbox } from '../terminal/outbox/open-outbox.ts'

const startMs = Date.parse('2025-03-03T08:00:00Z')
let folder: string
let subject: Subject
let store: Store

const open = () => openSqliteStore({ path: subject.path, logger: silentLogger })
const dir = () => join(folder, 'backups')
const backUp = () => makeBackup({ subject, dir: dir(), keep: null, onProgress: () => {} })
const restore = (backup: Backup = findBackup(dir(), 'central')) =>
  restoreBackup({ subject, backup, nowMs: Date.now(), adopt: adoptRestored })
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

async function press(from: number, count: number): Promise<void> {
  await storePresses(
    store,
    Array.from({ length: count }, (_, i) => makePress({ sequence: from + i, utcMs: startMs + (from + i) * 1_000 })),
  )
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'smilepost-backup-'))
  const data = join(folder, 'data')
  subject = {
    ...{ of: 'central', path: join(data, 'central.sqlite'), folder: data, file: 'central.sqlite' },
    ...{ schema: latestSchema, summarise: summariseDatabase },
  }
  store = await open()
  await putTouchpoints(store, [{ id: 't1' }])
  await press(1, 100)
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('a backup', () => {
  it('shows one moment, however much is written while it is made', async () => {
    for (let from = 101; from < 40_000; from += 2_000) await press(from, 2_000)
    let next = 100_000
    let steps = 0
    let isDone = false
    const writing = (async () => {
      while (!isDone) {
        await press(next, 10)
        next += 10
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    const onProgress = () => {
      steps += 1
    }
    const made = makeBackup({ subject, dir: dir(), keep: null, onProgress })
    const { folder: backup, manifest } = await made.finally(() => {
      isDone = true
    })
    await writing
    expect(steps).toBeGreaterThan(2)
    const rows = manifest.rows.press_row ?? 0
    expect(rows).toBeGreaterThan(40_000)
    expect(rows % 10).toBe(0)
    expect((await store.read.pressSums('t1', 0, 1e15)).length).toBeGreaterThan(0)
    const live = new Sqlite(subject.path, { readonly: true })
    expect(live.prepare<[], number>('SELECT count(*) FROM press_row').pluck().get()).toBeGreaterThan(rows)
    live.close()
    expect(manifest.tallies?.raw).toEqual({ tallied: rows, stored: rows })
    const copy = new Sqlite(join(backup, 'central.sqlite'), { readonly: true })
    expect(copy.prepare('SELECT count(*) FROM press_row').pluck().get()).toBe(rows)
    copy.close()
  }, 60_000)

  it('is for its owner alone, says what it is, and leaves nothing half-made behind', async () => {
    const { folder: backup, manifest } = await backUp()
    expect([modeOf(backup), ...['central.sqlite', manifestName].map((name) => modeOf(join(backup, name)))]).toEqual([
      '700',
      '600',
      '600',
    ])
    expect(readdirSync(backup).sort((a, b) => (a < b ? -1 : 1))).toEqual(['central.sqlite', manifestName])
    expect(readdirSync(dir())).toHaveLength(1)
    expect(manifest).toMatchObject({
      ...{ of: 'central', schema: latestSchema, newestReceivedAtMs: startMs + 100_000 },
      rows: { press_row: 100, terminal: 1, touchpoint: 1 },
      tallies: { raw: { tallied: 100, stored: 100 }, counted: { tallied: 0, stored: 0 } },
    })
  })

  it('of a database that is damaged fails and leaves no folder that looks like one', async () => {
    await store.close()
    const bytes = readFileSync(subject.path)
    bytes.fill(0xa5, 3 * 4096, 6 * 4096)
    writeFileSync(subject.path, bytes)
    await expect(backUp()).rejects.toMatchObject({ code: expect.stringMatching(/^backup-(failed|damaged)$/) })
    expect(readdirSync(dir())).toEqual([])
  })

  it('of nothing, or into what is no folder, fails with a sentence', async () => {
    writeFileSync(dir(), 'a file')
    await expect(backUp()).rejects.toMatchObject({ code: 'backup-failed', message: expect.stringContaining(dir()) })
    rmSync(dir())
    const missing = { ...subject, path: join(folder, 'nowhere', 'central.sqlite') }
    await expect(makeBackup({ subject: missing, dir: dir(), keep: null, onProgress: () => {} })).rejects.toMatchObject({
      code: 'backup-failed',
      message: expect.stringContaining('there is no database'),
    })
    expect(readdirSync(dir())).toEqual([])
  })

  it('goes when newer ones are enough, and nothing else does', async () => {
    const first = await backUp()
    const old = ['20200101T000000Z', '20210101T000000Z'].map((stamp) => join(dir(), `smilepost-central-${stamp}`))
    for (const path of old) cpSync(first.folder, path, { recursive: true })
    writeFileSync(join(dir(), 'notes.txt'), 'mine')
    expect(pruneBackups(dir(), 'central', 2)).toEqual([old[0]])
    expect(findBackup(dir(), 'central').folder).toBe(first.folder)
    expect(existsSync(join(dir(), 'notes.txt'))).toBe(true)
  })
})

describe('a restore', () => {
  it('brings the backup back, keeps the database before, and names terminals that came later', async () => {
    await backUp()
    const { rev } = await store.read.catalogue()
    await press(101, 50)
    await store.transact((writer) => writer.putTerminal({ id: 'late', secretHash: 'x', createdAtMs: 0, name: 'late' }))
    await store.close()
    const { aside, notes } = await restore()
    expect(notes).toEqual(['late'])
    const before = new Sqlite(aside ?? '', { readonly: true })
    expect(before.prepare('SELECT count(*) FROM press_row').pluck().get()).toBe(150)
    before.close()
    expect(modeOf(subject.path)).toBe('600')
    store = await open()
    expect(await store.read.pressesBetween('t1', 0, 1e15)).toHaveLength(100)
    // Terminals take a higher revision for the newer one.
    expect((await store.read.catalogue()).rev).toBeGreaterThan(rev + 1)
    await press(101, 1)
  })

  it('is refused while a program has the database open or the folder is held, and changes nothing', async () => {
    await backUp()
    await expect(restore()).rejects.toMatchObject({ code: 'central-running' })
    await store.close()
    const held = holdDataFolder(subject.folder, 0)
    expect(() => holdDataFolder(subject.folder, 0)).toThrow('a central or a restore is at work')
    held.release()
    holdDataFolder(subject.folder, 0).release()
    store = await open()
    expect(await store.read.pressesBetween('t1', 0, 1e15)).toHaveLength(100)
    expect(readdirSync(subject.folder).filter((name) => name.includes('restor'))).toEqual([])
  })

  const change = (backup: Backup, part: Partial<Manifest>): Backup => ({
    ...backup,
    manifest: { ...backup.manifest, ...part },
  })
  const faults: [string, (backup: Backup) => Backup, string][] = [
    ['a newer schema', (backup) => change(backup, { schema: latestSchema + 1 }), 'database-too-new'],
    ['another hash', (backup) => change(backup, { sha256: '0'.repeat(64) }), 'backup-damaged'],
    [
      'other counts',
      (backup) => change(backup, { rows: { ...backup.manifest.rows, press_row: 99 } }),
      'backup-damaged',
    ],
    [
      'a flipped byte',
      (backup) => {
        const path = join(backup.folder, 'central.sqlite')
        const bytes = readFileSync(path)
        bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
        writeFileSync(path, bytes)
        return backup
      },
      'backup-damaged',
    ],
    [
      'a file cut short',
      (backup) => {
        const path = join(backup.folder, 'central.sqlite')
        writeFileSync(path, readFileSync(path).subarray(0, -4096))
        return backup
      },
      'backup-damaged',
    ],
  ]
  it.each(faults)('of a backup with %s is refused, and changes nothing', async (_, spoil, code) => {
    const backup = await backUp()
    await store.close()
    const before = readFileSync(subject.path)
    await expect(restore(spoil(backup))).rejects.toMatchObject({ code })
    expect(readFileSync(subject.path).equals(before)).toBe(true)
    expect(readdirSync(subject.folder)).toEqual(['central.sqlite'])
  })

  it('works where the database before is ruined, and keeps all of it', async () => {
    await backUp()
    await store.close()
    writeFileSync(subject.path, 'rubbish'.repeat(1_000))
    writeFileSync(`${subject.path}-wal`, 'more rubbish')
    const { aside } = await restore()
    expect(readFileSync(aside ?? '', 'utf8')).toContain('rubbish')
    expect(readFileSync(`${aside}-wal`, 'utf8')).toBe('more rubbish')
    expect(existsSync(`${subject.path}-wal`)).toBe(false)
    store = await open()
    expect(await store.read.pressesBetween('t1', 0, 1e15)).toHaveLength(100)
  })

  it('of no backup, or of a terminal, says so', async () => {
    expect(() => findBackup(join(folder, 'nowhere'), 'central')).toThrow('nowhere')
    const { folder: backup } = await backUp()
    expect(() => findBackup(backup, 'terminal')).toThrow('this is the backup of a central')
    expect(() => findBackup(dir(), 'terminal')).toThrow('no complete backup')
  })
})

describe('the command', () => {
  const config = () => {
    const path = join(folder, 'central.toml')
    const data = JSON.stringify(subject.folder)
    writeFileSync(path, `data = ${data}\nhttp.port = 0\nbroker.port = 0\nlog.level = "error"\n`)
    return path
  }

  it('backs a running and a killed central up, and restores only when it is gone', async () => {
    await store.close()
    const args = ['--config', config()]
    const central = startSmilepost(['central', ...args])
    await central.waitForOutput(/^broker /m)
    const first = await runSmilepost(['backup', dir(), '--json', ...args])
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(first.stdout)).toMatchObject({ manifest: { rows: { press_row: 100 } }, removed: [] })
    expect(await runSmilepost(['restore', dir(), ...args])).toMatchObject({
      ...{ code: 1, stdout: '' },
      stderr: expect.stringContaining('a central or a restore is at work'),
    })
    expect(await runSmilepost(['central', ...args])).toMatchObject({ code: 1 })
    await central.end('SIGKILL')
    expect(await runSmilepost(['backup', dir(), '--keep', '1', ...args])).toMatchObject({ code: 0, stderr: '' })
    expect(readdirSync(dir())).toHaveLength(1)
    const restored = await runSmilepost(['restore', dir(), ...args])
    expect(restored).toMatchObject({ code: 0, stderr: '' })
    expect(restored.stdout).toContain('Start the central now')
    store = await open()
    expect(await store.read.pressesBetween('t1', 0, 1e15)).toHaveLength(100)
  }, 60_000)

  it('copies an outbox in use, and does not put one in the place of undelivered presses', async () => {
    const data = join(folder, 'terminal')
    const path = join(data, 'outbox.sqlite')
    const outbox = openTestOutbox(path)
    for (let seq = 1; seq <= 20; seq += 1) outbox.append(boxPress(seq))
    const toml = join(folder, 'terminal.toml')
    writeFileSync(
      toml,
      `[terminal]\nid = "exit-1"\ndata = ${JSON.stringify(data)}\n[broker]\nurls = ["mqtt://127.0.0.1:1883"]\n[survey]\nquestion = "service"\n`,
    )
    const args = ['--terminal', toml]
    const made = await runSmilepost(['backup', dir(), ...args])
    expect(made).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('20 of them undelivered') })
    expect((await runSmilepost(['restore', dir(), ...args])).stderr).toContain('another program has it open')
    const epoch = outbox.epoch()
    outbox.close()
    expect((await runSmilepost(['restore', dir(), ...args])).stderr).toContain('20 records are undelivered')
    expect(await runSmilepost(['restore', dir(), '--leave-undelivered', ...args])).toMatchObject({ code: 0 })
    const restored = openTestOutbox(path)
    expect(restored.undelivered().count).toBe(20)
    restored.append(boxPress(21))
    expect(restored.epoch()).not.toBe(epoch)
  }, 60_000)
})
