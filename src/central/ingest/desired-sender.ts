import type { Desired } from '../../contracts/messages.ts'
import { formatMessage } from '../../contracts/parse-message.ts'
import type { DownLeaf } from '../../contracts/topics.ts'

type Options = {
  makeDesired(terminal: string): Promise<Desired | null>
  publish(terminal: string, leaf: DownLeaf, text: string): void
}
const maxRemembered = 200_000

const contentOf = ({ rev: _, ...content }: Desired) => JSON.stringify(content)

/** Tells terminals what to show: after each hello, and to those that have said hello whenever it changes. */
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
