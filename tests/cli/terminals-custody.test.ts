/** `smilepost terminals ledger` and `conflicts`: the proof of custody where there is no page. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTempStore, type TempStore } from '../support/central-store.ts'
import { runSmilepost } from '../support/smilepost-process.ts'

const epoch = '00000000000000aa'
const box = '0000beef'
const atMs = Date.parse('2026-06-01T12:00:00Z')
let temp: TempStore
let args: string[] = []

beforeEach(async () => {
  temp = await openTempStore()
  const config = join(temp.folder, 'central.toml')
  writeFileSync(config, `data = "${temp.folder}"\n`)
  args = ['--config', config]
  await temp.store.transact(async (writer) => {
    for (const id of ['till-1', 'till-2']) await writer.putTerminal({ id, secretHash: '', createdAtMs: 0, name: id })
    await writer.setBoxRanges('till-1', box, [{ from: 1, to: 7 }])
    await writer.addLedger('till-1', { stored: 7, repeated: 2, quarantined: 1 })
    await writer.noteBoxTold('till-1', { box, next: 13, pending: 2, atMs })
    await writer.updateTerminalState('till-1', { toldAtMs: atMs, lastSeenAtMs: atMs })
    await writer.insertMissing({ terminal: 'till-1', epoch, from: 8, to: 9, cause: 'trimmed', atMs })
    const contents = { stored: '{"kind":"press","value":1}', arrived: '{"kind":"press","value":3,"box":"0000beef"}' }
    await writer.insertQuarantined({ terminal: 'till-1', epoch, sequence: 4, ...contents, atMs })
  })
})
afterEach(() => temp.remove())

describe('smilepost terminals', () => {
  it('ledger tells of all terminals or of some, in words and as JSON', async () => {
    const all = await runSmilepost(['terminals', 'ledger', ...args])
    expect(all.code).toBe(0)
    expect(all.stdout.split('\n')[0]).toBe(
      'till-1: pressed 12, stored 7, waiting 2, missing 3, put aside 0; as it said at 2026-06-01T12:00:00.000Z',
    )
    expect(all.stdout).toContain('  missing 8–10 (3) of box 0000beef: trimmed, since 2026-06-01T12:00:00.000Z\n')
    expect(all.stdout).toContain('  counted twice 0, came again 2, refused by a full box 0\n')
    expect(all.stdout).toContain('till-2: pressed 0')
    const one = await runSmilepost(['terminals', 'ledger', 'till-1', '--json', ...args])
    expect(JSON.parse(one.stdout)).toMatchObject([{ id: 'till-1', pressed: 12, missing: [{ from: 8, to: 10 }] }])
    expect(await runSmilepost(['terminals', 'ledger', 'nobody', ...args])).toMatchObject({ code: 1, stdout: '' })
  })

  it('conflicts shows both contents and what differs', async () => {
    const { code, stdout } = await runSmilepost(['terminals', 'conflicts', 'till-1', ...args])
    expect(code).toBe(0)
    expect(stdout.split('\n')).toEqual([
      '2026-06-01T12:00:00.000Z  record 4 of epoch 00000000000000aa',
      '  value: 1, later 3',
      '  box: none, later "0000beef"',
      '  stored   {"kind":"press","value":1}',
      '  arrived  {"kind":"press","value":3,"box":"0000beef"}',
      'till-1: 1 records came again with another content. What was stored first counts.',
      '',
    ])
    const json = await runSmilepost(['terminals', 'conflicts', 'till-1', '--json', ...args])
    expect(JSON.parse(json.stdout)).toMatchObject({ id: 'till-1', quarantined: 1, conflicts: [{ sequence: 4 }] })
    const none = await runSmilepost(['terminals', 'conflicts', 'till-2', ...args])
    expect(none).toMatchObject({ code: 0, stdout: 'till-2: no record came twice with different contents.\n' })
    expect(await runSmilepost(['terminals', 'conflicts', 'nobody', ...args])).toMatchObject({ code: 1, stdout: '' })
  })
})
