/**
 * The central's HTTP interface, without a server: reports and terminals in, JSON and the dashboard's files out.
 *
 * Promises: answers follow the schemas in `contracts/http`; every error is a problem with what to do about it; every route says who may
 * ask it, and nobody else is answered; and as long as there are no accounts, nothing is answered to anybody but this machine.
 */

import { fastifyCookie } from '@fastify/cookie'
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import { fastify } from 'fastify'
import { makeCounters } from '../../shared/counters.ts'
import type { Logger } from '../../shared/logger.ts'
import type { StoreReader } from '../store/port.ts'
import type { AccountDesk } from './account-desk.ts'
import { addAccountRoutes } from './account-routes.ts'
import type { ApiApp } from './api-app.ts'
import { addDashboardFiles } from './dashboard-files.ts'
import { addDipRoutes } from './dip-routes.ts'
import type { Gauges, RoomCounters } from './format-metrics.ts'
import { type Gate, guardAccess } from './guard-access.ts'
import { guardRequests } from './guard-requests.ts'
import type { LiveFeed } from './live-feed.ts'
import { addLiveRoute } from './live-route.ts'
import { makeLimits } from './make-limits.ts'
import { addOperationRoutes } from './operation-routes.ts'
import { answerProblems, sendProblem } from './problem.ts'
import type { ReportReader } from './report-reader.ts'
import type { PublicOrigin } from './same-origin.ts'
import { makeSessionCookie } from './session-cookie.ts'
import { addTerminalRoutes, type TerminalReader } from './terminal-routes.ts'
import { addTouchpointRoutes } from './touchpoint-routes.ts'

export type AppOptions = TerminalReader & {
  store: StoreReader
  report: ReportReader
  live: LiveFeed
  /** Left out: nobody signs in, and everybody at this machine may see everything. */
  accounts?: AccountDesk
  /** Where a proxy on this machine serves the pages to others; the base of links. */
  publicUrl?: string
  /** Folder of the built dashboard. */
  dashboardFolder: string
  logger: Logger
  /** For `/readyz`: pages are served without any broker, so that a missing one is told and is no failure. */
  brokers?: () => object[]
  /** For `/metrics`. */
  counters(): Promise<RoomCounters>
  /** Further figures of now, for `/metrics`. */
  gauges?: () => Promise<Gauges>
}

/** The largest body is somebody's name, address and password. */
const maxBodyBytes = 16 * 1024
/** Of the ids in addresses, a dip's is the longest. */
const maxIdLength = 120

export async function buildApp(options: AppOptions): Promise<ApiApp> {
  const { store, report, live, logger } = options
  const app: ApiApp = fastify({
    bodyLimit: maxBodyBytes,
    // A proxy on this machine says whom it asks for; anybody else could say anything.
    trustProxy: options.publicUrl === undefined ? false : 'loopback',
    routerOptions: { maxParamLength: maxIdLength },
    requestTimeout: 30_000,
    // Paths that can't even be read reach neither hooks nor the error handler.
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, error.statusCode ?? 400, error.message),
    // A stop must not wait for browsers that keep a connection open.
    forceCloseConnections: true,
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(TypeBoxValidatorCompiler)

  const responses = makeCounters<string>(['2xx', '3xx', '4xx', '5xx'])
  app.addHook('onResponse', async (_request, reply) => responses.add(`${Math.floor(reply.statusCode / 100)}xx`))
  app.addHook('preClose', async () => live.close())
  answerProblems(app, logger)
  // JSON alone: a form of a stranger's page can send plain text.
  app.removeContentTypeParser('text/plain')
  const publicOrigin = parsePublicOrigin(options.publicUrl)
  guardRequests(app, publicOrigin)
  await app.register(fastifyCookie)
  const gate: Gate = { desk: options.accounts ?? null, cookie: makeSessionCookie(publicOrigin), publicOrigin }
  guardAccess(app, gate)
  if (options.accounts)
    addAccountRoutes(app, { ...gate, desk: options.accounts, limits: await makeLimits(app), logger })
  addTouchpointRoutes(app, report)
  addLiveRoute(app, report, live, gate)
  addDipRoutes(app, report)
  addTerminalRoutes(app, options)
  const brokers = () => options.brokers?.()
  const gauges = async () => (await options.gauges?.()) ?? {}
  addOperationRoutes(app, {
    gate,
    store,
    live,
    brokers,
    gauges,
    counters: async () => ({ ...(await options.counters()), http: responses.snapshot() }),
  })
  await addDashboardFiles(app, options.dashboardFolder)
  return app
}

function parsePublicOrigin(url: string | undefined): PublicOrigin {
  if (url === undefined) return null
  const { origin, host, protocol } = new URL(url)
  return { origin, host, isSecure: protocol === 'https:' }
}
