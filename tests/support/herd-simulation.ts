import { randomLcg } from 'd3-random'
import { type BrokerChoice, makeBrokerChoice, orderBrokers } from '../../src/terminal/uplink/broker-choice.ts'
import type { ConnectHistory } from '../../src/terminal/uplink/connect-delay.ts'

type SimulatedBroker = {
  /** Takes nobody before this. */
  upFromMs: number
  acceptsPerSecond: number
}

export type HerdOptions = {
  /** Spread over the brokers, and connected until the moment 0. */
  terminals: number
  /** All of them lose their terminals at 0, but the first `alive` ones. */
  brokers: readonly SimulatedBroker[]
  alive?: number
  seed: number
  /** @param random uniform in [0, 1) */
  nextDelayMs: (history: ConnectHistory, random: () => number) => number
}

export type HerdFigures = {
  /** Terminals that had to come back. */
  lost: number
  /** Most attempts in one second at one broker, and at one that was up. */
  peakPerSecond: number
  peakAtUpPerSecond: number
  attempts: number
  allBackS: number
  /** When all but one in a hundred were back. */
  mostBackS: number
}

const horizonS = 4_000

/**
 * Plays what a herd of terminals does after an outage, in steps of one second. An attempt takes no time; a broker takes
 * the first `acceptsPerSecond` of each second, and everybody else has failed.
 *
 * @throws Error where not all are back after 4,000 s
 */
export function simulateHerd({ terminals, brokers, alive = 0, seed, nextDelayMs }: HerdOptions): HerdFigures {
  const random = randomLcg(seed)
  const urls = brokers.map((_, i) => `mqtt://broker-${i}.example`)
  const waiting: { choice: BrokerChoice; atMs: number }[][] = []
  const figures: HerdFigures = {
    lost: 0,
    peakPerSecond: 0,
    peakAtUpPerSecond: 0,
    attempts: 0,
    allBackS: 0,
    mostBackS: 0,
  }

  function schedule(choice: BrokerChoice, nowMs: number): void {
    const atMs = nowMs + nextDelayMs(choice.history(), random)
    // A second that has begun is not played again.
    const second = Math.max(Math.floor(atMs / 1000), nowMs > 0 ? Math.floor(nowMs / 1000) + 1 : 0)
    waiting[second] ??= []
    waiting[second].push({ choice, atMs })
  }

  for (let i = 0; i < terminals; i += 1) {
    const choice = makeBrokerChoice(orderBrokers(urls, `kiosk-${i}`, 'spread'))
    choice.noteWelcome()
    if (urls.indexOf(choice.current()) < alive) continue
    choice.noteLoss()
    figures.lost += 1
    schedule(choice, 0)
  }

  let back = 0
  for (let second = 0; back < figures.lost; second += 1) {
    if (second > horizonS) throw new Error(`only ${back} of ${figures.lost} terminals are back`)
    const seen = brokers.map(() => 0)
    const taken = brokers.map(() => 0)
    for (const { choice, atMs } of waiting[second] ?? []) {
      const at = urls.indexOf(choice.current())
      const broker = brokers[at] as SimulatedBroker
      seen[at] = (seen[at] ?? 0) + 1
      if (second * 1000 >= broker.upFromMs && (taken[at] ?? 0) < broker.acceptsPerSecond) {
        taken[at] = (taken[at] ?? 0) + 1
        back += 1
        figures.allBackS = second
        if (back <= figures.lost * 0.99) figures.mostBackS = second
      } else {
        choice.noteFailure()
        schedule(choice, Math.max(atMs, second * 1000))
      }
    }
    delete waiting[second]
    figures.attempts += seen.reduce((sum, count) => sum + count, 0)
    figures.peakPerSecond = Math.max(figures.peakPerSecond, ...seen)
    const atUp = seen.filter((_, i) => second * 1000 >= (brokers[i]?.upFromMs ?? 0))
    figures.peakAtUpPerSecond = Math.max(figures.peakAtUpPerSecond, ...atUp)
  }
  return figures
}
