/**
 * The central's HTTP interface, without a server: reports and terminals in, JSON and the dashboard's files out.
 *
 * Promises: answers follow the schemas in `contracts/http`; every error is a problem with what to do about it; nothing is
 * answered under a name other than this machine's, as long as nobody signs in.
 */
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import { fastify } from 'fastify'
import { makeCounters } from '../../shared/counters.ts'
import type { Logger } from '../../shared/logger.ts'
import type { StoreReader } from '../store/port.ts'
import type { ApiApp } from './api-app.ts'
import { addDashboardFiles } from './dashboard-files.ts'
import { addDipRoutes } from './dip-routes.ts'
import type { Gauges, RoomCounters } from './format-metrics.ts'
import { guardRequests } from './guard-requests.ts'
import type { LiveFeed } from './live-feed.ts'
import { addLiveRoute } from './live-route.ts'
import { addOperationRoutes } from './operation-routes.ts'
import { answerProblems, sendProblem } from './problem.ts'
import type { ReportReader } from './report-reader.ts'
import { addTerminalRoutes, type TerminalReader } from './terminal-routes.ts'
import { addTouchpointRoutes } from './touchpoint-routes.ts'

export type AppOptions = TerminalReader & {
  store: StoreReader
  report: ReportReader
  live: LiveFeed
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

/** Nothing takes a body yet. */
const maxBodyBytes = 16 * 1024
const maxIdLength = 80

export async function buildApp(options: AppOptions): Promise<ApiApp> {
  const { store, report, live, logger } = options
  const app: ApiApp = fastify({
    bodyLimit: maxBodyBytes,
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
  guardRequests(app)
  addTouchpointRoutes(app, report)
  addLiveRoute(app, report, live)
  addDipRoutes(app, report)
  addTerminalRoutes(app, options)
  const brokers = () => options.brokers?.()
  const gauges = async () => (await options.gauges?.()) ?? {}
  addOperationRoutes(app, {
    store,
    live,
    brokers,
    gauges,
    counters: async () => ({ ...(await options.counters()), http: responses.snapshot() }),
  })
  await addDashboardFiles(app, options.dashboardFolder)
  return app
}
