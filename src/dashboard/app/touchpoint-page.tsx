/**
 * One touchpoint: how it does, which hour hurts and since when, hour by hour, over the week, and what comes in now.
 * In comes its id and the period from the address; all figures are the API's.
 */
import { useEffect } from 'preact/hooks'
import type { TouchpointReport } from '../../contracts/http/dips.ts'
import type { HourProfile, TouchpointItem, TouchpointList } from '../../contracts/http/touchpoints.ts'
import { rankActiveDips } from './active-dips.ts'
import { ButtonsSection } from './buttons-section.tsx'
import { DipSection } from './dip-section.tsx'
import { Link } from './link.tsx'
import { LiveSection } from './live-section.tsx'
import { nameTouchpoint } from './name-touchpoint.ts'
import { NoticeSection } from './notice-section.tsx'
import { Failed, Loading, NotFound } from './page-states.tsx'
import { PeakSection } from './peak-section.tsx'
import { MisuseNote, PeriodForm } from './period-section.tsx'
import { ProfileSection } from './profile-section.tsx'
import { useReader } from './reader.ts'
import type { Period } from './route.ts'
import { ScoreSection } from './score-section.tsx'
import { useApi } from './use-api.ts'
import { WeekSection } from './week-section.tsx'

const refreshMs = 300_000

function makeHoursPath(id: string, period: Period | null, isRaw: boolean): string {
  const query = new URLSearchParams({ ...period, class: isRaw ? 'raw' : 'counted' })
  return `/api/v1/touchpoints/${encodeURIComponent(id)}/hours?${query}`
}

function TouchpointHead({ item, id }: { item: TouchpointItem | null; id: string }) {
  const { words, language } = useReader()
  const question = item?.question.texts.find((text) => text.language === language) ?? item?.question.texts[0]
  return (
    <header class="page-head">
      <nav class="path" aria-label={words.states.backHome}>
        <Link href="/">{words.home.touchpointsTitle}</Link>
        {item?.path.map((name) => (
          <span key={name}>{name}</span>
        ))}
      </nav>
      <h1>{item ? nameTouchpoint(item) : id}</h1>
      <p class="muted page-lead">{question ? <q lang={question.language}>{question.text}</q> : '\u00a0'}</p>
    </header>
  )
}

type FiguresProps = { item: TouchpointItem; period: Period | null; isRaw: boolean }

function Figures({ item, period, isRaw }: FiguresProps) {
  const { language } = useReader()
  const hours = useApi<HourProfile>(makeHoursPath(item.id, period, isRaw), item.id, refreshMs)
  const path = `/api/v1/touchpoints/${encodeURIComponent(item.id)}/report?${new URLSearchParams({ language })}`
  const report = useApi<TouchpointReport>(path, item.id, refreshMs)
  const profile = hours.value
  const shown = period ?? { from: profile?.from ?? item.summary.from, to: profile?.to ?? item.summary.to }
  const told = report.value
  const dips = told ? rankActiveDips(told.dips) : []

  return (
    <>
      <div class="toolbar">
        <PeriodForm id={item.id} shown={shown} lastDay={item.summary.to} isRaw={isRaw} />
        <div class="misuse">{profile && <MisuseNote id={item.id} profile={profile} period={period} />}</div>
      </div>
      {hours.failure && <Failed failure={hours.failure} retry={hours.retry} />}
      <div class={`columns ${hours.isLoading && profile ? 'is-stale' : ''}`}>
        {profile ? <ScoreSection profile={profile} /> : <Loading />}
        {profile ? <ButtonsSection counts={profile.total.counts} /> : <Loading />}
        <LiveSection item={item} />
      </div>
      {report.failure && <Failed failure={report.failure} retry={report.retry} />}
      {told && <DipSection report={told} onChange={report.retry} />}
      {!told && !report.failure && <Loading />}
      {profile ? <ProfileSection profile={profile} dips={dips} /> : !hours.failure && <Loading tall />}
      {profile && <WeekSection profile={profile} />}
      {told && <PeakSection peaks={told.peaks} />}
      {told && <NoticeSection notices={told.notices} />}
    </>
  )
}

export function TouchpointPage({ id, period, isRaw }: { id: string; period: Period | null; isRaw: boolean }) {
  const list = useApi<TouchpointList>('/api/v1/touchpoints', '', refreshMs)
  const item = list.value?.touchpoints.find((touchpoint) => touchpoint.id === id) ?? null
  const title = item ? nameTouchpoint(item) : id
  useEffect(() => {
    document.title = `${title} · Smilepost`
  }, [title])

  if (list.value && !item) return <NotFound />
  return (
    <>
      <TouchpointHead item={item} id={id} />
      {list.failure && <Failed failure={list.failure} retry={list.retry} />}
      {item ? <Figures key={item.id} item={item} period={period} isRaw={isRaw} /> : !list.failure && <Loading tall />}
    </>
  )
}
