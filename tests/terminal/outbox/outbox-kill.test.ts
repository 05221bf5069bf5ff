import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { makeFolder } from './open-outbox.ts'

const child = join(import.meta.dirname, 'append-forever.mjs')
const build = join(import.meta.dirname, '../../../dist/src/terminal/outbox/outbox.js')

/** Lets a process append from `from` on, kills it without warning, and gives back what it had called stored. */
async function appendUntilKilled(path: string, from: number, enough: number): Promise<number[]> {
  const appending = spawn(process.execPath, [child, path, String(from)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  appending.stdout.on('data', (text) => {
    said += text
    if (said.split('\n').length > enough) appending.kill('SIGKILL')
  })
  const [, signal] = await once(appending, 'close')
  expect(signal).toBe('SIGKILL')
  return said.slice(0, said.lastIndexOf('\n')).split('\n').map(Number)
}

it('has every press it called stored after kill -9, once each, in three epochs without holes', async () => {
  if (!existsSync(build)) throw new Error('dist/ is missing: npm run build')
  const path = join(makeFolder(), 'outbox.sqlite')
  const acknowledged: number[] = []
  for (const enough of [40, 90, 140]) {
    acknowledged.push(...(await appendUntilKilled(path, (acknowledged.at(-1) ?? 0) + 1, enough)))
  }
  const db = new Database(path, { readonly: true })
  const stored = db.prepare('SELECT box_seq FROM records ORDER BY box_seq').pluck().all() as number[]
  const holes = db
    .prepare(
      'SELECT epoch FROM epochs e WHERE next - 1 <> (SELECT COUNT(*) FROM records r WHERE r.ordinal = e.ordinal)',
    )
    .all()
  expect(acknowledged.length).toBeGreaterThanOrEqual(270)
  expect(stored).toEqual(expect.arrayContaining(acknowledged))
  expect(new Set(stored).size).toBe(stored.length)
  expect(holes).toEqual([])
  expect(db.prepare('SELECT COUNT(*) FROM epochs').pluck().get()).toBe(3)
  db.close()
})
