import type { DownLeaf, UpLeaf } from '../../contracts/topics.ts'

/** What ingest answers through: the embedded broker, or the connection to an external one. */
export type BrokerLink = {
  /** Sends to a terminal that listens there now; for any other it does nothing, since nothing is kept for later. */
  publish(terminal: string, leaf: DownLeaf, payload: string): void
}

/** About 20 MB of names. */
const maxRemembered = 200_000

/**
 * Remembers over which broker each terminal spoke last, so that it is answered there and nowhere else.
 *
 * A `status` does not count: a will comes from the broker that lost the terminal, often after another one has taken it.
 */
export function makeAnswerRoute(limit: number = maxRemembered) {
  const links = new Map<string, BrokerLink>()
  return {
    note(terminal: string, leaf: UpLeaf, link: BrokerLink): void {
      if (leaf === 'status' || links.get(terminal) === link) return
      if (links.size >= limit) {
        // The name that came first has most likely gone silent; if not, its next message brings it back.
        const [oldest] = links.keys()
        if (oldest !== undefined && !links.has(terminal)) links.delete(oldest)
      }
      links.set(terminal, link)
    },
    publish(terminal: string, leaf: DownLeaf, payload: string): void {
      links.get(terminal)?.publish(terminal, leaf, payload)
    },
  }
}
