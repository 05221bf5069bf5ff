import type { Desired } from '../../contracts/messages.ts'
import { formatMessage } from '../../contracts/parse-message.ts'
import type { DownLeaf } from '../../contracts/topics.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Counters } from '../../shared/counters.ts'

type Options = {
  makeDesired(terminal: string): Promise<Desired | null>
  publish(terminal: string, leaf: DownLeaf, text: string): void
  clock: Pick<Clock, 'monoMs'>
  counters: Counters
}
const maxRemembered = 200_000
/** A terminal that does not put in force what it was sent is sent it again after this, and then more and more seldom. */
const firstAgainMs = 60_000
const maxAgainMs = 3_600_000

const contentOf = ({ rev: _, ...content }: Desired) => JSON.stringify(content)

/** Tells terminals what to show: after each hello, when a health tells of another, and to those known whenever it changes. */
export function makeDesiredSender({ makeDesired, publish, clock, counters }: Options) {
  /** Content last sent, by terminal; '' when it was to show nothing. */
  const sent = new Map<string, string>()
  /** Terminals that told of another configuration than they were sent. */
  const astray = new Map<string, { notBeforeMs: number; waitMs: number }>()
  return {
    async send(terminal: string): Promise<void> {
      const desired = await makeDesired(terminal)
      if (sent.size >= maxRemembered) sent.clear()
      sent.set(terminal, desired ? contentOf(desired) : '')
      if (desired) publish(terminal, 'desired', formatMessage(desired))
    },
    /**
     * To a terminal whose health tells of another configuration in force: it may have said hello to the central before a restart,
     * over a broker that held its connection meanwhile.
     */
    async sendUnlessInForce(terminal: string, rev: number): Promise<void> {
      const desired = await makeDesired(terminal)
      if (!desired || desired.rev === rev) {
        astray.delete(terminal)
        return
      }
      const { notBeforeMs, waitMs } = astray.get(terminal) ?? { notBeforeMs: 0, waitMs: firstAgainMs }
      if (clock.monoMs() < notBeforeMs) {
        counters.add('desired-withheld')
        return
      }
      if (astray.size >= maxRemembered) astray.clear()
      astray.set(terminal, { notBeforeMs: clock.monoMs() + waitMs, waitMs: Math.min(maxAgainMs, waitMs * 2) })
      await this.send(terminal)
    },
    async sendChanges(): Promise<void> {
      for (const [terminal, content] of sent) {
        const desired = await makeDesired(terminal)
        if (!desired || contentOf(desired) === content) continue
        sent.set(terminal, contentOf(desired))
        publish(terminal, 'desired', formatMessage(desired))
      }
    },
  }
}
