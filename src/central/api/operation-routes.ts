import type { StoreReader } from '../store/port.ts'
import { accessFor } from './access.ts'
import type { ApiApp } from './api-app.ts'
import { formatMetrics, type Gauges, type RoomCounters } from './format-metrics.ts'
import type { LiveFeed } from './live-feed.ts'
import { sendProblem } from './problem.ts'

/** Enough to see a backlog; counting further would cost more than it tells. */
const maxDirtyShown = 1_000
const startedAtSeconds = Math.round(Date.now() / 1000 - process.uptime())

type Sources = {
  store: StoreReader
  live: LiveFeed
  brokers(): object[] | undefined
  counters(): Promise<RoomCounters>
  gauges(): Promise<Gauges>
}

/** What a process supervisor and a monitoring system ask: alive, ready to answer, and the counters. */
export function addOperationRoutes(app: ApiApp, { store, live, brokers, counters, gauges }: Sources): void {
  app.get('/healthz', accessFor('anyone'), async () => ({ status: 'ok' }))

  app.get('/readyz', accessFor('anyone'), async (_request, reply) => {
    try {
      await store.catalogue()
      return { status: 'ready', brokers: brokers() }
    } catch (error) {
      return sendProblem(reply, 503, `The database does not answer: ${String(error).slice(0, 200)}`)
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
