import { mkdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { Check } from 'typebox/value'
import { afterEach, describe, expect, it } from 'vitest'
import { DaemonState, type KioskState, LineState, type TouchPress } from '../../../src/contracts/http/kiosk.ts'
import { makeCounters } from '../../../src/shared/counters.ts'
import { buildKioskApp, type KioskApp, type KioskCounter } from '../../../src/terminal/kiosk-api/kiosk-app.ts'
import { eventually } from '../../support/eventually.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { makeFolder } from '../outbox/open-outbox.ts'

const survey = { question: 'service', revision: 2, scaleMax: 3, texts: [{ language: 'en', text: 'How was it?' }] }
const press: TouchPress = { id: '0123456789abcdef', question: 'service', surveyRevision: 2, value: 3, ageMs: 0 }
const json = { 'content-type': 'application/json' }
const line: LineState = {
  ...{ device: '/dev/ttyUSB0', state: 'down', reason: 'silent for 3000 ms', inStateMs: 12, watchedMs: 90_000 },
  ...{ trouble: { state: 'down', reason: 'silent for 3000 ms', agoMs: 12 }, counters: { 'session-silent': 1 } },
  ...{ lastHello: null, stuckButtons: [2] },
}
const daemon: DaemonState = {
  ...{ terminal: 'kiosk-1', data: '/var/lib/smilepost', upMs: 5000, epoch: '0123456789abcdef' },
  broker: { url: 'mqtt://127.0.0.1:1', welcomed: false, answeredAgoMs: null, failure: null },
  clock: { state: 'unsynchronised', exchange: null },
  storage: { refusing: false, ballast: 'held', quarantined: [], schemaCopies: 0 },
}
const opened: KioskApp[] = []
afterEach(async () => {
  for (const { app } of opened.splice(0)) await app.close()
})

function openKiosk({ isFull = false } = {}) {
  const pagesFolder = makeFolder()
  mkdirSync(join(pagesFolder, 'assets'))
  writeFileSync(join(pagesFolder, 'index.html'), '<!doctype html><title>kiosk</title>')
  writeFileSync(join(pagesFolder, 'assets/page.js'), 'export {}')
  const stored = new Map<string, TouchPress>()
  const state: KioskState = { survey, connected: false }
  const counters = makeCounters<KioskCounter>()
  const kiosk = buildKioskApp({
    ...{ pagesFolder, counters, logger: silentLogger, state: () => state, line: () => line, daemon: () => daemon },
    scaleOf: (question, revision) => (question === 'service' && revision <= 2 ? 3 : null),
    store(one) {
      if (isFull) return 'full'
      if (stored.has(one.id)) return 'repeat'
      stored.set(one.id, one)
      return 'stored'
    },
  })
  opened.push(kiosk)
  const inject = (method: 'GET' | 'POST', url: string, payload?: unknown, headers: Record<string, string> = {}) =>
    kiosk.app.inject({
      ...{ method, url, headers: { host: '127.0.0.1:8082', ...(payload !== undefined && json), ...headers } },
      ...(payload !== undefined && { payload: typeof payload === 'string' ? payload : JSON.stringify(payload) }),
    })
  return { kiosk, inject, stored, state, counters }
}

describe('a touch press', () => {
  it('is stored once and answered alike each time', async () => {
    const { inject, stored } = openKiosk()
    const [first, second] = [await inject('POST', '/api/presses', press), await inject('POST', '/api/presses', press)]
    expect([first.statusCode, first.json()]).toEqual([200, { id: press.id, stored: true }])
    expect([second.statusCode, second.body]).toEqual([200, first.body])
    expect([...stored.values()]).toEqual([press])
  })

  it('of a revision that was shown before still counts', async () => {
    const { inject, stored } = openKiosk()
    expect((await inject('POST', '/api/presses', { ...press, surveyRevision: 1 })).statusCode).toBe(200)
    expect(stored.size).toBe(1)
  })

  it.each([
    ['a value above the scale', { ...press, value: 4 }, 422, /above/],
    ['a question never offered', { ...press, question: 'food' }, 422, /never offered/],
    ['a revision never offered', { ...press, surveyRevision: 3 }, 422, /never offered/],
    ['a value that is no integer', { ...press, value: '3' }, 400, /value/],
    ['a negative value', { ...press, value: -1 }, 400, /value/],
    ['no id', { ...press, id: undefined }, 400, /id/],
    ['an id that is none', { ...press, id: 'me' }, 400, /id/],
    ['an unknown member', { ...press, extra: 1 }, 400, /additional/],
    ['a list', [press], 400, /object/],
    ['half a body', '{"id":', 400, /JSON/],
    ['no body', '', 400, /body/i],
    ['too large a body', { ...press, question: 'x'.repeat(9_000) }, 413, /large/],
  ])('with %s is refused with its reason', async (_name, body, status, detail) => {
    const { inject, stored, kiosk } = openKiosk()
    const response = await inject('POST', '/api/presses', body)
    expect([response.statusCode, response.headers['content-type']]).toEqual([
      status,
      expect.stringContaining('application/problem+json'),
    ])
    expect(response.json()).toMatchObject({ status, detail: expect.stringMatching(detail) })
    expect(stored.size).toBe(0)
    expect((await inject('POST', '/api/presses', press)).statusCode).toBe(200)
    expect(kiosk.app.server.listening).toBe(false)
  })

  it('as plain text, which any page could send, is refused', async () => {
    const { inject, stored } = openKiosk()
    const response = await inject('POST', '/api/presses', JSON.stringify(press), { 'content-type': 'text/plain' })
    expect(response.statusCode).toBe(415)
    expect(stored.size).toBe(0)
  })

  it('is answered 507 while nothing can be stored, so that the page tries again', async () => {
    const { inject } = openKiosk({ isFull: true })
    const response = await inject('POST', '/api/presses', press)
    expect([response.statusCode, response.json().title]).toEqual([507, 'Insufficient Storage'])
  })
})

describe('who may ask', () => {
  it.each([
    ['127.0.0.1:8082', undefined, 200],
    ['localhost', undefined, 200],
    ['[::1]:99', undefined, 200],
    ['127.0.0.1:8082', 'http://127.0.0.1:8082', 200],
    ['evil.example', undefined, 403],
    ['127.0.0.1.evil.example', undefined, 403],
    ['localhost:8082.evil.example', undefined, 403],
    ['127.0.0.1:8082', 'http://evil.example', 403],
    ['127.0.0.1:8082', 'http://127.0.0.1:9999', 403],
    ['127.0.0.1:8082', 'https://127.0.0.1:8082', 403],
    ['127.0.0.1:8082', 'null', 403],
  ])('host %s, origin %s: %i', async (host, origin, status) => {
    const { inject, counters } = openKiosk()
    for (const url of ['/api/kiosk', '/api/line', '/api/daemon', '/', '/nothing-here-but-guarded']) {
      const response = await inject('GET', url, undefined, { host, ...(origin && { origin }) })
      expect(response.statusCode === 403).toBe(status === 403)
    }
    const refused = counters.get('foreign-host') + counters.get('foreign-origin')
    expect(refused).toBe(status === 403 ? 5 : 0)
  })

  it('holds on a real socket, where a request without Host is refused too', async () => {
    const { kiosk } = openKiosk()
    await kiosk.app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = kiosk.app.server.address() as AddressInfo
    const ask = (host: string | null) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => {
          socket.write(`GET /api/kiosk HTTP/1.0\r\n${host === null ? '' : `Host: ${host}\r\n`}\r\n`)
        })
        let answer = ''
        socket.on('data', (text) => {
          answer += text
        })
        socket.on('error', reject)
        socket.on('close', () => resolve(answer.split('\r\n')[0] ?? ''))
      })
    expect(await ask(`127.0.0.1:${port}`)).toContain('200')
    expect(await ask('attacker.example')).toContain('403')
    expect(await ask(null)).toContain('403')
  })
})

