/** One terminal: where it stands, whether it is heard, and its ledger, which says whether every press of its box is here. */
import { useEffect } from 'preact/hooks'
import type { Ledger, TerminalItem } from '../../contracts/http/terminals.ts'
import { ConflictsSection } from './conflicts-section.tsx'
import { LedgerDetails } from './ledger-details.tsx'
import { LedgerSection } from './ledger-section.tsx'
import { Link } from './link.tsx'
import { Failed, Loading, NotFound } from './page-states.tsx'
import { useReader } from './reader.ts'
import { formatTouchpointPath } from './route.ts'
import { TerminalNotices } from './terminal-notices.tsx'
import { ConnectionState, describePlace } from './terminal-state.tsx'
import { TimeAgo } from './time-ago.tsx'
import { useApi } from './use-api.ts'

const refreshMs = 30_000

function TerminalHead({ item, id }: { item: TerminalItem | null; id: string }) {
  const { words } = useReader()
  const { tableTitle, nowhere, back, lastPress } = words.terminals
  return (
    <header class="page-head">
      <nav class="path" aria-label={back}>
        <Link href="/terminals">{tableTitle}</Link>
        {item && item.name !== item.id && <span>{item.id}</span>}
      </nav>
      <h1>{item?.name ?? id}</h1>
      <div class="muted page-lead">
        {item?.touchpoint && <Link href={formatTouchpointPath(item.touchpoint)}>{describePlace(item, nowhere)}</Link>}
        {item && !item.touchpoint && <span>{nowhere}</span>}
        {item && <ConnectionState item={item} />}
        {item && (
          <span>
            {lastPress}: <TimeAgo instant={item.lastPressAt} />
          </span>
        )}
        {!item && '\u00a0'}
      </div>
    </header>
  )
}

function Versions({ versions }: Pick<TerminalItem, 'versions'>) {
  const { words } = useReader()
  const list = Object.entries(versions).map(([part, version]) => `${part} ${version}`)
  if (list.length === 0) return null
  return (
    <p class="muted ledger-as-of">
      {words.terminals.versions}: {list.join(' · ')}
    </p>
  )
}

function Custody({ item, ledger }: { item: TerminalItem; ledger: Ledger }) {
  return (
    <>
      <TerminalNotices item={item} isCloned={ledger.clonedAt !== null} />
      <LedgerSection ledger={ledger} isOnline={item.online} />
      <LedgerDetails ledger={ledger} />
      <ConflictsSection ledger={ledger} />
      <Versions versions={item.versions} />
    </>
  )
}

export function TerminalPage({ id }: { id: string }) {
  const { words } = useReader()
  const path = `/api/v1/terminals/${encodeURIComponent(id)}`
  const { value: item, failure, retry } = useApi<TerminalItem>(path, id, refreshMs)
  const ledger = useApi<Ledger>(`${path}/ledger`, id, refreshMs)
  const title = item?.name ?? id
  useEffect(() => {
    document.title = `${title} · Smilepost`
  }, [title])
  if (failure?.kind === 'not-found')
    return <NotFound wanted={{ text: words.terminals.notFound, backTo: '/terminals', back: words.terminals.back }} />
  const failed = failure ?? ledger.failure
  const retryBoth = () => {
    retry()
    ledger.retry()
  }
  return (
    <>
      <TerminalHead item={item} id={id} />
      {failed && <Failed failure={failed} retry={retryBoth} />}
      {item && ledger.value && <Custody key={item.id} item={item} ledger={ledger.value} />}
      {!(item && ledger.value) && !failed && <Loading tall />}
    </>
  )
}
