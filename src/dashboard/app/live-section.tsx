import { useEffect, useState } from 'preact/hooks'
import type { LiveCount, TouchpointItem } from '../../contracts/http/touchpoints.ts'
import { Card } from './card.tsx'
import { Face } from './drawing.tsx'
import { type LiveLink, openLive } from './open-live.ts'
import { useReader } from './reader.ts'
import { nameButtons } from './score-buttons.ts'
import { TimeAgo } from './time-ago.tsx'

const spokenEveryMs = 5_000

/** A value that is spoken: it settles before it changes, so that a screen reader is not talked over. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), spokenEveryMs)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

function LinkState({ link }: { link: LiveLink }) {
  const { words } = useReader()
  return <span class={`link-state link-${link}`}>{words.live[link]}</span>
}

/** Today's presses as they arrive. */
export function LiveSection({ item }: { item: TouchpointItem }) {
  const { words, formats } = useReader()
  const [count, setCount] = useState<LiveCount | null>(null)
  const [link, setLink] = useState<LiveLink>('connecting')
  useEffect(() => {
    setCount(null)
    return openLive(item.id, setCount, setLink)
  }, [item.id])

  const presses = count?.presses ?? null
  const spoken = useSettled(presses === null ? '' : words.live.spoken(presses, formats.whole(presses)))
  const counts = count?.counts ?? Array.from({ length: item.question.scaleMax + 1 }, () => 0)
  return (
    <Card class="live" title={words.live.title} aside={<LinkState link={link} />} help={words.live.help}>
      <p class="headline" data-live-presses={presses ?? ''}>
        <span class="headline-number" key={presses}>
          {formats.whole(presses)}
        </span>{' '}
        <span class="muted">{words.live.presses}</span>
      </p>
      <p class="visually-hidden" role="status">
        {spoken}
      </p>
      {/* Without the right to see faces there are none, only the total. */}
      <ul class="live-faces" hidden={counts.length === 0}>
        {nameButtons(counts, words).map(({ mood, label, count: pressed }) => (
          <li key={label}>
            {mood && <Face mood={mood} />}
            <span class="visually-hidden">{label}: </span>
            <span class="live-count" key={pressed}>
              {count === null ? '–' : formats.whole(pressed)}
            </span>
          </li>
        ))}
      </ul>
      <p class="muted live-last">
        {words.columns.lastPress}: <TimeAgo instant={count ? count.lastPressAt : item.lastPressAt} />
      </p>
    </Card>
  )
}
