import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TSchema } from 'typebox'
import Value from 'typebox/value'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ApiApp } from '../../../src/central/api/api-app.ts'
import { buildApp } from '../../../src/central/api/build-app.ts'
import { type LiveFeed, makeLiveFeed } from '../../../src/central/api/live-feed.ts'
import type { Report } from '../../../src/central/report/open-report.ts'
import { DipReport } from '../../../src/contracts/http/dips.ts'
import { Problem } from '../../../src/contracts/http/problem.ts'
import { Ledger, TerminalItem, TerminalList } from '../../../src/contracts/http/terminals.ts'
import { HourProfile, TouchpointItem, TouchpointList } from '../../../src/contracts/http/touchpoints.ts'
import { openTempStore, putTouchpoints, question, type TempStore } from '../../support/central-store.ts'
import { openLocalReport } from '../../support/open-local-report.ts'
import { silentLogger } from '../../support/silent-logger.ts'

const clock = { wallMs: () => Date.parse('2025-04-28T09:00:00Z'), monoMs: () => 0 }
const ledger: Ledger = {
  pressed: 5,
  stored: 5,
  pending: 0,
  missing: [],
  repeated: 1,
  quarantined: 0,
  refused: 0,
  asOf: null,
}

const terminal: TerminalItem = {
  id: 't1',
  name: 'Exit',
  touchpoint: 't1',
  online: true,
  lastSeenAt: null,
  lastPressAt: null,
  unacknowledged: 0,
  box: null,
  versions: {},
}

let temp: TempStore
let report: Report
let live: LiveFeed
let app: ApiApp

async function openApp(dashboardFolder: string): Promise<ApiApp> {
  return buildApp({
    store: temp.store.read,
    report,
    live,
    readLedger: async (id) => (id === 't1' ? ledger : null),
    readTerminal: async (id) => (id === 't1' ? terminal : null),
    listTerminals: async () => ({ terminals: [terminal], comparison: null }),
    dashboardFolder,
    logger: silentLogger,
    counters: async () => ({ ingest: { presses: 3, 'bad "hash"': 1 } }),
  })
}

beforeEach(async () => {
  temp = await openTempStore()
  await putTouchpoints(temp.store, [{ id: 't1' }])
  await temp.store.transact((writer) =>
    writer.changeTallies([
      {
        touchpoint: 't1',
        question,
        localDate: '2025-04-20',
        hour: 10,
        offsetMinutes: 180,
        class: 'counted',
        value: 3,
        delta: 4,
      },
    ]),
  )
  report = openLocalReport({ store: temp.store, clock })
  live = makeLiveFeed({ readLive: report.readLive, logger: silentLogger, maxWatchers: 2 })
  const dashboard = join(temp.folder, 'dashboard')
  mkdirSync(join(dashboard, 'assets'), { recursive: true })
  writeFileSync(join(dashboard, 'index.html'), '<!doctype html><title>Smilepost</title>')
  writeFileSync(join(dashboard, 'assets', 'page-abc123.js'), 'export {}')
  app = await openApp(dashboard)
})
afterEach(async () => {
  await app.close()
  await temp.remove()
})

async function expectProblem(url: string, status: number, detail: RegExp, headers: Record<string, string> = {}) {
  const answer = await app.inject({ url, headers })
  expect({ url, status: answer.statusCode, type: answer.headers['content-type'] }).toEqual({
    url,
    status,
    type: expect.stringMatching(/^application\/problem\+json/),
  })
  expect([...Value.Errors(Problem, answer.json())]).toEqual([])
  expect(answer.json().detail).toMatch(detail)
}

