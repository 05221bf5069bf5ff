/** What pages and monitoring are told of the comparison, by a central that has started since. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseCentralConfig } from '../../../src/central/config.ts'
import { startCentral } from '../../../src/central/main.ts'
import { openTempStore, putTouchpoints, type TempStore } from '../../support/central-store.ts'
import { silentLogger } from '../../support/silent-logger.ts'

let temp: TempStore
beforeEach(async () => {
  temp = await openTempStore()
  await putTouchpoints(temp.store, [{ id: 't1' }])
})
afterEach(() => temp.remove())

async function askStarted(): Promise<{ list: object; item: object; metrics: string }> {
  const config = parseCentralConfig(
    `data = ${JSON.stringify(temp.folder)}\nhttp.port = 0\nbroker.port = 0\nlog.level = "error"`,
    'test',
  )
  const central = await startCentral({ config, logger: silentLogger })
  const get = (path: string) => fetch(central.httpUrl + path)
  try {
    return {
      list: (await (await get('/api/v1/terminals')).json()) as object,
      item: (await (await get('/api/v1/terminals/t1')).json()) as object,
      metrics: await (await get('/metrics')).text(),
    }
  } finally {
    await central.stop()
  }
}

describe('a central that has just started', () => {
  it('claims nothing before the first comparison', async () => {
    const { list, item, metrics } = await askStarted()
    expect(list).toMatchObject({ comparison: null, terminals: [item] })
    expect(metrics).toContain('smilepost_upkeep_compared_timestamp_seconds 0\n')
    expect(metrics).not.toContain('smilepost_upkeep_differing_days')
  })

  it('tells of the one before it started', async () => {
    const atMs = Date.parse('2026-03-01T03:00:07Z')
    await temp.store.transact((writer) => writer.noteCompared({ atMs, differences: 2 }))
    const { list, metrics } = await askStarted()
    expect(list).toMatchObject({ comparison: { at: '2026-03-01T03:00:07.000Z', differences: 2 } })
    expect(metrics).toContain(`smilepost_upkeep_compared_timestamp_seconds ${atMs / 1_000}\n`)
    expect(metrics).toContain('smilepost_upkeep_differing_days 2\n')
  })
})
