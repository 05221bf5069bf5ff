import type { AckLine } from '../line/box-line.ts'
import { formatLine } from '../line/format-line.ts'

export type AckQueue = {
  add(ack: Pick<AckLine, 'boxId' | 'sequence' | 'status'>): void
  /** The acks since the last call as text, '' when there are none. */
  take(): string
}

/**
 * Groups the acks of one chunk of bytes: status 0 is cumulative (PROTOCOL.md §9.3.1), so the repeats and presses that
 * queued up while the host was busy need only the last of them. Status 2 speaks for its own press only (§9.3.2).
 */
export function makeAckQueue(): AckQueue {
  let acks: AckLine[] = []
  return {
    add({ boxId, sequence, status }) {
      const last = acks.at(-1)
      const isSame = last?.boxId === boxId && last.status === status
      const isCovered = isSame && (status === 'committed' ? last.sequence <= sequence : last.sequence === sequence)
      if (isCovered) acks.pop()
      acks.push({ type: 'ack', boxId, sequence, status })
    },
    take() {
      const text = acks.map(formatLine).join('')
      acks = []
      return text
    },
  }
}
