import { useReader } from './reader.ts'
import { useNow } from './use-now.ts'

/**
 * How long ago an instant was, in words; the exact time on hover and for machines.
 *
 * @param never what to say of none; that there was no press when left out
 */
export function TimeAgo({ instant, never }: { instant: string | null; never?: string }) {
  const { words, formats } = useReader()
  const now = useNow()
  if (instant === null) return <span class="muted">{never ?? words.time.never}</span>
  return (
    <time dateTime={instant} title={new Date(instant).toLocaleString(formats.locale)}>
      {formats.ago(now - Date.parse(instant)) ?? words.time.justNow}
    </time>
  )
}
