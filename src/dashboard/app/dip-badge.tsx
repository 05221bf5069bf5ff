import type { DipItem } from '../../contracts/http/dips.ts'
import { useReader } from './reader.ts'

/** Weekdays and hours of a dip in short: "Mon–Fri 10–11". */
export function useDipTime(dip: DipItem): string {
  const { words, formats } = useReader()
  const days = dip.weekdays === null ? words.dip.everyDay : formats.weekdayList(dip.weekdays)
  return words.dip.when(days, formats.hours(dip.startHour, dip.endHour))
}

export function DipBadge({ dip }: { dip: DipItem }) {
  const time = useDipTime(dip)
  return <span class={`badge badge-${dip.state}`}>{time}</span>
}

export function DipStateBadge({ dip }: { dip: DipItem }) {
  const { words } = useReader()
  return (
    <span class={`badge badge-${dip.state}`}>
      {words.dip.states[dip.state]}
      {dip.trend && ` · ${words.dip.trends[dip.trend]}`}
    </span>
  )
}
