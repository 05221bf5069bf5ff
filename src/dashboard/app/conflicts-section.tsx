import type { Ledger } from '../../contracts/http/terminals.ts'
import { Card } from './card.tsx'
import { findCut, maxShown } from './count-listed.ts'
import { useReader } from './reader.ts'
import { ScrollTable } from './scroll-table.tsx'
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
  const columns = [{ name: text.field }, { name: text.first }, { name: text.later }]
  const title = text.conflict(formats.whole(conflict.sequence), conflict.epoch)
  return (
    <section class="conflict">
      <h3>
        {title} <span class="muted conflict-at">{<TimeAgo instant={conflict.at} />}</span>
      </h3>
      <ScrollTable title={title} kind="contents" columns={columns}>
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
      </ScrollTable>
    </section>
  )
}

/** Both contents of each record that came twice, what differs marked. */
export function ConflictsSection({ ledger }: { ledger: Ledger }) {
  const { words, formats } = useReader()
  const conflicts = (ledger.conflicts ?? []).slice(0, maxShown)
  const text = words.terminals.ledger
  if (conflicts.length === 0) return null
  return (
    <Card title={text.conflictsTitle}>
      <p class="muted">{text.conflictsLead}</p>
      {conflicts.map((conflict) => (
        <ConflictTable key={`${conflict.epoch} ${conflict.sequence} ${show(conflict.arrived)}`} conflict={conflict} />
      ))}
      {findCut(ledger).conflicts && <p class="muted">{text.partly(formats.whole(conflicts.length))}</p>}
    </Card>
  )
}
