import type { PeakItem } from '../../contracts/http/dips.ts'
import { Card } from './card.tsx'
import { useDipTime } from './dip-badge.tsx'
import { useReader } from './reader.ts'

function Peak({ peak }: { peak: PeakItem }) {
  const { words } = useReader()
  const time = useDipTime(peak)
  return (
    <li class="dip-entry">
      {peak.kind !== 'touchpoint' && (
        <p class="dip-where">
          {words.dips.where[peak.kind]}: <strong>{peak.name}</strong>
        </p>
      )}
      <h3>{time}</h3>
      <p class="dip-sentence">{peak.sentence}</p>
    </li>
  )
}

/** Hours that are better than those around them; nothing where there are none. */
export function PeakSection({ peaks }: { peaks: readonly PeakItem[] }) {
  const { words } = useReader()
  if (peaks.length === 0) return null
  return (
    <Card title={words.dips.peaks.title} help={words.dips.peaks.help}>
      <ul>
        {peaks.map((peak) => (
          <Peak key={`${peak.kind} ${peak.at} ${peak.startHour} ${peak.weekdays?.join('')}`} peak={peak} />
        ))}
      </ul>
    </Card>
  )
}
