/**
 * The live count's feed: touchpoints that changed come in, their new counts go out to whoever watches them.
 *
 * A count is a state, not a difference, so changes within a moment become one event, one reading serves all watchers of a
 * touchpoint, and a watcher that misses one is right again with the next.
 */
import type { LiveCount } from '../../contracts/http/touchpoints.ts'
import type { Logger } from '../../shared/logger.ts'

export type Watcher = {
  send(count: LiveCount): void
  /** Shows proxies and the page that the connection lives. */
  beat(): void
  end(): void
}

export type LiveFeed = {
  /** Raw tallies of these touchpoints changed. */
  changed(touchpoints: Iterable<string>): void
  /** @returns what ends the watch, or null when there are too many watchers already */
  watch(touchpoint: string, watcher: Watcher): (() => void) | null
  watchers(): number
  close(): void
}

export type LiveFeedOptions = {
  readLive(touchpoint: string): Promise<LiveCount | null>
  logger: Logger
  maxWatchers?: number
  /** Changes within this time become one event. */
  gatherMs?: number
  beatMs?: number
}

export function makeLiveFeed({
  readLive,
  logger,
  maxWatchers = 200,
  gatherMs = 250,
  beatMs = 15_000,
}: LiveFeedOptions): LiveFeed {
  const watched = new Map<string, Set<Watcher>>()
  const pending = new Set<string>()
  let timer: NodeJS.Timeout | null = null
  const all = () => [...watched.values()].flatMap((watchers) => [...watchers])

  async function publish(touchpoint: string): Promise<void> {
    const count = await readLive(touchpoint)
    if (count) for (const watcher of watched.get(touchpoint) ?? []) watcher.send(count)
  }

  function flush(): void {
    timer = null
    const touchpoints = [...pending]
    pending.clear()
    for (const touchpoint of touchpoints)
      publish(touchpoint).catch((error: unknown) =>
        logger.error({ touchpoint, error: String(error) }, 'live count failed'),
      )
  }

  function changed(touchpoints: Iterable<string>): void {
    for (const touchpoint of touchpoints) if (watched.has(touchpoint)) pending.add(touchpoint)
    if (pending.size > 0) timer ??= setTimeout(flush, gatherMs)
  }

  const beats = setInterval(() => {
    for (const watcher of all()) watcher.beat()
    // Without a press nothing else would tell that midnight has passed and the count begins anew.
    changed(watched.keys())
  }, beatMs)
  beats.unref()

  return {
    changed,
    watch(touchpoint, watcher) {
      if (all().length >= maxWatchers) return null
      const watchers = watched.get(touchpoint) ?? new Set()
      watched.set(touchpoint, watchers.add(watcher))
      return () => {
        watchers.delete(watcher)
        if (watchers.size === 0 && watched.get(touchpoint) === watchers) watched.delete(touchpoint)
      }
    },
    watchers: () => all().length,
    close() {
      clearInterval(beats)
      if (timer) clearTimeout(timer)
      for (const watcher of all()) watcher.end()
      watched.clear()
    },
  }
}
