import type { NoticeItem } from '../../contracts/http/dips.ts'
import { Card } from './card.tsx'
import { useReader } from './reader.ts'

/** What was odd on the last complete day; nothing where nothing was. */
export function NoticeSection({ notices }: { notices: readonly NoticeItem[] }) {
  const { words } = useReader()
  const { title, help, kinds } = words.dips.notices
  if (notices.length === 0) return null
  return (
    <Card title={title} help={help}>
      <ul class="oddities">
        {notices.map(({ kind, sentence }) => (
          <li key={sentence}>
            <span class="badge">{kinds[kind]}</span> {sentence}
          </li>
        ))}
      </ul>
    </Card>
  )
}
