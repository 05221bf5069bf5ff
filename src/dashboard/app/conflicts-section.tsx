import type { Ledger } from '../../contracts/http/terminals.ts'
import { Card } from './card.tsx'
import { useReader } from './reader.ts'
import { TimeAgo } from './time-ago.tsx'

type Conflict = NonNullable<Ledger['conflicts']>[number]
type Fields = Record<string, unknown>

const asFields = (content: unknown): Fields =>
  typeof content === 'object' && content !== null ? (content as Fields) : {}
const show = (value: unknown): string =>
  value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value)

function ConflictTable({ conflict }: { conflict: Conflict }) {
  const { words, formats } = useReader()
  const text = words.terminals.ledger
  const [first, later] = [asFields(conflict.stored), asFields(conflict.arrived)]
  const names = [...new Set([...Object.keys(first), ...Object.keys(later)])]
  const title = text.conflict(formats.whole(conflict.sequence), conflict.epoch)
  return (
    <section class="conflict">
      <h3>
        {title} <span class="muted conflict-at">{<TimeAgo instant={conflict.at} />}</span>
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1) */}
      <section class="scroller" aria-label={title} tabIndex={0}>
        <table class="numbers contents">
          <caption class="visually-hidden">{title}</caption>
          <thead>
            <tr>
              <th scope="col">{text.field}</th>
              <th scope="col">{text.first}</th>
              <th scope="col">{text.later}</th>
            </tr>
          </thead>
          <tbody>
            {names.map((name) => {
              const [before, after] = [show(first[name]), show(later[name])]
              const differs = before !== after
              return (
                <tr key={name} class={differs ? 'differs' : ''}>
                  <th scope="row">
                    <span class="differs-sign">{differs ? '≠' : ''}</span>
                    {name}
                  </th>
                  <td>{before}</td>
                  <td>{after}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </section>
    </section>
  )
}

/** Both contents of each record that came twice, what differs marked. */
export function ConflictsSection({ conflicts }: { conflicts: readonly Conflict[] }) {
  const { words } = useReader()
  const text = words.terminals.ledger
  if (conflicts.length === 0) return null
  return (
    <Card title={text.conflictsTitle}>
      <p class="muted">{text.conflictsLead}</p>
      {conflicts.map((conflict) => (
        <ConflictTable key={`${conflict.epoch} ${conflict.sequence} ${show(conflict.arrived)}`} conflict={conflict} />
      ))}
    </Card>
  )
}
