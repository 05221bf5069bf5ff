/** All terminals: those of which presses are missing first, so that whoever runs them sees at once what needs a hand. */
import { useEffect } from 'preact/hooks'
import type { TerminalItem, TerminalList } from '../../contracts/http/terminals.ts'
import { Link } from './link.tsx'
import { Failed, Loading } from './page-states.tsx'
import { useReader } from './reader.ts'
import { formatTerminalPath } from './route.ts'
import { ConnectionState, describePlace } from './terminal-state.tsx'
import { TimeAgo } from './time-ago.tsx'
import { useApi } from './use-api.ts'
import { useNow } from './use-now.ts'
import { WithCommands } from './with-commands.tsx'

const refreshMs = 60_000

const countTrouble = ({ custody, clonedAt, storage }: TerminalItem): number =>
  (custody?.missing ?? 0) + (custody?.countedTwice ?? 0) + (clonedAt ? 1 : 0) + (storage?.refusing ? 1 : 0)

/** Most trouble first, then those that are not heard, then by where they stand and by name. */
function orderTerminals(terminals: readonly TerminalItem[], locale: string): TerminalItem[] {
  const { compare } = new Intl.Collator(locale, { numeric: true })
  const name = (item: TerminalItem) => [...(item.path ?? []), item.touchpointName ?? '', item.name].join(' ')
  return [...terminals].sort(
    (a, b) => countTrouble(b) - countTrouble(a) || Number(a.online) - Number(b.online) || compare(name(a), name(b)),
  )
}

/** What waits by the ledger, and by the terminal's own word until somebody has looked. */
function countWaiting({ custody, unacknowledged, box }: TerminalItem): number | null {
  if (custody) return custody.pending
  return unacknowledged === null ? null : unacknowledged + (box?.pending ?? 0)
}

function TerminalRow({ item }: { item: TerminalItem }) {
  const { words, formats } = useReader()
  const { terminals } = words
  const missing = item.custody?.missing ?? null
  return (
    <tr>
      <th scope="row">
        <Link href={formatTerminalPath(item.id)} class="row-link">
          {item.name}
        </Link>
        <span class="muted row-path">{describePlace(item, terminals.nowhere)}</span>
        {!item.online && (
          <span class="phone-only">
            <ConnectionState item={item} />
          </span>
        )}
        {item.clonedAt && <span class="badge badge-confirmed">{terminals.cloned}</span>}
        {item.storage?.refusing && <span class="badge badge-confirmed">{terminals.refusing}</span>}
      </th>
      <td class="desk-only cell-connection">
        <ConnectionState item={item} />
      </td>
      <td class="wide-only">
        <TimeAgo instant={item.lastPressAt} />
      </td>
      <td>{formats.whole(countWaiting(item))}</td>
      <td class={missing ? 'cell-missing' : ''}>{formats.whole(missing)}</td>
    </tr>
  )
}

function CommandNote({ text, ...rest }: { text: string; class: string }) {
  return (
    <p class={rest.class}>
      <span>
        <WithCommands text={text} />
      </span>
    </p>
  )
}

function ComparedNote({ comparison }: { comparison: NonNullable<TerminalList['comparison']> | null }) {
  const { words, formats } = useReader()
  const { comparedWell, comparedBad, comparedNever } = words.terminals
  const now = useNow()
  if (!comparison) return <CommandNote class="muted ledger-as-of" text={comparedNever} />
  const ago = formats.ago(now - Date.parse(comparison.at)) ?? words.time.justNow
  const { differences } = comparison
  if (differences === 0) return <p class="muted ledger-as-of">{comparedWell(ago)}</p>
  return <CommandNote class="verdict verdict-bad" text={comparedBad(differences, formats.whole(differences), ago)} />
}

function TerminalTable({ terminals, comparison }: TerminalList) {
  const { words, formats } = useReader()
  const { columns, tableTitle, allWell, someMissing } = words.terminals
  const missing = terminals.reduce((sum, { custody }) => sum + (custody?.missing ?? 0), 0)
  const concerned = terminals.filter(({ custody }) => custody && custody.missing > 0).length
  // Nothing is claimed of a terminal whose ledger nobody has looked at yet.
  const isWell = terminals.every((item) => countTrouble(item) === 0 && (item.custody || item.lastSeenAt === null))
  return (
    <section class={missing > 0 ? 'card card-dip' : 'card'}>
      <div class="card-head">
        <h2>{tableTitle}</h2>
      </div>
      {isWell && <p class="lead verdict verdict-good">{allWell}</p>}
      {missing > 0 && (
        <p class="lead verdict verdict-bad">{someMissing(missing, formats.whole(missing), formats.whole(concerned))}</p>
      )}
      {comparison !== undefined && <ComparedNote comparison={comparison} />}
      <table class="numbers touchpoints terminals">
        <caption class="visually-hidden">{tableTitle}</caption>
        <thead>
          <tr>
            <th scope="col">{columns.terminal}</th>
            <th scope="col" class="desk-only cell-connection">
              {columns.connection}
            </th>
            <th scope="col" class="wide-only">
              {words.columns.lastPress}
            </th>
            <th scope="col">{columns.waiting}</th>
            <th scope="col">{columns.missing}</th>
          </tr>
        </thead>
        <tbody>
          {orderTerminals(terminals, formats.locale).map((item) => (
            <TerminalRow key={item.id} item={item} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

export function TerminalsPage() {
  const { words, formats } = useReader()
  const { title, lead, emptyTitle, empty, offline } = words.terminals
  const list = useApi<TerminalList>('/api/v1/terminals', '', refreshMs)
  const terminals = list.value?.terminals ?? []
  const unheard = terminals.filter(({ online }) => !online).length
  useEffect(() => {
    document.title = `${title} · Smilepost`
  }, [title])
  return (
    <>
      <header class="page-head">
        <h1>{title}</h1>
        <p class="muted page-lead">
          {list.value ? lead(terminals.length, formats.whole(terminals.length)) : '\u00a0'}
          {unheard > 0 && (
            <span>
              {offline}: {formats.whole(unheard)}
            </span>
          )}
        </p>
      </header>
      {list.failure && <Failed failure={list.failure} retry={list.retry} />}
      {!list.value && !list.failure && <Loading tall />}
      {list.value && terminals.length === 0 && (
        <div class="notice">
          <h2>{emptyTitle}</h2>
          <p>{empty}</p>
        </div>
      )}
      {list.value && terminals.length > 0 && <TerminalTable {...list.value} />}
    </>
  )
}
