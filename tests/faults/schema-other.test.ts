/** A program that meets the database of a newer one, and of an older one: the numbered presses in it arrive all the same. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, expect, it } from 'vitest'
import { records001 } from '../../src/terminal/outbox/migrations/001-records.ts'
import { openOutbox } from '../../src/terminal/outbox/outbox.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { runSmilepost, waitFor } from '../support/smilepost-process.ts'
import { faultScale, faultSeed, makeDraw } from './support/fault-parameters.ts'
import { faultRow } from './support/fault-row.ts'
import { openPressedTerminal } from './support/pressed-terminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'smilepost-schema-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const draw = makeDraw(faultSeed)
const randomHex = (digits: number) =>
  Array.from({ length: digits }, () => Math.floor(draw() * 16).toString(16)).join('')
const clock = { wallMs: () => Date.now(), monoMs: () => 60_000 }
const open = (path: string) => openOutbox({ path, clock, randomHex, logger: silentLogger })
const tick = { kind: 'tick', boot: '0123abcd', monoMs: 1, wallMs: 1 } as const

faultRow('schema downgrade', 300, async (row) => {
  const kiosk = await openPressedTerminal()
  const { outbox, installation } = kiosk
  const setSchema = (version: number): number => {
    const db = new Database(outbox)
    const before = Number(db.pragma('user_version', { simple: true }))
    db.pragma(`user_version = ${version}`)
    db.close()
    return before
  }
  try {
    const faults = { 'refused by the older program': 0, 'presses in the newer database': 0 }
    await waitFor('the welcome', 60_000, () => kiosk.terminal().isConnected())
    await kiosk.press(5)
    kiosk.proxy.faults.isMute = true
    await kiosk.press(Math.round((10 + row.draw() * 20) * faultScale))
    faults['presses in the newer database'] = kiosk.pressed.length
    await kiosk.terminal().stop()
    const known = setSchema(99)
    const before = readFileSync(outbox)
    const config = join(installation.folder, 'older.toml')
    const data = JSON.stringify(dirname(outbox))
    writeFileSync(
      config,
      `[terminal]\nid = "kiosk-2"\nsecret = "s"\ndata = ${data}\n[broker]\nurls = ["mqtt://127.0.0.1:1"]\n[kiosk]\nport = 0\n`,
    )
    const { code, stderr } = await runSmilepost(['terminal', '--config', config])
    expect(code).not.toBe(0)
    expect(stderr).toMatch(/schema 99, this program knows \d+; start the newer program/)
    faults['refused by the older program'] += 1
    expect(readFileSync(outbox).equals(before)).toBe(true)
    expect(readdirSync(dirname(outbox))).not.toContain('quarantine')

    // The newer program again.
    setSchema(known)
    kiosk.proxy.faults.isMute = false
    kiosk.proxy.reset()
    await kiosk.restart()
    await waitFor('the welcome', 60_000, () => kiosk.terminal().isConnected())
    await kiosk.press(3)
    await kiosk.finish(row, faults)
  } finally {
    await kiosk.close()
  }
})

it('migrates the database of an older program, and keeps a copy of it for 30 days', () => {
  const path = join(folder, 'older', 'outbox.sqlite')
  mkdirSync(join(folder, 'older'))
  const db = new Database(path)
  db.pragma('auto_vacuum = INCREMENTAL')
  db.pragma('journal_mode = WAL')
  db.exec(records001)
  db.exec(`
    INSERT INTO epochs (epoch, next, confirmed) VALUES ('0123456789abcdef', 4, 1);
    INSERT INTO records (ordinal, sequence, kind, boot, mono_ms, wall_ms, content)
    VALUES (1, 1, 'tick', '0123abcd', 1, 1, '{}'), (1, 2, 'tick', '0123abcd', 2, 2, '{}'), (1, 3, 'tick', '0123abcd', 3, 3, '{}');
    PRAGMA user_version = 1`)
  db.close()
  const outbox = open(path)
  expect(outbox.append(tick)).toBe('stored')
  expect(outbox.nextBatch(200)).toMatchObject({ epoch: '0123456789abcdef', first: 2, lost: [] })
  expect(outbox.undelivered().count).toBe(3)
  outbox.close()
  const copy = `${path}.schema-1`
  const kept = new Database(copy, { readonly: true })
  expect(kept.pragma('user_version', { simple: true })).toBe(1)
  expect(kept.prepare('SELECT count(*) FROM records').pluck().get()).toBe(3)
  kept.close()
  const tidyAtDay = (day: number | null) => {
    const later = open(path)
    const utcMs = 1_800_000_000_000 + (day ?? 0) * 86_400_000
    if (day !== null)
      later.append({ ...tick, ...{ kind: 'anchor', monoMs: clock.monoMs(), utcMs, errorMs: 5, clock: 'exchange' } })
    later.tidy(false)
    later.close()
    return readdirSync(join(folder, 'older'))
  }
  // Days of the central; this machine's clock, which may be decades off, says nothing of a file's age.
  for (const day of [null, 0, 1, 29, null]) expect(tidyAtDay(day)).toContain('outbox.sqlite.schema-1')
  expect(tidyAtDay(31)).not.toContain('outbox.sqlite.schema-1')
})
