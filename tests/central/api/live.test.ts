import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ApiApp } from '../../../src/central/api/api-app.ts'
import { buildApp } from '../../../src/central/api/build-app.ts'
import { type LiveFeed, makeLiveFeed } from '../../../src/central/api/live-feed.ts'
import { openServer, type Server } from '../../../src/central/api/open-server.ts'
import type { LiveCount } from '../../../src/contracts/http/touchpoints.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import { AppError } from '../../../src/shared/errors.ts'
import { makePress, openTempStore, putTouchpoints, storePresses, type TempStore } from '../../support/central-store.ts'
import { openLocalReport } from '../../support/open-local-report.ts'
import { silentLogger } from '../../support/silent-logger.ts'

let temp: TempStore
let live: LiveFeed
let app: ApiApp
let server: Server

async function makeApp(): Promise<ApiApp> {
  const report = openLocalReport({ store: temp.store, clock: systemClock })
  live = makeLiveFeed({ readLive: report.readLive, logger: silentLogger, maxWatchers: 2, beatMs: 200 })
  return buildApp({
    store: temp.store.read,
    report,
    live,
    readLedger: async () => null,
    listTerminals: async () => ({ terminals: [] }),
    readTerminal: async () => null,
    dashboardFolder: temp.folder,
    logger: silentLogger,
    counters: async () => ({}),
  })
}

beforeEach(async () => {
  temp = await openTempStore()
  await putTouchpoints(temp.store, [{ id: 't1' }])
  app = await makeApp()
  server = await openServer(app, { host: '127.0.0.1', port: 0 })
})
afterEach(async () => {
  await server.close()
  await temp.remove()
})

/** A reader of server-sent events over a real socket. */
async function openEvents(touchpoint: string) {
  const abort = new AbortController()
  const answer = await fetch(`${server.url}/api/v1/touchpoints/${touchpoint}/live`, { signal: abort.signal })
  let text = ''
  const ended = (async () => {
    for await (const chunk of answer.body ?? []) text += Buffer.from(chunk).toString()
  })().catch(() => {})
  const counts = () =>
    [...text.matchAll(/^event: live\ndata: (.+)$/gm)].map((match) => JSON.parse(match[1] ?? '') as LiveCount)
  return { answer, counts, text: () => text, ended, close: () => abort.abort() }
}

describe('the live count', () => {
  it('comes at once, and again soon after a commit', async () => {
    const events = await openEvents('t1')
    expect(events.answer.status).toBe(200)
    expect(events.answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(events.answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    await expect.poll(() => events.counts()[0]?.presses).toBe(0)
    const first = makePress({ sequence: 1, utcMs: Date.now() - 1000, value: 3 })
    await storePresses(temp.store, [first])
    live.changed(['t1', 'another'])
    await expect.poll(() => events.counts().at(-1)?.counts, { timeout: 5_000 }).toEqual([1, 0, 0, 0])
    await expect.poll(() => events.text(), { timeout: 5_000 }).toContain(': beat\n\n')
    events.close()
    await expect.poll(() => live.watchers()).toBe(0)
  })

  it('is refused beyond the ceiling, and free again when a page leaves', async () => {
    const [one, two] = [await openEvents('t1'), await openEvents('t1')]
    const three = await openEvents('t1')
    expect(three.answer.status).toBe(503)
    expect(three.answer.headers.get('retry-after')).toBe('30')
    one.close()
    await expect.poll(() => live.watchers()).toBe(1)
    const four = await openEvents('t1')
    expect(four.answer.status).toBe(200)
    for (const events of [two, four]) events.close()
  })

  it('ends when the service stops', async () => {
    const events = await openEvents('t1')
    await expect.poll(() => events.counts().length).toBe(1)
    await server.close()
    await events.ended
    expect(live.watchers()).toBe(0)
  })

  it('does not keep a place for an unknown touchpoint', async () => {
    for (let i = 0; i < 4; i++) expect((await openEvents('nowhere')).answer.status).toBe(404)
    await expect.poll(() => live.watchers()).toBe(0)
  })
})

describe('the server', () => {
  it('says what to do when its address is taken', async () => {
    const port = Number(new URL(server.url).port)
    const failed = await openServer(await makeApp(), { host: '127.0.0.1', port }).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(AppError)
    expect(failed).toMatchObject({ code: 'address-taken', message: expect.stringContaining('http.port') })
  })
})
