/** Doctor on outboxes without a daemon, an installation or a box. Truth is what was appended. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { makeCustodyCheck } from '../../src/cli/doctor/check-custody.ts'
import { makeDiskCheck } from '../../src/cli/doctor/check-disk.ts'
import { makeOutboxCheck } from '../../src/cli/doctor/check-outbox.ts'
import type { Scene } from '../../src/cli/doctor/scene.ts'
import { boxPress, makeFolder, openTestOutbox } from '../terminal/outbox/open-outbox.ts'

/** The scene of a card that has taken these presses of a box. */
function makeScene(sequences: number[]) {
  const folder = makeFolder()
  const path = join(folder, 'outbox.sqlite')
  const outbox = openTestOutbox(path)
  for (const sequence of sequences) outbox.append(boxPress(sequence))
  outbox.close()
  const scene: Scene = {
    ...{ config: null, hasSecret: false, dataFolder: folder, answer: null, box: null, account: null },
    daemon: { kind: 'stopped', port: null },
  }
  return { path, scene }
}
const codesOf = async (check: ReturnType<typeof makeOutboxCheck>) =>
  (await check.run(() => {})).map(({ code, status }) => `${status} ${code}`)

it('takes numbers between two presses of a box for given elsewhere, unless the card has holes', async () => {
  const { scene } = makeScene([1, 2, 3, 7, 8])
  const [finding] = await makeCustodyCheck(scene).run(() => {})
  expect(finding).toMatchObject({ status: 'warn', code: 'between', facts: { missing: 3, acknowledged: 0, here: 5 } })
  expect(finding?.what).toContain('4–6 of box b0c0ffee')
  // What this box gave last it gave nobody else.
  const box = { id: 'b0c0ffee', pressesEver: 10, pending: 1 }
  expect(await codesOf(makeCustodyCheck({ ...scene, box }))).toEqual(['fail missing'])
  mkdirSync(join(scene.dataFolder ?? '', 'quarantine', '2026-01-01T000000-000Z'), { recursive: true })
  expect(await codesOf(makeCustodyCheck(scene))).toEqual(['fail missing'])
  const { path, scene: holed } = makeScene([1, 2, 3, 4])
  const db = new Database(path)
  db.exec('DELETE FROM records WHERE sequence = 2')
  db.close()
  expect(await codesOf(makeCustodyCheck(holed))).toEqual(['fail missing'])
})

it('reads an outbox once', async () => {
  const { path, scene } = makeScene([1, 2])
  expect(await codesOf(makeOutboxCheck(scene))).toEqual(['ok sound'])
  rmSync(path)
  expect(await codesOf(makeCustodyCheck(scene))).toEqual(['ok whole'])
})

it('takes nothing for counted of a damaged database that is not', async () => {
  const { scene } = makeScene([1])
  mkdirSync(join(scene.dataFolder ?? '', 'quarantine', '2026-01-01T000000-000Z'), { recursive: true })
  const tellOf = async (...told: { salvaged: number | null; missing: number | null }[]) => {
    const quarantined = told.map((one) => ({ at: null, ...one }))
    const storage = { refusing: false, ballast: 'none', quarantined, schemaCopies: 0 }
    const daemon = { kind: 'running', state: { storage } } as unknown as Scene['daemon']
    const findings = await makeDiskCheck({ ...scene, daemon }).run(() => {})
    return findings.find(({ code }) => code === 'quarantined')?.what
  }
  expect(await tellOf({ salvaged: 7, missing: 2 })).toContain(
    '7 records were read of what the daemon knows, 2 records are missing.',
  )
  expect(await tellOf({ salvaged: 7, missing: null })).toContain('how many are missing is not known yet')
  expect(await tellOf({ salvaged: null, missing: null })).toContain(
    'how many are missing is not known yet, 1 could not be read',
  )
  expect(await tellOf({ salvaged: 7, missing: 2 }, { salvaged: 1, missing: null })).toContain(
    'at least 2 records are missing',
  )
})
