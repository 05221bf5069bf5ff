import { PassThrough } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { LiveCount } from '../../contracts/http/touchpoints.ts'
import { accessFor } from './access.ts'
import type { ApiApp } from './api-app.ts'
import { type Gate, identify } from './guard-access.ts'
import type { LiveFeed, Watcher } from './live-feed.ts'
import { sendProblem } from './problem.ts'
import type { ReportReader } from './report-reader.ts'
import { IdParams, unknownTouchpoint } from './touchpoint-routes.ts'

const reconnectMs = 2_000

/** More than anybody looks at; a program that watches a chain asks for the report instead. */
const maxPerCaller = 40

function refuseMore(reply: FastifyReply, status: number, words: string): FastifyReply {
  reply.header('retry-after', '30')
  return sendProblem(reply, status, `${words}; close one or try again in half a minute.`)
}

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

/** @returns who shares a ceiling of live views */
const holderOf = ({ caller }: FastifyRequest) =>
  caller === null || caller.kind === 'open' ? 'this machine' : `${caller.kind} ${caller.id}`

/** Whether a live view is still what its reader may see: they can lose the right, their reach, or the touchpoint to another place. */
async function isStillAllowed(request: FastifyRequest, gate: Gate, id: string, hasFaces: boolean): Promise<boolean> {
  const caller = await identify(request, gate, false)
  if (caller === null || caller.kind !== request.caller?.kind) return false
  const { desk } = gate
  if (desk === null) return true
  if (!desk.may(caller, 'see-live') || desk.may(caller, 'see-live-faces') !== hasFaces) return false
  return (await desk.reachOf(caller)).touchpoint(id)
}

/** Sends a stream for as long as its reader stays; one who left before it began closes it too. */
function sendEvents(reply: FastifyReply, stream: PassThrough): FastifyReply {
  if (reply.raw.destroyed) stream.destroy()
  else reply.raw.once('close', () => stream.destroy())
  return reply.type('text/event-stream; charset=utf-8').header('x-accel-buffering', 'no').send(stream)
}

/** Live views that are open, by holder: who opens many leaves room for others. */
function makeShares() {
  const open = new Map<string, number>()
  const add = (holder: string, change: number) => {
    const count = (open.get(holder) ?? 0) + change
    if (count > 0) open.set(holder, count)
    else open.delete(holder)
  }
  return { isUsedUp: (holder: string) => (open.get(holder) ?? 0) >= maxPerCaller, add }
}

/**
 * `GET /api/v1/touchpoints/:id/live`: the count at once, after each change, and with every beat; by face for those alone who may see that.
 * A page that is left open is no sign of life of its session, and does not outlive it.
 */
export function addLiveRoute(app: ApiApp, report: ReportReader, live: LiveFeed, gate: Gate): void {
  const shares = makeShares()
  // A HEAD would leave its stream open, which nobody reads and nothing closes.
  const options = { ...accessFor('see-live'), exposeHeadRoute: false, schema: { params: IdParams } }
  app.get('/api/v1/touchpoints/:id/live', options, async (request, reply) => {
    const { id } = request.params
    if (!request.reach.touchpoint(id)) return sendProblem(reply, 404, unknownTouchpoint(id))
    const holder = holderOf(request)
    if (shares.isUsedUp(holder)) return refuseMore(reply, 429, 'You have too many live views open')
    const stream = new PassThrough()
    const hasFaces = seesFaces(request, gate)
    const watcher = makeEventWatcher(stream, hasFaces, () => isStillAllowed(request, gate, id, hasFaces))
    // Watched before the first count is read, so that no change falls between the two.
    const unwatch = live.watch(id, watcher)
    if (!unwatch) return refuseMore(reply, 503, 'Too many live views are open')
    shares.add(holder, 1)
    stream.once('close', () => {
      unwatch()
      shares.add(holder, -1)
    })
    const first = await report.readLive(id)
    if (!first) {
      stream.destroy()
      return sendProblem(reply, 404, unknownTouchpoint(id))
    }
    stream.write(`retry: ${reconnectMs}\n\n`)
    watcher.send(first)
    return sendEvents(reply, stream)
  })
}
