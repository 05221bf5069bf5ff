/** All touchpoints at a glance: first the hours that hurt, worst first, then how each touchpoint does. */
import { useEffect } from 'preact/hooks'
import type { DipItem, DipReport, PlaceDipItem } from '../../contracts/http/dips.ts'
import type { TouchpointItem, TouchpointList } from '../../contracts/http/touchpoints.ts'
import { listPastDips, rankActiveDips } from './active-dips.ts'
import { Help } from './card.tsx'
import { DipStateBadge, useDipTime } from './dip-badge.tsx'
import { Link } from './link.tsx'
import { nameTouchpoint } from './name-touchpoint.ts'
import { Failed, Loading } from './page-states.tsx'
import { useReader } from './reader.ts'
import { formatTouchpointPath } from './route.ts'
import { TimeAgo } from './time-ago.tsx'
import { TouchpointTable } from './touchpoint-table.tsx'
import { useApi } from './use-api.ts'

const refreshMs = 60_000

function DipName({ dip }: { dip: DipItem | PlaceDipItem }) {
  const { words } = useReader()
  if ('kind' in dip)
    return (
      <>
        {dip.placeName} <span class="muted dip-scope">{words.dips.where[dip.kind]}</span>
      </>
    )
  return (
    <Link href={formatTouchpointPath(dip.touchpoint)}>
      {dip.placeName}, {dip.touchpointName}
    </Link>
  )
}

function DipEntry({ dip }: { dip: DipItem | PlaceDipItem }) {
  const time = useDipTime(dip)
  return (
    <li class={`dip-entry dip-${dip.state}`}>
      <div class="dip-head">
        <h3>
          <DipName dip={dip} />
        </h3>
        <span class="dip-time">{time}</span>
        <DipStateBadge dip={dip} />
      </div>
      <p class="dip-sentence">{dip.sentence}</p>
      {dip.standing !== '' && <p class="muted">{dip.standing}</p>}
    </li>
  )
}

/** Dips that are gone, in one line each. */
function PastDips({ report }: { report: DipReport }) {
  const { words } = useReader()
  const past = [...listPastDips(report.places.filter(isToldHere)), ...listPastDips(report.dips.filter(isToldHere))]
  if (past.length === 0) return null
  return (
    <details class="insufficient">
      <summary>
        <h3 class="past-summary">{words.dips.pastTitle}</h3>
      </summary>
      <ol class="dip-entries">
        {past.map((dip) => (
          <DipEntry key={dip.id} dip={dip} />
        ))}
      </ol>
    </details>
  )
}

type InsufficientProps = { report: DipReport; touchpoints: readonly TouchpointItem[] }

function Insufficient({ report, touchpoints }: InsufficientProps) {
  const { words } = useReader()
  const nameOf = (id: string) => {
    const item = touchpoints.find((touchpoint) => touchpoint.id === id)
    return item ? nameTouchpoint(item) : id
  }
  if (report.insufficient.length === 0) return null
  return (
    <div class="insufficient">
      <h3>{words.home.insufficientTitle}</h3>
      <ul>
        {report.insufficient.map(({ touchpoint, message }) => (
          <li key={touchpoint}>
            <Link href={formatTouchpointPath(touchpoint)}>{nameOf(touchpoint)}</Link>: {message}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Not of a dip that is told at a place in its stead. */
const isToldHere = (dip: DipItem | PlaceDipItem): boolean => dip.toldAt === null

function DipsOverview({ report, touchpoints }: InsufficientProps) {
  const { words, formats } = useReader()
  const dips = [...rankActiveDips(report.places.filter(isToldHere)), ...rankActiveDips(report.dips.filter(isToldHere))]
  const isLooking = report.night === null
  return (
    <section class={`card ${dips.length > 0 ? 'card-dip' : ''}`}>
      <div class="card-head">
        <h2>{words.home.dipsTitle}</h2>
        {report.night && (
          <span class="muted">
            {words.dips.asOf(formats.date(report.night))}. {words.home.updated} <TimeAgo instant={report.asOf} />
          </span>
        )}
      </div>
      {dips.length > 1 && <p class="muted">{words.home.dipsLead}</p>}
      {dips.length === 0 && <p class="lead">{isLooking ? words.dips.lookingTitle : words.home.noDips}</p>}
      {isLooking && <p class="muted">{words.dips.looking}</p>}
      {dips.length > 0 && (
        <ol class="dip-entries">
          {dips.map((dip) => (
            <DipEntry key={dip.id} dip={dip} />
          ))}
        </ol>
      )}
      <Insufficient report={report} touchpoints={touchpoints} />
      <PastDips report={report} />
      <Help>{words.dip.help(formats.share(report.fdr))}</Help>
    </section>
  )
}

function Empty() {
  const { words } = useReader()
  return (
    <div class="notice">
      <h2>{words.home.emptyTitle}</h2>
      <p>{words.home.empty}</p>
    </div>
  )
}

export function HomePage() {
  const { words, formats, language } = useReader()
  const list = useApi<TouchpointList>('/api/v1/touchpoints', '', refreshMs)
  const report = useApi<DipReport>(`/api/v1/dips?${new URLSearchParams({ language })}`, '', refreshMs)
  const touchpoints = list.value?.touchpoints ?? []
  const [from, to] = [
    touchpoints.map((t) => t.summary.from).sort()[0],
    touchpoints
      .map((t) => t.summary.to)
      .sort()
      .at(-1),
  ]
  useEffect(() => {
    document.title = `${words.home.title} · Smilepost`
  }, [words])

  return (
    <>
      <header class="page-head">
        <h1>{words.home.title}</h1>
        <p class="muted page-lead">
          {from && to
            ? words.home.lead(touchpoints.length, formats.whole(touchpoints.length), formats.dateRange(from, to))
            : '\u00a0'}
        </p>
      </header>
      {list.failure && <Failed failure={list.failure} retry={list.retry} />}
      {!list.value && !list.failure && <Loading tall />}
      {list.value && touchpoints.length === 0 && <Empty />}
      {touchpoints.length > 0 && (
        <>
          {report.failure && <Failed failure={report.failure} retry={report.retry} />}
          {report.value && <DipsOverview report={report.value} touchpoints={touchpoints} />}
          {!report.value && !report.failure && <Loading />}
          <TouchpointTable touchpoints={touchpoints} dips={rankActiveDips(report.value?.dips ?? [])} />
        </>
      )}
    </>
  )
}
