import type { DipItem, PlaceDipItem, TouchpointReport } from '../../contracts/http/dips.ts'
import { listPastDips, rankActiveDips } from './active-dips.ts'
import { Card } from './card.tsx'
import { DipStateBadge, useDipTime } from './dip-badge.tsx'
import { DipCounts, DipFacts } from './dip-evidence.tsx'
import { FixSection } from './dip-fix.tsx'
import { DipMisuse } from './dip-misuse.tsx'
import { useReader } from './reader.ts'

type AnyDip = DipItem | PlaceDipItem
type DipProps = { dip: AnyDip; onChange: () => void }

function DipHead({ dip }: { dip: AnyDip }) {
  const { words } = useReader()
  const time = useDipTime(dip)
  return (
    <>
      {'kind' in dip && (
        <p class="dip-where">
          {words.dips.where[dip.kind]}: <strong>{dip.placeName}</strong>
        </p>
      )}
      <div class="dip-head">
        <h3>{time}</h3>
        <DipStateBadge dip={dip} />
      </div>
    </>
  )
}

/** A dip with all there is to say of it. One that is told at a place is only named here. */
function Dip({ dip, onChange }: DipProps) {
  const { words } = useReader()
  return (
    <article class={`dip dip-${dip.state}`}>
      <DipHead dip={dip} />
      <p class="dip-sentence">{dip.sentence}</p>
      <p class="muted">{dip.standing === '' ? words.dip.stateDetails[dip.state] : dip.standing}</p>
      {dip.toldAt === null && (
        <>
          <div class="dip-evidence">
            <DipFacts dip={dip} />
            <div class="dip-tables">
              <DipCounts dip={dip} />
              <DipMisuse dip={dip} />
            </div>
          </div>
          <FixSection dip={dip} onChange={onChange} />
        </>
      )}
    </article>
  )
}

function PastDip({ dip, onChange }: DipProps) {
  return (
    <article class={`dip dip-${dip.state}`}>
      <DipHead dip={dip} />
      <p class="dip-sentence">{dip.sentence}</p>
      <p class="muted">{dip.standing}</p>
      <FixSection dip={dip} onChange={onChange} />
    </article>
  )
}

/** What is to be said where no dip is: still looking, not enough data, or how deep one would have to be. */
function NoDip({ night, verdict }: Pick<TouchpointReport, 'night' | 'verdict'>) {
  const { words, formats } = useReader()
  if (night === null || verdict === null)
    return (
      <>
        <p class="lead">{words.dips.lookingTitle}</p>
        <p class="muted">{words.dips.looking}</p>
      </>
    )
  if (verdict.kind === 'insufficient') {
    const { presses, days, message } = verdict
    return (
      <>
        <p class="lead">{message}</p>
        <p class="muted">{words.dips.insufficientFacts(presses, formats.whole(presses), days, formats.whole(days))}</p>
      </>
    )
  }
  return (
    <>
      <p class="lead">{words.dip.none}</p>
      <p class="muted">{words.dip.noneDetail}</p>
    </>
  )
}

/** The dips of one touchpoint, its place and its chain with their evidence, or what there is to say without one. */
export function DipSection({ report, onChange }: { report: TouchpointReport; onChange: () => void }) {
  const { words, formats } = useReader()
  const { fdr, night, verdict } = report
  const active = [...rankActiveDips(report.places), ...rankActiveDips(report.dips)]
  const past = [...listPastDips(report.dips), ...listPastDips(report.places)]
  const title = verdict?.kind === 'insufficient' && active.length === 0 ? words.dips.insufficientTitle : null
  return (
    <Card
      class={active.length > 0 ? 'card-dip' : ''}
      title={title ?? (active.length > 1 ? words.dip.titleMany : words.dip.title)}
      help={words.dip.help(formats.share(fdr))}
      aside={night && <span class="muted">{words.dips.asOf(formats.date(night))}</span>}
    >
      {active.map((dip) => (
        <Dip key={dip.id} dip={dip} onChange={onChange} />
      ))}
      {active.length === 0 && <NoDip night={night} verdict={verdict} />}
      {verdict?.kind === 'scanned' && <p class="noticeable">{verdict.message}</p>}
      {past.length > 0 && (
        <section class="past-dips">
          <h3 class="past-title">{words.dips.pastTitle}</h3>
          {past.map((dip) => (
            <PastDip key={dip.id} dip={dip} onChange={onChange} />
          ))}
        </section>
      )}
    </Card>
  )
}
