import type { DipItem } from '../../contracts/http/dips.ts'
import { StateIcon, TrendIcon } from './dip-icons.tsx'
import { useReader } from './reader.ts'

type When = Pick<DipItem, 'weekdays' | 'startHour' | 'endHour'>

/** Weekdays and hours in short: "Mon–Fri 10–11". */
export function useDipTime(when: When): string {
  const { words, formats } = useReader()
  const days = when.weekdays === null ? words.dip.everyDay : formats.weekdayList(when.weekdays)
  return words.dip.when(days, formats.hours(when.startHour, when.endHour))
}

export function DipBadge({ dip }: { dip: When & Pick<DipItem, 'state'> }) {
  const { words } = useReader()
  const time = useDipTime(dip)
  return (
    <span class={`badge badge-${dip.state}`}>
      <StateIcon state={dip.state} />
      <span class="visually-hidden">{words.dip.states[dip.state]}: </span>
      {time}
    </span>
  )
}

export function DipStateBadge({ dip }: { dip: Pick<DipItem, 'state' | 'trend'> }) {
  const { words } = useReader()
  return (
    <span class="badges">
      <span class={`badge badge-${dip.state}`}>
        <StateIcon state={dip.state} />
        {words.dip.states[dip.state]}
      </span>
      {dip.trend && (
        <span class="badge">
          <TrendIcon trend={dip.trend} />
          {words.dip.trends[dip.trend]}
        </span>
      )}
    </span>
  )
}
