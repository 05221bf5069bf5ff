import { useReader } from './reader.ts'
import { useNow } from './use-now.ts'

/** How long ago an instant was, in words; the exact time on hover and for machines. */
export function TimeAgo({ instant }: { instant: string | null }) {
  const { words, formats } = useReader()
  const now = useNow()
  if (instant === null) return <span class="muted">{words.time.never}</span>
  return (
    <time dateTime={instant} title={new Date(instant).toLocaleString(formats.locale)}>
      {formats.ago(now - Date.parse(instant)) ?? words.time.justNow}
    </time>
  )
}