describe('the API', () => {
  it.each<[string, TSchema]>([
    ['/api/v1/touchpoints', TouchpointList],
    ['/api/v1/touchpoints/t1', TouchpointItem],
    ['/api/v1/touchpoints/t1/hours', HourProfile],
    ['/api/v1/touchpoints/t1/hours?from=2025-04-01&to=2025-04-20&class=raw', HourProfile],
    ['/api/v1/dips', DipReport],
    ['/api/v1/dips?state=confirmed&touchpoint=t1&language=fi', DipReport],
    ['/api/v1/terminals', TerminalList],
    ['/api/v1/terminals/t1', TerminalItem],
    ['/api/v1/terminals/t1/ledger', Ledger],
  ])('answers %s by its schema', async (url, schema) => {
    const answer = await app.inject(url)
    expect(answer.statusCode).toBe(200)
    expect([...Value.Errors(schema, answer.json())]).toEqual([])
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it('answers with the figures of the report', async () => {
    const profile = (await app.inject('/api/v1/touchpoints/t1/hours')).json()
    expect(profile.total).toMatchObject({ presses: 4, counts: [4, 0, 0, 0], index: 100 })
    expect((await app.inject('/api/v1/terminals/t1/ledger')).json()).toEqual(ledger)
  })

  it('refuses what it does not know, with what to do', async () => {
    await expectProblem('/api/v1/touchpoints/nowhere', 404, /GET \/api\/v1\/touchpoints lists/)
    await expectProblem('/api/v1/touchpoints/nowhere/hours', 404, /No touchpoint is called nowhere/)
    await expectProblem('/api/v1/touchpoints/nowhere/live', 404, /No touchpoint is called nowhere/)
    await expectProblem('/api/v1/dips?touchpoint=nowhere', 404, /No touchpoint is called nowhere/)
    await expectProblem('/api/v1/terminals/nowhere', 404, /No terminal is called nowhere; GET/)
    await expectProblem('/api/v1/terminals/nowhere/ledger', 404, /GET \/api\/v1\/terminals lists/)
    await expectProblem('/api/v1/nothing', 404, /the API is at \/api\/v1/)
    await expectProblem('/api/v1/touchpoints/t1/hours?from=yesterday', 400, /from must match pattern/)
    await expectProblem('/api/v1/touchpoints/t1/hours?from=2025-02-30', 400, /not a date/)
    await expectProblem('/api/v1/touchpoints/t1/hours?form=2025-02-03', 400, /unknown querystring parameter form/)
    await expectProblem('/api/v1/dips?state=sad', 400, /state/)
    await expectProblem(`/api/v1/touchpoints/${'x'.repeat(121)}`, 414, /./)
    await expectProblem('/api/v1/touchpoints/%', 400, /./)
  })

  it('says nothing of its inside when it fails itself', async () => {
    report.readDips = async () => {
      throw new Error('secret path /var/lib/central')
    }
    await expectProblem('/api/v1/dips', 500, /^The service failed at this request; its log says more under req-/)
  })

  it('answers under the names of this machine only', async () => {
    for (const host of ['localhost', 'LOCALHOST:8080', '127.0.0.1:8080', '[::1]:8080'])
      expect((await app.inject({ url: '/healthz', headers: { host } })).statusCode).toBe(200)
    for (const host of ['evil.example', 'localhost.evil.example:8080', '127.0.0.1.nip.io', '10.0.0.7', 'a b', '[::2]'])
      await expectProblem('/api/v1/dips', 421, /Open this service as localhost/, { host })
  })
})

describe('operation', () => {
  it('is alive, ready, and not ready once the store fails', async () => {
    expect((await app.inject('/healthz')).json()).toEqual({ status: 'ok' })
    expect((await app.inject('/readyz')).json()).toEqual({ status: 'ready' })
    await temp.store.close()
    await expectProblem('/readyz', 503, /database/)
  })

  it('counts in the Prometheus text format', async () => {
    await app.inject('/api/v1/nothing')
    const answer = await app.inject('/metrics')
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    const lines = answer.body.trimEnd().split('\n')
    expect(lines).toContain('# TYPE smilepost_ingest_events_total counter')
    expect(lines).toContain('smilepost_ingest_events_total{event="presses"} 3')
    expect(lines).toContain('smilepost_ingest_events_total{event="bad \\"hash\\""} 1')
    expect(lines).toContain('smilepost_http_events_total{event="4xx"} 1')
    expect(lines).toContain('smilepost_labels_dirty_hours 0')
    expect(
      lines.filter((line) => !/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{event="(\\.|[^"\\])*"\})? \d+)$/.test(line)),
    ).toEqual([])
  })
})

describe('the dashboard', () => {
  it('is served at its own paths, strictly', async () => {
    for (const url of ['/', '/touchpoints/t1', '/terminals', '/terminals/t1']) {
      const answer = await app.inject(url)
      expect({ url, status: answer.statusCode }).toEqual({ url, status: 200 })
      expect(answer.body).toContain('<title>Smilepost')
      expect(answer.headers['cache-control']).toBe('no-cache')
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
      expect(answer.headers['x-content-type-options']).toBe('nosniff')
    }
    const asset = await app.inject('/assets/page-abc123.js')
    expect(asset.headers['cache-control']).toContain('immutable')
    await expectProblem('/central.sqlite', 404, /./)
    await expectProblem('/../central.sqlite', 404, /./)
    await expectProblem('/assets/..%2f..%2fcentral.sqlite', 404, /./)
  })

  it('says when it was not built', async () => {
    await app.close()
    live = makeLiveFeed({ readLive: report.readLive, logger: silentLogger })
    app = await openApp(join(temp.folder, 'nothing'))
    await expectProblem('/', 503, /npm run build/)
  })
})
