import { PassThrough } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import type { LiveCount } from '../../contracts/http/touchpoints.ts'
import { accessFor } from './access.ts'
import type { ApiApp } from './api-app.ts'
import { type Gate, identify } from './guard-access.ts'
import type { LiveFeed, Watcher } from './live-feed.ts'
import { sendProblem } from './problem.ts'
import type { ReportReader } from './report-reader.ts'
import { IdParams, unknownTouchpoint } from './touchpoint-routes.ts'

const reconnectMs = 2_000

const seesFaces = ({ caller }: FastifyRequest, { desk }: Gate) =>
  desk === null || (caller !== null && desk.may(caller, 'see-live-faces'))

/** Writes server-sent events. A reader that does not keep up gets the newest count once it can take more, not a queue of old ones. */
function makeEventWatcher(stream: PassThrough, hasFaces: boolean, isStillAllowed: () => Promise<boolean>): Watcher {
  let latest: LiveCount | null = null
  const write = (count: LiveCount) => {
    const shown = hasFaces ? count : { ...count, counts: [] }
    return stream.write(`event: live\ndata: ${JSON.stringify(shown)}\n\n`)
  }
  const endUnlessAllowed = () =>
    isStillAllowed().then(
      (isAllowed) => void (isAllowed || stream.end()),
      () => void stream.end(),
    )
  stream.on('drain', () => {
    if (latest) write(latest)
    latest = null
  })
  return {
    send(count) {
      if (stream.writableNeedDrain) latest = count
      else write(count)
    },
    beat() {
      if (!stream.writableNeedDrain) stream.write(': beat\n\n')
      void endUnlessAllowed()
    },
    end: () => void stream.end(),
  }
}

/**
 * `GET /api/v1/touchpoints/:id/live`: the count at once, after each change, and with every beat; by face for those alone who may see that.
 * A page that is left open is no sign of life of its session, and does not outlive it.
 */
export function addLiveRoute(app: ApiApp, report: ReportReader, live: LiveFeed, gate: Gate): void {
  const schema = { params: IdParams }
  app.get('/api/v1/touchpoints/:id/live', { ...accessFor('see-live'), schema }, async (request, reply) => {
    const { id } = request.params
    if (!request.reach.touchpoint(id)) return sendProblem(reply, 404, unknownTouchpoint(id))
    const stream = new PassThrough()
    const watcher = makeEventWatcher(stream, seesFaces(request, gate), async () => {
      const caller = await identify(request, gate, false)
      return caller !== null && caller.kind === request.caller?.kind
    })
    // Watched before the first count is read, so that no change falls between the two.
    const unwatch = live.watch(id, watcher)
    if (!unwatch) {
      reply.header('retry-after', '30')
      return sendProblem(reply, 503, 'Too many live views are open; close one or try again in half a minute.')
    }
    stream.once('close', unwatch)
    const first = await report.readLive(id)
    if (!first) {
      stream.destroy()
      return sendProblem(reply, 404, unknownTouchpoint(id))
    }
    stream.write(`retry: ${reconnectMs}\n\n`)
    watcher.send(first)
    return reply.type('text/event-stream; charset=utf-8').header('x-accel-buffering', 'no').send(stream)
  })
}
