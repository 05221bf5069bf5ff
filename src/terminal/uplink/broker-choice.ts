import { createHash } from 'node:crypto'
import type { ConnectHistory } from './connect-delay.ts'

/** `spread`: each terminal has an order of its own. `listed`: all have that of the configuration. */
export type BrokerOrder = 'spread' | 'listed'

/**
 * The order in which a terminal prefers its brokers.
 *
 * `spread` is rendezvous hashing (Thaler and Ravishankar 1998): every broker is the first of an equal share of the terminals, those of
 * a dead one fall on all the others alike, and a broker added or taken away moves only its own share.
 *
 * @param urls as configured; another spelling of an address is another broker
 */
export function orderBrokers(urls: readonly string[], terminal: string, order: BrokerOrder): string[] {
  if (order === 'listed') return [...urls]
  const weighed = urls.map((url) => ({ url, weight: createHash('sha256').update(`${terminal}\n${url}`).digest('hex') }))
  return weighed.sort((a, b) => (a.weight < b.weight ? 1 : -1)).map(({ url }) => url)
}

/** Which broker the next attempt is for. Success is the central's welcome, not the broker's. */
export type BrokerChoice = {
  current(): string
  isPreferred(): boolean
  /** What the next delay is decided by: a failure there is a round in which every broker failed, so that no broker meets more than the terminals of one. */
  history(): ConnectHistory
  /** The central has greeted us over the current broker, with which one stays. */
  noteWelcome(): void
  /** The attempt ended without a welcome. */
  noteFailure(): void
  /** The connection ended after its welcome: the turn is that of the most preferred broker other than the one just lost. */
  noteLoss(): void
  /** The preferred broker is tried next, and where that fails, the one left for it. */
  tryPreferred(): void
}

/** @param brokers at least one, the most preferred first */
export function makeBrokerChoice(brokers: readonly string[]): BrokerChoice {
  let at = 0
  let failedAttempts = 0
  let wasConnected = false
  let leftAt: number | null = null
  return {
    current: () => brokers[at] as string,
    isPreferred: () => at === 0,
    history: () => ({ wasConnected, failures: Math.floor(failedAttempts / brokers.length) }),
    noteWelcome() {
      wasConnected = true
      failedAttempts = 0
      leftAt = null
    },
    noteFailure() {
      failedAttempts += 1
      at = leftAt ?? (at + 1) % brokers.length
      leftAt = null
    },
    noteLoss() {
      at = at === 0 ? 1 % brokers.length : 0
    },
    tryPreferred() {
      leftAt = at
      at = 0
    },
  }
}
