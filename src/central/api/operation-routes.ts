import type { StoreReader } from '../store/port.ts'
import type { ApiApp } from './api-app.ts'
import { type CounterSource, formatMetrics } from './format-metrics.ts'
import type { LiveFeed } from './live-feed.ts'

const startedAtSeconds = Math.round(Date.now() / 1000 - process.uptime())

/** What a process supervisor and a monitoring system ask: alive, ready to answer, and the counters. */
export function addOperationRoutes(
  app: ApiApp,
  { store, live, counters }: { store: StoreReader; live: LiveFeed; counters: Record<string, CounterSource> },
): void {
  app.get('/healthz', async () => ({ status: 'ok' }))

  app.get('/readyz', async () => {
    await store.catalogue()
    return { status: 'ready' }
  })

  app.get('/metrics', async (_request, reply) => {
    reply.type('text/plain; version=0.0.4; charset=utf-8')
    return formatMetrics(counters, {
      smilepost_live_streams: { help: 'Open live views.', value: live.watchers() },
      process_resident_memory_bytes: { help: 'Resident memory.', value: process.memoryUsage.rss() },
      process_start_time_seconds: { help: 'Start of the process, Unix time.', value: startedAtSeconds },
    })
  })
}
