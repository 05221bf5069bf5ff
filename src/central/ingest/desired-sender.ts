import type { Desired } from '../../contracts/messages.ts'
import { formatMessage } from '../../contracts/parse-message.ts'
import type { DownLeaf } from '../../contracts/topics.ts'

type Options = {
  makeDesired(terminal: string): Promise<Desired | null>
  publish(terminal: string, leaf: DownLeaf, text: string): void
}
const maxRemembered = 200_000

const contentOf = ({ rev: _, ...content }: Desired) => JSON.stringify(content)

/** Tells terminals what to show: after each hello, when a health tells of another, and to those known whenever it changes. */
export function makeDesiredSender({ makeDesired, publish }: Options) {
  /** Content last sent, by terminal; '' when it was to show nothing. */
  const sent = new Map<string, string>()
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
      if (desired && desired.rev !== rev) await this.send(terminal)
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
