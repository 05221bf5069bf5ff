/** Which presses are missing and why, which are on the way, and what the terminal no longer had. */
import type { ComponentChildren } from 'preact'
import type { Ledger } from '../../contracts/http/terminals.ts'
import { Card } from './card.tsx'
import { findCut, maxShown } from './count-listed.ts'
import { useReader } from './reader.ts'
import { type Column, ScrollTable } from './scroll-table.tsx'
import { TimeAgo } from './time-ago.tsx'

type Range = { from: number; to: number }

function useRange() {
  const { formats } = useReader()
  return ({ from, to }: Range) => (from === to ? formats.whole(from) : `${formats.whole(from)}–${formats.whole(to)}`)
}

type TableProps = {
  title: string
  columns: readonly Column[]
  isCut: boolean
  shown: number
  children: ComponentChildren
}

function RangeTable({ title, columns, isCut, shown, children }: TableProps) {
  const { words, formats } = useReader()
  return (
    <Card title={title}>
      <ScrollTable title={title} kind="ranges" columns={columns}>
        {children}
      </ScrollTable>
      {isCut && <p class="muted">{words.terminals.ledger.partly(formats.whole(shown))}</p>}
    </Card>
  )
}

function MissingTable({ missing, isCut }: { missing: Ledger['missing']; isCut: boolean }) {
  const { words, formats } = useReader()
  const text = words.terminals.ledger
  const formatRange = useRange()
  const columns = [{ name: text.numbers, isText: true }, { name: text.amount }, { name: text.cause, isText: true }]
  const rows = missing.slice(-maxShown)
  return (
    <RangeTable title={text.missingTitle} columns={columns} isCut={isCut} shown={rows.length}>
      {rows.map((range) => (
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

function WaitingTable({ waiting, isCut }: { waiting: NonNullable<Ledger['waiting']>; isCut: boolean }) {
  const { words, formats } = useReader()
  const text = words.terminals.ledger
  const formatRange = useRange()
  const columns = [{ name: text.numbers, isText: true }, { name: text.amount }, { name: text.place, isText: true }]
  const rows = waiting.slice(0, maxShown)
  return (
    <RangeTable title={text.waitingTitle} columns={columns} isCut={isCut} shown={rows.length}>
      {rows.map((range) => (
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

function LostTable({ lost, isCut }: { lost: NonNullable<Ledger['lost']>; isCut: boolean }) {
  const { words } = useReader()
  const text = words.terminals.ledger
  const formatRange = useRange()
  const columns = [
    { name: text.records, isText: true },
    { name: text.cause, isText: true },
  ]
  const rows = lost.slice(0, maxShown)
  return (
    <RangeTable title={text.lostTitle} columns={columns} isCut={isCut} shown={rows.length}>
      {rows.map((range) => (
        <tr key={`${range.epoch} ${range.from}`}>
          <th scope="row">{formatRange(range)}</th>
          <CauseCell cause={range.cause} since={range.at} />
        </tr>
      ))}
    </RangeTable>
  )
}

export function LedgerDetails({ ledger }: { ledger: Ledger }) {
  const { missing, waiting = [], lost = [] } = ledger
  const isCut = findCut(ledger)
  return (
    <>
      {missing.length > 0 && <MissingTable missing={missing} isCut={isCut.missing} />}
      {waiting.length > 0 && <WaitingTable waiting={waiting} isCut={isCut.waiting} />}
      {lost.length > 0 && <LostTable lost={lost} isCut={isCut.lost} />}
    </>
  )
}
