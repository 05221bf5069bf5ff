import type { TerminalItem } from '../../contracts/http/terminals.ts'
import { useReader } from './reader.ts'
import { TimeAgo } from './time-ago.tsx'

/** Where a terminal stands, from the top place to the touchpoint. */
export function describePlace({ path = [], touchpointName, touchpoint }: TerminalItem, nowhere: string): string {
  if (touchpoint === null) return nowhere
  return [...path, touchpointName ?? touchpoint].join(' › ')
}

/** Whether it is connected, and when it was last heard where it is not. */
export function ConnectionState({ item }: { item: TerminalItem }) {
  const { words } = useReader()
  const { online, offline, lastHeard, neverHeard } = words.terminals
  if (item.online) return <span class="link-state link-live">{online}</span>
  return (
    <span class="link-state link-lost">
      <span>
        {offline}
        <span class="muted connection-heard">
          {lastHeard}: <TimeAgo instant={item.lastSeenAt} never={neverHeard} />
        </span>
      </span>
    </span>
  )
}
