/**
 * A copied SD card: two daemons with one name, one secret and one outbox's past, at one central. Each is a real process. The page's own
 * touch ids are the truth: every press is stored, those after the copy was noticed are in no tally until somebody decides.
 */
import { randomUUID } from 'node:crypto'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openInstallation } from '../support/installation.ts'
import { runSmilepost, waitFor } from '../support/smilepost-process.ts'

type Row = { touch_id: string; class: string | null }

async function touch(kioskUrl: string): Promise<string> {
  const id = randomUUID()
  const answer = await fetch(`${kioskUrl}/api/presses`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id, question: 'service', surveyRevision: 1, value: 2, ageMs: 0 }),
  })
  if (!answer.ok) throw new Error(`the page refused a press: ${answer.status} ${await answer.text()}`)
  return id
}

it('a copied card is noticed, and its presses are kept and not tallied until somebody decides', async () => {
  const installation = await openInstallation()
  const read = () => installation.readCentral<Row>("SELECT touch_id, class FROM press WHERE source = 'touch'")
  const stored = (ids: readonly string[]) => read().filter(({ touch_id }) => ids.includes(touch_id))
  try {
    await installation.startCentral()
    const original = await installation.startTerminal()
    const before = [await touch(original.kioskUrl), await touch(original.kioskUrl)]
    await waitFor(
      'presses from before the copy',
      20_000,
      () => stored(before).every(({ class: it }) => it === 'raw') && stored(before).length === 2,
    )
    await original.end('SIGTERM')

    const data = join(installation.folder, 'terminal')
    cpSync(data, `${data}-copy`, { recursive: true })
    const copy = await installation.startTerminal('', 'terminal-copy')
    const machines = [await installation.startTerminal(), copy]
    const ledger = async () => {
      const answer = await fetch(`${installation.httpUrl}/api/v1/terminals/kiosk-1/ledger`)
      return (await answer.json()) as { clonedAt: string | null; unplaced: number; conflicts: unknown[] }
    }
    await waitFor('the copy to be noticed', 60_000, async () => (await ledger()).clonedAt !== null)

    const after: string[] = []
    for (const { kioskUrl } of [...machines, ...machines]) after.push(await touch(kioskUrl))
    await waitFor('presses of both machines', 60_000, () => stored(after).length === after.length)
    expect(stored(after).map((row) => row.class)).toEqual(after.map(() => null))
    expect(stored(before)).toHaveLength(2)
    await waitFor('all of them to be timed', 20_000, async () => (await ledger()).unplaced >= after.length)

    await copy.end('SIGTERM')
    const config = join(installation.folder, 'central.toml')
    const settled = await runSmilepost(['terminals', 'clone', 'kiosk-1', '--count', '--config', config, '--json'])
    expect(JSON.parse(settled.stdout)).toEqual({ id: 'kiosk-1', choice: 'count' })
    expect(stored(after).map((row) => row.class)).toEqual(after.map(() => 'raw'))
    expect(await ledger()).toMatchObject({ clonedAt: null, unplaced: 0, conflicts: [] })
    const again = await runSmilepost(['terminals', 'clone', 'kiosk-1', '--count', '--config', config])
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('no terminal of this name is known')])
  } finally {
    await installation.close()
  }
}, 150_000)
