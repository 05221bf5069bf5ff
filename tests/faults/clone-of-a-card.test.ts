/**
 * A copied SD card: two daemons with one name, one secret and one outbox's past, at one central. Each is a real process. The page's own
 * touch ids are the truth: every press is stored, those after the copy was noticed are in no tally until somebody decides.
 */
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { openInstallation } from '../support/installation.ts'
import { runSmilepost, waitFor } from '../support/smilepost-process.ts'
import { faultScale } from './support/fault-parameters.ts'
import { faultRow } from './support/fault-row.ts'
import { fetchLedger, fetchSettledLedger } from './support/read-ledger.ts'
import { touchPage } from './support/touch-page.ts'

type Row = { touch_id: string; value: number; class: string | null }

faultRow('cloned card', 300, async ({ draw, close }) => {
  const installation = await openInstallation()
  const read = () => installation.readCentral<Row>("SELECT touch_id, value, class FROM press WHERE source = 'touch'")
  const stored = (ids: readonly string[]) => read().filter(({ touch_id }) => ids.includes(touch_id))
  try {
    await installation.startCentral()
    const original = await installation.startTerminal()
    const values = new Map<string, number>()
    const press = async (kioskUrl: string) => {
      const value = Math.floor(draw() * 4)
      const id = await touchPage(kioskUrl, value)
      values.set(id, value)
      return id
    }
    const some = () => Math.max(2, Math.round((2 + draw() * 4) * faultScale))
    const before: string[] = []
    for (let i = some(); i > 0; i -= 1) before.push(await press(original.kioskUrl))
    await waitFor(
      'presses from before the copy',
      60_000,
      () => stored(before).filter((row) => row.class === 'raw').length === before.length,
    )
    await original.end('SIGTERM')

    const data = join(installation.folder, 'terminal')
    cpSync(data, `${data}-copy`, { recursive: true })
    const copy = await installation.startTerminal('', 'terminal-copy')
    const machines = [await installation.startTerminal(), copy]
    const ledger = () => fetchLedger(installation.httpUrl, 'kiosk-1')
    await waitFor('the copy to be noticed', 60_000, async () => (await ledger()).clonedAt != null)

    const after: string[] = []
    for (let i = some(); i > 0; i -= 1) for (const { kioskUrl } of machines) after.push(await press(kioskUrl))
    await waitFor('presses of both machines', 60_000, () => stored(after).length === after.length)
    expect(stored(after).map((row) => row.class)).toEqual(after.map(() => null))
    expect(stored(before)).toHaveLength(before.length)
    await waitFor('all of them to be timed', 60_000, async () => ((await ledger()).unplaced ?? 0) >= after.length)

    await copy.end('SIGTERM')
    const config = join(installation.folder, 'central.toml')
    const settled = await runSmilepost(['terminals', 'clone', 'kiosk-1', '--count', '--config', config, '--json'])
    expect(JSON.parse(settled.stdout)).toEqual({ id: 'kiosk-1', choice: 'count' })
    expect(stored(after).map((row) => row.class)).toEqual(after.map(() => 'raw'))
    expect(await ledger()).toMatchObject({ clonedAt: null, unplaced: 0, conflicts: [] })
    const again = await runSmilepost(['terminals', 'clone', 'kiosk-1', '--count', '--config', config])
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('no terminal of this name is known')])

    const rows = read()
    expect(rows).toHaveLength(values.size)
    expect(new Map(rows.map((row) => [row.touch_id, row.value]))).toEqual(values)
    const sums = installation.readCentral(
      "SELECT sum(n0) AS n0, sum(n1) AS n1, sum(n2) AS n2, sum(n3) AS n3 FROM cell_tally WHERE class = 'raw'",
    )
    const made = [0, 1, 2, 3].map((value) => [`n${value}`, [...values.values()].filter((it) => it === value).length])
    expect(sums).toEqual([Object.fromEntries(made)])
    const faults = { 'machines of one name': machines.length, 'pressed on both': after.length }
    close({
      pressed: values.size,
      faults,
      ledgers: [await fetchSettledLedger(installation.httpUrl, 'kiosk-1', values.size)],
    })
  } finally {
    await installation.close()
  }
})
