/** The part of the central's API that the dashboard reads, over fixture figures; every answer is checked by its contract. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import Value from 'typebox/value'
import { SessionState } from '../../src/contracts/http/accounts.ts'
import { DipReport, TouchpointReport } from '../../src/contracts/http/dips.ts'
import { Ledger, TerminalItem, TerminalList } from '../../src/contracts/http/terminals.ts'
import { HourProfile, LiveCount, TouchpointList } from '../../src/contracts/http/touchpoints.ts'
import { listFixtureFixes, makeFixtureDips, makeFixtureReport } from './fixture-dips.ts'
import { listFixtureTouchpoints, makeFixtureLive, makeFixtureProfile } from './fixture-figures.ts'
import { listFixtureChain, listFixtureTerminals, makeFixtureLedger } from './fixture-ledgers.ts'
import { makeLiveEvents, servePage } from './page-server.ts'

type Query = { from?: string; to?: string; class?: 'counted' | 'raw'; language?: string; touchpoint?: string }
type Request = FastifyRequest<{ Querystring: Query; Params: { id: string }; Body: { date: string } }>

/** `chain`: a hundred terminals, whose tallies nobody has compared yet. `looking`: no night was computed yet. */
type Behaviour = 'well' | 'chain' | 'empty' | 'failing' | 'looking'
export type FixtureCentral = {
  url: string
  /** A press arrives, 0 being the best button. */
  press: (touchpoint: string, button: number) => void
  /** From now on the API answers so. */
  behave: (behaviour: Behaviour) => void
  close: () => Promise<void>
}

/** @throws when a fixture does not have the contract's shape */
function check<T>(schema: TSchema, value: T): T {
  if (!Value.Check(schema, value)) throw new Error(JSON.stringify([...Value.Errors(schema, value)].slice(0, 3)))
  return value
}

const problem = {
  type: 'about:blank',
  title: 'Out of order',
  status: 503,
  detail: 'The database is being restored; try again in a minute.',
}

export async function openFixtureCentral(now: () => number = Date.now): Promise<FixtureCentral> {
  const live = makeLiveEvents()
  const counts = new Map<string, number[]>()
  const countsOf = (id: string): number[] => counts.get(id) ?? [41, 12, 4, 9]
  let behaviour: Behaviour = 'well'
  const fixes = listFixtureFixes()
  const listTerminals = () => (behaviour === 'chain' ? listFixtureChain(now()) : listFixtureTerminals(now()))

  const addRoutes = (app: FastifyInstance) => {
    app.addHook('onRequest', async (request, reply) => {
      if (behaviour === 'failing' && request.url.startsWith('/api/'))
        return reply.code(503).type('application/problem+json').send(problem)
      return undefined
    })
    app.get('/api/v1/session', async () =>
      check(SessionState, {
        state: 'open',
        user: null,
        may: ['see-reports', 'see-terminals', 'note-fixes'],
        oidc: null,
        mail: false,
      }),
    )
    app.get('/api/v1/touchpoints', async () =>
      check(TouchpointList, { touchpoints: behaviour === 'empty' ? [] : listFixtureTouchpoints(now()) }),
    )
    app.get('/api/v1/dips', async (request: Request) => {
      const report = makeFixtureDips(request.query.language ?? 'en', now(), fixes)
      const none = { from: null, to: null, night: null, dips: [], places: [], peaks: [], notices: [], insufficient: [] }
      return check(DipReport, behaviour === 'looking' ? { ...report, ...none } : report)
    })
    app.get('/api/v1/touchpoints/:id/report', async ({ params, query }: Request) => {
      const isLooking = behaviour === 'looking'
      return check(TouchpointReport, makeFixtureReport(params.id, query.language ?? 'en', now(), fixes, isLooking))
    })
    app.put('/api/v1/dips/:id/fix', async ({ params, body }: Request) => {
      fixes.set(params.id, body.date)
      return body
    })
    app.delete('/api/v1/dips/:id/fix', async ({ params }: Request, reply) => {
      fixes.delete(params.id)
      return reply.code(204).send()
    })
    app.get('/api/v1/touchpoints/:id/hours', async (request: Request) =>
      check(HourProfile, makeFixtureProfile(request.params.id, request.query)),
    )
    app.get('/api/v1/terminals', async () =>
      check(TerminalList, {
        terminals: behaviour === 'empty' ? [] : listTerminals(),
        comparison:
          behaviour === 'chain' ? null : { at: new Date(now() - 5 * 3_600_000).toISOString(), differences: 2 },
      }),
    )
    app.get('/api/v1/terminals/:id', async (request: Request, reply) => {
      const item = listTerminals().find(({ id }) => id === request.params.id)
      return item ? check(TerminalItem, item) : reply.code(404).send()
    })
    app.get('/api/v1/terminals/:id/ledger', async (request: Request, reply) => {
      const ledger = makeFixtureLedger(request.params.id, now())
      return ledger ? check(Ledger, ledger) : reply.code(404).send()
    })
    app.get('/api/v1/touchpoints/:id/live', (request: Request, reply) => {
      const { id } = request.params
      live.stream(reply, { event: 'live', value: check(LiveCount, makeFixtureLive(id, countsOf(id), now())) })
    })
  }
  const { url, close } = await servePage('dashboard', addRoutes)
  return {
    url,
    close,
    press(touchpoint, button) {
      const next = countsOf(touchpoint).map((count, i) => (i === button ? count + 1 : count))
      counts.set(touchpoint, next)
      live.send('live', check(LiveCount, makeFixtureLive(touchpoint, next, now())))
    },
    behave(next) {
      behaviour = next
    },
  }
}
