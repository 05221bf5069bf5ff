/** A program that meets the database of a newer one, and of an older one. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, expect, it } from 'vitest'
import { records001 } from '../../src/terminal/outbox/migrations/001-records.ts'
import { openOutbox } from '../../src/terminal/outbox/outbox.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { runSmilepost } from '../support/smilepost-process.ts'
import { makeDraw } from './support/fault-parameters.ts'

const folder = mkdtempSync(join(tmpdir(), 'smilepost-schema-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const draw = makeDraw(1)
const randomHex = (digits: number) =>
  Array.from({ length: digits }, () => Math.floor(draw() * 16).toString(16)).join('')
const clock = { wallMs: () => Date.now(), monoMs: () => 60_000 }
const open = (path: string) => openOutbox({ path, clock, randomHex, logger: silentLogger })
const tick = { kind: 'tick', boot: '0123abcd', monoMs: 1, wallMs: 1 } as const

it('refuses the database of a newer program, says so, and leaves it as it is', async () => {
  const data = join(folder, 'newer')
  const path = join(data, 'outbox.sqlite')
  const outbox = open(path)
  outbox.append(tick)
  outbox.close()
  const db = new Database(path)
  db.pragma('user_version = 99')
  db.close()
  const before = readFileSync(path)
  const config = join(folder, 'terminal.toml')
  writeFileSync(
    config,
    `[terminal]\nid = "kiosk-1"\nsecret = "s"\ndata = "${data}"\n[broker]\nurls = ["mqtt://127.0.0.1:1"]\n[kiosk]\nport = 0\n`,
  )
  const { code, stderr } = await runSmilepost(['terminal', '--config', config])
  expect(code).not.toBe(0)
  expect(stderr).toMatch(/schema 99, this program knows \d+; start the newer program/)
  expect(readFileSync(path).equals(before)).toBe(true)
  expect(readdirSync(data)).not.toContain('quarantine')
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
