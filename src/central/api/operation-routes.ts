import type { FastifyRequest } from 'fastify'
import type { StoreReader } from '../store/port.ts'
import { accessFor } from './access.ts'
import type { ApiApp } from './api-app.ts'
import { formatMetrics, type Gauges, type RoomCounters } from './format-metrics.ts'
import { type Gate, identify } from './guard-access.ts'
import type { LiveFeed } from './live-feed.ts'
import { sendProblem } from './problem.ts'
import { isDirect } from './same-origin.ts'

/** Enough to see a backlog; counting further would cost more than it tells. */
const maxDirtyShown = 1_000
const startedAtSeconds = Math.round(Date.now() / 1000 - process.uptime())

type Sources = {
  gate: Gate
  store: StoreReader
  live: LiveFeed
  brokers(): object[] | undefined
  counters(): Promise<RoomCounters>
  gauges(): Promise<Gauges>
}

/** Whether somebody may know more than that the service is ready: who sits at this machine, or may see its metrics. */
async function mayKnowDetails(request: FastifyRequest, gate: Gate): Promise<boolean> {
  if (isDirect(request, gate.publicOrigin)) return true
  const caller = await identify(request, gate, false)
  return caller !== null && gate.desk?.may(caller, 'see-metrics') === true
}

/** What a process supervisor and a monitoring system ask: alive, ready to answer, and the counters. */
export function addOperationRoutes(app: ApiApp, { gate, store, live, brokers, counters, gauges }: Sources): void {
  app.get('/healthz', accessFor('anyone'), async () => ({ status: 'ok' }))

  app.get('/readyz', accessFor('anyone'), async (request, reply) => {
    try {
      await store.catalogue()
      return { status: 'ready', ...((await mayKnowDetails(request, gate)) && { brokers: brokers() }) }
    } catch (error) {
      // Who asks may stand in the very database that does not answer.
      const detail = isDirect(request, gate.publicOrigin) ? `: ${String(error).slice(0, 200)}` : '; its log tells why.'
      return sendProblem(reply, 503, `The database does not answer${detail}`)
    }
  })

  app.get('/metrics', accessFor('see-metrics'), async (_request, reply) => {
    reply.type('text/plain; version=0.0.4; charset=utf-8')
    return formatMetrics(await counters(), {
      smilepost_labels_dirty_hours: {
        help: `Hours that wait for their labels, counted up to ${maxDirtyShown}.`,
        value: (await store.dirtyHours(maxDirtyShown)).length,
      },
      ...(await gauges()),
      smilepost_live_streams: { help: 'Open live views.', value: live.watchers() },
      process_resident_memory_bytes: { help: 'Resident memory.', value: process.memoryUsage.rss() },
      process_start_time_seconds: { help: 'Start of the process, Unix time.', value: startedAtSeconds },
    })
  })
}
