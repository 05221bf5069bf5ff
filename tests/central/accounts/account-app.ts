// The central's HTTP interface with real accounts on a real store: a chain of two stores with a touchpoint each, and browsers that keep cookies.
import type { LightMyRequestResponse } from 'fastify'
import { type AccountOptions, type Accounts, openAccounts } from '../../../src/central/accounts/open-accounts.ts'
import type { ApiApp } from '../../../src/central/api/api-app.ts'
import { type AppOptions, buildApp } from '../../../src/central/api/build-app.ts'
import { makeLiveFeed } from '../../../src/central/api/live-feed.ts'
import type { Role } from '../../../src/contracts/http/permissions.ts'
import type { TerminalItem } from '../../../src/contracts/http/terminals.ts'
import { openTempStore, putTouchpoints, type TempStore } from '../../support/central-store.ts'
import { silentLogger } from '../../support/silent-logger.ts'

const startMs = Date.parse('2026-03-02T09:00:00Z')
export const goodPassword = 'seven calm otters'
export const machine = { by: 'command line', from: 'local', reach: { place: () => true, touchpoint: () => true } }

export type AccountApp = {
  app: ApiApp
  accounts: Accounts
  temp: TempStore
  /** Time passes at once. */
  pass(ms: number): void
  browser(change?: Record<string, string>): Browser
  /** A browser of a fresh user who is signed in. */
  signedIn(role: Role, place?: string | null): Promise<Browser & { email: string; id: string }>
  close(): Promise<void>
}
export type Browser = {
  cookies: Map<string, string>
  send(method: string, url: string, body?: object, headers?: Record<string, string>): Promise<LightMyRequestResponse>
}

type Change = Partial<AccountOptions> & { app?: Partial<AppOptions>; folder?: string }

const terminalAt = (id: string, touchpoint: string | null) =>
  ({
    id,
    name: id,
    touchpoint,
    online: true,
    lastSeenAt: null,
    lastPressAt: null,
    unacknowledged: 0,
    box: null,
    versions: {},
  }) satisfies TerminalItem

const score = { presses: 0, counts: [0, 0, 0, 0], index: null, low: null, high: null }
const itemOf = (id: string) => ({
  ...{
    id,
    name: id,
    path: [],
    place: id === 'here' ? 'north' : 'south',
    zone: 'UTC',
    terminals: [],
    lastPressAt: null,
  },
  question: { id: 'satisfied', revision: 1, scaleMax: 3, texts: [] },
  summary: { from: '2026-01-01', to: '2026-02-01', ...score, shareHappy: null },
})
const touchpoints = ['here', 'there']
const asOf = { from: null, to: null, night: null, asOf: '2026-03-02T09:00:00.000Z', fdr: 0.05 }
const live = (touchpoint: string) => ({
  ...{ touchpoint, date: '2026-03-02', presses: 3, counts: [1, 1, 0, 1], lastPressAt: null, asOf: asOf.asOf },
})
const known = <T>(id: string, make: (id: string) => T): T | null => (touchpoints.includes(id) ? make(id) : null)
const touchpointOf = (dip: string) => dip.split('.')[0] ?? ''
const insufficient = (touchpoint: string) => ({ touchpoint, presses: 1, days: 1, message: 'Too few.', moreDays: null })

/** What the API reads, in the shapes of its contracts, of two touchpoints: one in each subtree. */
const report: AppOptions['report'] = {
  readTouchpoints: async () => touchpoints.map(itemOf),
  readTouchpoint: async (id) => known(id, itemOf),
  readHourProfile: async (touchpoint) => {
    if (!touchpoints.includes(touchpoint)) return { ok: false, reason: 'unknown-touchpoint', detail: touchpoint }
    const period = { from: '2026-01-01', to: '2026-02-01', class: 'counted' as const, zone: 'UTC', dayStart: 0 }
    const profile = { touchpoint, ...period, confidence: 0.9, total: score, misuse: 0, hours: [], week: [] }
    return { ok: true, profile }
  },
  readDips: async (_query, reach) => {
    const reached = touchpoints.filter((id) => reach.touchpoint(id))
    const findings = { dips: [], places: [], peaks: [], notices: [], insufficient: reached.map(insufficient) }
    return { ...asOf, touchpoints: reached.length, ...findings }
  },
  readTouchpointReport: async (id) =>
    known(id, (touchpoint) => ({ touchpoint, ...asOf, verdict: null, dips: [], places: [], peaks: [], notices: [] })),
  noteFix: async (dip, _date, { reach }) =>
    reach.touchpoint(touchpointOf(dip))
      ? { ok: true }
      : { ok: false, reason: 'unknown-dip', detail: `no dip is called ${dip}` },
  removeFix: async (dip, { reach }) => reach.touchpoint(touchpointOf(dip)),
  readLive: async (id) => known(id, live),
}

