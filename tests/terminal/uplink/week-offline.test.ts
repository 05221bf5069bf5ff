import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'
import { takePort } from '../../support/take-port.ts'

const presses = 35_000
// In memory where that is possible: 35,000 flushes of a disk are not what this is about.
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'smilepost-week-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('a week without a network at 5,000 presses a day takes no memory', { timeout: 240_000 }, async () => {
  const url = `mqtt://127.0.0.1:${await takePort()}`
  const script = join(import.meta.dirname, 'week-offline.mjs')
  const args = ['--expose-gc', script, join(folder, 'outbox.sqlite'), url, String(presses)]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const { grownBytes, waiting, attempts } = JSON.parse(stdout) as Record<string, number>
  process.stdout.write(`week offline: ${stdout}`)
  expect(waiting).toBe(presses)
  expect(attempts).toBeGreaterThan(20)
  // A hundred bytes kept of each press would be three times as much.
  expect(grownBytes).toBeLessThan(1_000_000)
})
