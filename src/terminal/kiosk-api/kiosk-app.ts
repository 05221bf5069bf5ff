/**
 * The kiosk API: the touch page and what it needs, for the browser of this machine alone.
 *
 * In come touch presses, each with an id of its own, so that one that is sent again counts once; out go the page itself, the survey
 * to show, events (a new state, a press of the box), and for `smilepost doctor` what the daemon knows of its line and of itself. A press is answered with 200 after the COMMIT and not before.
 * Everyone who is not the page of this machine gets 403; bodies are bounded; every error is a problem with its reason.
 */
import { existsSync } from 'node:fs'
import fastifyStatic from '@fastify/static'
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import fastify, { type FastifyInstance } from 'fastify'
import {
  type DaemonState,
  type KioskState,
  type LineState,
  TouchPress,
  type TouchReceipt,
} from '../../contracts/http/kiosk.ts'
import type { Counters } from '../../shared/counters.ts'
import type { Logger } from '../../shared/logger.ts'
import { pageHeaders } from '../../shared/page-headers.ts'
import { makeEventStreams } from './event-streams.ts'
import { addLoopbackGuard } from './loopback-only.ts'
import { addProblemReplies } from './problem-reply.ts'
import { type TouchOptions, takeTouch } from './take-touch.ts'

export type KioskCounter = 'foreign-host' | 'foreign-origin' | 'press-refused'

export type KioskAppOptions = TouchOptions & {
  /** The build of `kiosk-ui`; where it is missing the API works without a page. */
  pagesFolder: string
  state: () => KioskState
  line: () => LineState
  daemon: () => DaemonState
  logger: Logger
  counters: Counters<KioskCounter>
}

export type KioskApp = {
  app: FastifyInstance
  /** The survey or the connection changed. */
  noteState(): void
  /** A press of the box was stored. */
  notePress(value: number): void
}

/** Far above a touch press, far below what could hurt. */
const maxBodyBytes = 4 * 1024

function addPages(app: FastifyInstance, folder: string, logger: Logger): void {
  if (!existsSync(folder)) {
    logger.warn({ folder }, 'the touch page is not built; run npm run build')
    return
  }
  app.register(fastifyStatic, { root: folder, cacheControl: false, index: 'index.html' })
}

/** Builds the app without listening. */
export function buildKioskApp(options: KioskAppOptions): KioskApp {
  const { pagesFolder, state, line, daemon, logger, counters } = options
  const app = fastify({ bodyLimit: maxBodyBytes, forceCloseConnections: true }).withTypeProvider<TypeBoxTypeProvider>()
  const streams = makeEventStreams()
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  // A page of another origin could send text/plain without asking first (CORS, "simple request").
  app.removeContentTypeParser('text/plain')
  addLoopbackGuard(app, (header) => counters.add(`foreign-${header}`))
  addProblemReplies(app, logger)
  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-cache')
    reply.headers(pageHeaders)
  })
  app.addHook('preClose', async () => streams.end())
  addPages(app, pagesFolder, logger)

  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/api/kiosk', async () => state())
  app.get('/api/line', async () => line())
  app.get('/api/daemon', async () => daemon())
  app.get('/api/kiosk/events', async (_request, reply) => {
    streams.open(reply, { event: 'state', content: state() })
  })
  app.post('/api/presses', { schema: { body: TouchPress } }, async (request): Promise<TouchReceipt> => {
    try {
      takeTouch(request.body, options)
    } catch (error) {
      counters.add('press-refused')
      throw error
    }
    return { id: request.body.id, stored: true }
  })

  return {
    app,
    noteState: () => streams.send('state', state()),
    notePress: (value) => streams.send('press', { value }),
  }
}
