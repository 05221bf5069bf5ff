import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, describe, expect, it } from 'vitest'
import { isWalDamaged } from '../../../src/terminal/outbox/wal-frames.ts'

const folder = mkdtempSync(join(tmpdir(), 'smilepost-wal-'))
afterAll(() => rmSync(folder, { recursive: true }))
const frameAt = (index: number) => 32 + index * 4_120

/** A WAL of one round in which each frame is a commit, as a cut leaves it behind that many frames. */
function makeWal(name: string, frames: number): string {
  const path = join(folder, name)
  const db = new Sqlite(path)
  db.pragma('page_size = 4096')
  db.pragma('journal_mode = WAL')
  db.exec('CREATE TABLE t (a)')
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.exec('INSERT INTO t VALUES (0)')
  for (let i = 1; i < 50; i += 1) db.exec(`UPDATE t SET a = ${i}`)
  copyFileSync(`${path}-wal`, `${path}-cut-wal`)
  db.close()
  truncateSync(`${path}-cut-wal`, frameAt(frames))
  return `${path}-cut`
}

function change(path: string, at: number, bytes: readonly number[]): void {
  const wal = readFileSync(`${path}-wal`)
  wal.set(bytes, at)
  writeFileSync(`${path}-wal`, wal)
}

describe('a WAL', () => {
  it('is sound as it was written, and where only the last commit is torn', () => {
    const path = makeWal('last', 40)
    expect(isWalDamaged(path)).toBe(false)
    change(path, frameAt(39) + 100, [1, 2, 3])
    expect(isWalDamaged(path)).toBe(false)
  })

  it('is damaged where flushed commits stand behind a broken frame', () => {
    const path = makeWal('flushed', 40)
    change(path, frameAt(37) + 100, [1, 2, 3])
    expect(isWalDamaged(path)).toBe(true)
  })

  it('takes no commit from a header that lies across two sectors, of which a cut left one of the last round', () => {
    // Of a transaction that was cut off: its end in frame 42, and in frame 41 what the last round had there.
    expect(frameAt(41) % 512).toBe(504)
    const path = makeWal('across', 43)
    change(path, frameAt(41), [0, 0, 0, 18, 0, 0, 0, 18])
    expect(isWalDamaged(path)).toBe(false)
  })
})
