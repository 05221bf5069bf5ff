/** What is wrong with a terminal beyond its ledger, each with what to do. */
import type { TerminalItem } from '../../contracts/http/terminals.ts'
import { useReader } from './reader.ts'
import { WithCommands } from './with-commands.tsx'

function Notice({ title, text }: { title: string; text: string }) {
  return (
    <div class="notice notice-bad" role="alert">
      <h2>{title}</h2>
      <p class="notice-text">
        <WithCommands text={text} />
      </p>
    </div>
  )
}

export function TerminalNotices({ item, isCloned }: { item: TerminalItem; isCloned: boolean }) {
  const { words, formats } = useReader()
  const { ledger, notices } = words.terminals
  const damaged = item.storage?.quarantined.at(-1)
  const count = (records: number | null) => (records === null ? null : formats.whole(records))
  return (
    <>
      {isCloned && <Notice title={ledger.clonedTitle} text={ledger.cloned} />}
      {item.storage?.refusing && <Notice title={notices.refusingTitle} text={notices.refusing} />}
      {damaged && (
        <Notice title={notices.damagedTitle} text={notices.damaged(count(damaged.salvaged), count(damaged.missing))} />
      )}
      {item.tzData === 'old' && <Notice title={notices.oldZonesTitle} text={notices.oldZones} />}
    </>
  )
}