describe('the page', () => {
  it('is served with headers that keep everything else out', async () => {
    const { inject } = openKiosk()
    for (const [url, type] of [
      ['/', 'text/html'],
      ['/assets/page.js', 'javascript'],
    ] as const) {
      const response = await inject('GET', url)
      expect([response.statusCode, response.headers['content-type']]).toEqual([200, expect.stringContaining(type)])
      expect(response.headers['content-security-policy']).toMatch(
        /default-src 'none'.*script-src 'self'.*frame-ancestors 'none'/,
      )
      expect(response.headers['x-content-type-options']).toBe('nosniff')
    }
  })

  it('does not reach outside its folder; unknown paths are problems', async () => {
    const { inject } = openKiosk()
    for (const url of ['/../package.json', '/%2e%2e/%2e%2e/etc/passwd', '/nothing', '/api/nothing']) {
      const response = await inject('GET', url)
      expect(response.statusCode).toBeGreaterThanOrEqual(400)
      expect(response.json().detail).toBeTruthy()
    }
  })

  it('learns the state, and by events every change and every press of the box; closing ends the stream', async () => {
    const { kiosk, state, inject } = openKiosk()
    expect((await inject('GET', '/api/kiosk')).json()).toEqual({ survey, connected: false })
    expect((await inject('GET', '/healthz')).statusCode).toBe(200)
    await kiosk.app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = kiosk.app.server.address() as AddressInfo
    let heard = ''
    let hasEnded = false
    request({ host: '127.0.0.1', port, path: '/api/kiosk/events' }, (response) => {
      expect(response.headers['content-security-policy']).toContain("default-src 'none'")
      response.on('data', (text) => {
        heard += text
      })
      response.on('end', () => {
        hasEnded = true
      })
    }).end()
    await eventually(() => expect(heard).toContain('event: state'))
    kiosk.notePress(2)
    state.connected = true
    kiosk.noteState()
    await eventually(() => expect(heard).toContain('"connected":true'))
    expect(heard).toContain('event: press\ndata: {"value":2}\n\n')
    await kiosk.app.close()
    await eventually(() => expect(hasEnded).toBe(true))
  })

  it('that opens streams without end is stopped at 16', async () => {
    const { kiosk, inject } = openKiosk()
    await kiosk.app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = kiosk.app.server.address() as AddressInfo
    const statuses: (number | undefined)[] = []
    for (let i = 0; i < 18; i += 1) {
      request({ host: '127.0.0.1', port, path: '/api/kiosk/events' }, (response) => {
        statuses.push(response.statusCode)
        response.on('error', () => {})
        response.resume()
      })
        .on('error', () => {})
        .end()
    }
    await eventually(() => expect(statuses).toHaveLength(18))
    expect(statuses.filter((status) => status === 503)).toHaveLength(2)
    expect((await inject('POST', '/api/presses', press)).statusCode).toBe(200)
  })
})

describe('the state of the serial line', () => {
  it('is told as the contract has it', async () => {
    const { inject } = openKiosk()
    const response = await inject('GET', '/api/line')
    expect([response.statusCode, response.json()]).toEqual([200, line])
    expect(Check(LineState, response.json())).toBe(true)
  })
})

it('tells what the daemon knows of itself as the contract has it', async () => {
  const { inject } = openKiosk()
  const response = await inject('GET', '/api/daemon')
  expect([response.statusCode, response.json()]).toEqual([200, daemon])
  expect(Check(DaemonState, response.json())).toBe(true)
})
