import { PassThrough } from 'node:stream'
import type { LiveCount } from '../../contracts/http/touchpoints.ts'
import type { ApiApp } from './api-app.ts'
import type { LiveFeed, Watcher } from './live-feed.ts'
import { sendProblem } from './problem.ts'
import type { ReportReader } from './report-reader.ts'
import { IdParams, unknownTouchpoint } from './touchpoint-routes.ts'

const reconnectMs = 2_000

/** Writes server-sent events. A reader that does not keep up gets the newest count once it can take more, not a queue of old ones. */
function makeEventWatcher(stream: PassThrough): Watcher {
  let latest: LiveCount | null = null
  const write = (count: LiveCount) => stream.write(`event: live\ndata: ${JSON.stringify(count)}\n\n`)
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
    },
    end: () => void stream.end(),
  }
}

/** `GET /api/v1/touchpoints/:id/live`: the count at once, after each change, and with every beat. */
export function addLiveRoute(app: ApiApp, report: ReportReader, live: LiveFeed): void {
  app.get('/api/v1/touchpoints/:id/live', { schema: { params: IdParams } }, async (request, reply) => {
    const { id } = request.params
    const stream = new PassThrough()
    const watcher = makeEventWatcher(stream)
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