const terminals = [terminalAt('t-here', 'here'), terminalAt('t-there', 'there'), terminalAt('t-loose', null)]
const ledger = {
  ...{ pressed: 0, stored: 0, pending: 0, missing: [], repeated: 0, quarantined: 0, refused: 0, asOf: null },
}

async function putPlaces(temp: TempStore): Promise<void> {
  await putTouchpoints(temp.store, [])
  await temp.store.transact(async (writer) => {
    for (const id of ['north', 'south'])
      await writer.putPlace({ id, parent: 'chain', name: `Shop ${id}`, kind: 'store' })
  })
  await putTouchpoints(temp.store, [
    { id: 'here', place: 'north' },
    { id: 'there', place: 'south' },
  ])
}

export async function openAccountApp({ app: appOptions = {}, folder, ...change }: Change = {}): Promise<AccountApp> {
  const temp = await openTempStore()
  await putPlaces(temp)
  let nowMs = startMs
  const clock = { wallMs: () => nowMs, monoMs: () => nowMs }
  const baseUrl = () => appOptions.publicUrl ?? 'http://localhost:8080'
  const accounts = openAccounts({ store: temp.store, clock, logger: silentLogger, baseUrl, ...change })
  const feed = makeLiveFeed({ readLive: report.readLive, logger: silentLogger, beatMs: 50 })
  const app = await buildApp({
    ...{ store: temp.store.read, report, live: feed, accounts, logger: silentLogger },
    ...{ counters: async () => ({}), dashboardFolder: folder ?? temp.folder },
    listTerminals: async () => ({ terminals, comparison: { at: asOf.asOf, differences: 0 } }),
    readTerminal: async (id) => terminals.find((terminal) => terminal.id === id) ?? null,
    readLedger: async (id) => (terminals.some((terminal) => terminal.id === id) ? ledger : null),
    ...appOptions,
  })
  await app.ready()
  let count = 0

  function browser(always: Record<string, string> = {}): Browser {
    const cookies = new Map<string, string>()
    return {
      cookies,
      async send(method, url, body, headers = {}) {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
        const answer = await app.inject({
          ...{
            method: method as 'GET',
            url,
            headers: { host: 'localhost:8080', ...(cookie && { cookie }), ...always, ...headers },
          },
          ...(body && { payload: body }),
        })
        for (const { name, value, maxAge } of answer.cookies)
          if (maxAge === 0 || value === '') cookies.delete(name)
          else cookies.set(name, value)
        return answer
      },
    }
  }

  return {
    ...{ app, accounts, temp, browser },
    pass: (ms) => {
      nowMs += ms
    },
    async signedIn(role, place = null) {
      count += 1
      const email = `${role}-${count}@example.org`
      const given = { email, name: `Person ${count}`, language: 'en', role, place }
      const invited = await accounts.users.invite(given, machine)
      if (!invited.ok) throw new Error(invited.detail)
      const secret = invited.url?.split('#')[1] ?? ''
      const device = { address: '127.0.0.1', agent: 'test' }
      const password = { secret, name: given.name, language: 'en', password: goodPassword }
      const entered = await accounts.links.acceptInvitation(password, { device, before: null })
      if (!entered.ok) throw new Error(entered.detail)
      const own = browser()
      own.cookies.set('smilepost-session', entered.secret)
      return { ...own, email, id: invited.user.id }
    },
    async close() {
      await app.close()
      await temp.remove()
    },
  }
}

/** The secret of a link, which stands behind its #. */
export const secretOf = (url: string | null): string => url?.split('#')[1] ?? ''
