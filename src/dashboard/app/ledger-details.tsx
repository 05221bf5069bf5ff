/** Which presses are missing and why, which are on the way, and what the terminal no longer had. */
import type { ComponentChildren } from 'preact'
import type { Ledger } from '../../contracts/http/terminals.ts'
import { Card } from './card.tsx'
import { useReader } from './reader.ts'
import { TimeAgo } from './time-ago.tsx'

const maxShown = 100

type Range = { from: number; to: number }

function useRange() {
  const { formats } = useReader()
  return ({ from, to }: Range) => (from === to ? formats.whole(from) : `${formats.whole(from)}–${formats.whole(to)}`)
}

type TableProps = { title: string; columns: readonly string[]; count: number; children: ComponentChildren }

function RangeTable({ title, columns, count, children }: TableProps) {
  const { words, formats } = useReader()
  return (
    <Card title={title}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1) */}
      <section class="scroller" aria-label={title} tabIndex={0}>
        <table class="numbers ranges">
          <caption class="visually-hidden">{title}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col" class={column === words.terminals.ledger.amount ? '' : 'cell-text'}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </section>
      {count > maxShown && <p class="muted">{words.terminals.ledger.newest(formats.whole(maxShown))}</p>}
    </Card>
  )
}

function MissingTable({ missing }: { missing: Ledger['missing'] }) {
  const { words, formats } = useReader()
  const text = words.terminals.ledger
  const formatRange = useRange()
  const columns = [text.numbers, text.amount, text.cause]
  return (
    <RangeTable title={text.missingTitle} columns={columns} count={missing.length}>
      {missing.slice(-maxShown).map((range) => (
        <tr key={`${range.box} ${range.from}`}>
          <th scope="row">
            {formatRange(range)}
            <span class="muted row-path">{range.box ? text.box(range.box) : text.touch}</span>
          </th>
          <td class="cell-missing">{formats.whole(range.to - range.from + 1)}</td>
          <CauseCell cause={range.cause} since={range.since} />
        </tr>
      ))}
    </RangeTable>
  )
}

function CauseCell({ cause, since }: { cause: string; since: string | undefined }) {
  const { words } = useReader()
  const text = words.terminals.ledger
  const causes: Readonly<Record<string, string>> = text.causes
  return (
    <td class="cell-text">
      {/* A cause that only a later version of the server knows is better shown by its name than not at all. */}
      {causes[cause] ?? cause}
      {since && (
        <span class="muted row-path">
          {text.since}: <TimeAgo instant={since} />
        </span>
      )}
    </td>
  )
}

function WaitingTable({ waiting }: { waiting: NonNullable<Ledger['waiting']> }) {
  const { words, formats } = useReader()
  const text = words.terminals.ledger
  const formatRange = useRange()
  return (
    <RangeTable title={text.waitingTitle} columns={[text.numbers, text.amount, text.place]} count={waiting.length}>
      {waiting.slice(0, maxShown).map((range) => (
        <tr key={`${range.box} ${range.from} ${range.at}`}>
          <th scope="row">
            {formatRange(range)}
            <span class="muted row-path">{text.box(range.box)}</span>
          </th>
          <td>{formats.whole(range.to - range.from + 1)}</td>
          <td class="cell-text">{text.places[range.at]}</td>
        </tr>
      ))}
    </RangeTable>
  )
}

function LostTable({ lost }: { lost: NonNullable<Ledger['lost']> }) {
  const { words } = useReader()
  const text = words.terminals.ledger
  const formatRange = useRange()
  return (
    <RangeTable title={text.lostTitle} columns={[text.records, text.cause]} count={lost.length}>
      {lost.map((range) => (
        <tr key={`${range.epoch} ${range.from}`}>
          <th scope="row">{formatRange(range)}</th>
          <CauseCell cause={range.cause} since={range.at} />
        </tr>
      ))}
    </RangeTable>
  )
}

export function LedgerDetails({ ledger: { missing, waiting = [], lost = [] } }: { ledger: Ledger }) {
  return (
    <>
      {missing.length > 0 && <MissingTable missing={missing} />}
      {waiting.length > 0 && <WaitingTable waiting={waiting} />}
      {lost.length > 0 && <LostTable lost={lost} />}
    </>
  )
}
