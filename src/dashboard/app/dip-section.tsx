import type { DipItem } from '../../contracts/http/dips.ts'
import { Card } from './card.tsx'
import { DipStateBadge, useDipTime } from './dip-badge.tsx'
import { DipCounts, DipFacts } from './dip-evidence.tsx'
import { useReader } from './reader.ts'

function Dip({ dip }: { dip: DipItem }) {
  const { words } = useReader()
  const time = useDipTime(dip)
  return (
    <article class={`dip dip-${dip.state}`}>
      <div class="dip-head">
        <h3>{time}</h3>
        <DipStateBadge dip={dip} />
      </div>
      <p class="dip-sentence">{dip.sentence}</p>
      <p class="muted">{words.dip.stateDetails[dip.state]}</p>
      <div class="dip-evidence">
        <DipFacts dip={dip} />
        <DipCounts dip={dip} />
      </div>
    </article>
  )
}

/** The dips of one touchpoint with their evidence, or that there is none. */
export function DipSection({ dips, fdr, insufficient }: { dips: DipItem[]; fdr: number; insufficient: string | null }) {
  const { words, formats } = useReader()
  return (
    <Card
      class={dips.length > 0 ? 'card-dip' : ''}
      title={dips.length > 1 ? words.dip.titleMany : words.dip.title}
      help={words.dip.help(formats.share(fdr))}
    >
      {dips.map((dip) => (
        <Dip key={dip.id} dip={dip} />
      ))}
      {dips.length === 0 && (
        <>
          <p class="lead">{insufficient ?? words.dip.none}</p>
          {!insufficient && <p class="muted">{words.dip.noneDetail}</p>}
        </>
      )}
    </Card>
  )
}
