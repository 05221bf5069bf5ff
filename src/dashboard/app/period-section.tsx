import { useEffect, useState } from 'preact/hooks'
import type { HourProfile } from '../../contracts/http/touchpoints.ts'
import { useReader } from './reader.ts'
import { formatTouchpointPath, navigate, type Period } from './route.ts'

const presetWeeks = [4, 8, 12]

/** The `weeks` that end with a local date. */
function weeksUntil(to: string, weeks: number): Period {
  const from = new Date(`${to}T00:00:00Z`)
  from.setUTCDate(from.getUTCDate() - weeks * 7 + 1)
  return { from: from.toISOString().slice(0, 10), to }
}

type PeriodProps = { id: string; shown: Period; lastDay: string; isRaw: boolean }

/** Chooses the days that count; the choice is in the address, so that a link shows the same. */
export function PeriodForm({ id, shown, lastDay, isRaw }: PeriodProps) {
  const { words, formats } = useReader()
  const [{ from, to }, setDraft] = useState(shown)
  useEffect(() => setDraft({ from: shown.from, to: shown.to }), [shown.from, shown.to])
  const isInvalid = from === '' || to === '' || from > to
  const go = (period: Period) => navigate(formatTouchpointPath(id, period, isRaw))
  const submit = (event: Event) => {
    event.preventDefault()
    if (!isInvalid) go({ from, to })
  }
  return (
    <form class="period" onSubmit={submit} aria-label={words.period.title}>
      <div class="presets">
        {presetWeeks.map((weeks) => {
          const period = weeksUntil(lastDay, weeks)
          const isShown = period.from === shown.from && period.to === shown.to
          return (
            <button type="button" class="preset" key={weeks} aria-pressed={isShown} onClick={() => go(period)}>
              {words.period.weeks(formats.whole(weeks))}
            </button>
          )
        })}
      </div>
      <label>
        <span>{words.period.from}</span>
        <input
          type="date"
          value={from}
          max={lastDay}
          onInput={(event) => setDraft({ from: event.currentTarget.value, to })}
        />
      </label>
      <label>
        <span>{words.period.to}</span>
        <input
          type="date"
          value={to}
          max={lastDay}
          aria-invalid={isInvalid}
          aria-describedby="period-error"
          onInput={(event) => setDraft({ from, to: event.currentTarget.value })}
        />
      </label>
      <button type="submit" class="button">
        {words.period.show}
      </button>
      <p id="period-error" class="period-error" role="status">
        {from > to ? words.period.invalid : ''}
      </p>
    </form>
  )
}

/** What the mash filter flagged, and the switch to see the figures both ways. */
export function MisuseNote({ id, profile, period }: { id: string; profile: HourProfile; period: Period | null }) {
  const { words, formats } = useReader()
  const isRaw = profile.class === 'raw'
  const shown = formats.whole(profile.misuse)
  const text = isRaw ? words.misuse.with(profile.misuse, shown) : words.misuse.left(profile.misuse, shown)
  const toggle = () => navigate(formatTouchpointPath(id, period, !isRaw))
  return (
    <>
      <p>
        {profile.misuse === 0 ? words.misuse.none : text}{' '}
        {(profile.misuse > 0 || isRaw) && (
          <button type="button" class="link-button" onClick={toggle}>
            {isRaw ? words.misuse.showWithout : words.misuse.showWith}
          </button>
        )}
      </p>
      <p class="muted misuse-help">{words.misuse.help}</p>
    </>
  )
}
