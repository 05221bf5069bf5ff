import type { DipItem } from '../../contracts/http/dips.ts'
import type { HourProfile } from '../../contracts/http/touchpoints.ts'
import { cssColours } from '../../looks/colours.ts'
import { trimHours } from '../../looks/hour-point.ts'
import { drawHourProfile } from '../../looks/hour-profile.ts'
import { Card } from './card.tsx'
import { WideDrawing } from './drawing.tsx'
import { useReader } from './reader.ts'
import { nameButtons } from './score-buttons.ts'
import { TableBehind } from './table-behind.tsx'

type Hour = HourProfile['hours'][number]

function useHourTexts() {
  const { words, formats } = useReader()
  const hours = (hour: number) => formats.hours(hour, hour + 1)
  const range = ({ low, high }: Hour) =>
    low === null || high === null ? '' : words.profile.range(formats.whole(low), formats.whole(high))
  const title = (hour: Hour) =>
    words.profile.point(
      hours(hour.hour),
      formats.whole(hour.index),
      range(hour),
      words.score.presses(hour.presses, formats.whole(hour.presses)),
    )
  return { hours, title }
}

function ProfileTable({ hours }: { hours: readonly Hour[] }) {
  const { words, formats } = useReader()
  const texts = useHourTexts()
  return (
    <table class="numbers">
      <caption class="visually-hidden">{words.profile.title}</caption>
      <thead>
        <tr>
          <th scope="col">{words.columns.hour}</th>
          <th scope="col">{words.columns.index}</th>
          <th scope="col">{words.columns.interval}</th>
          <th scope="col">{words.columns.presses}</th>
          <th scope="col">{words.columns.days}</th>
          {nameButtons(hours[0]?.counts ?? [], words).map(({ label }) => (
            <th scope="col" key={label}>
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {hours.map((hour) => (
          <tr key={hour.hour}>
            <th scope="row">{texts.hours(hour.hour)}</th>
            <td>{formats.whole(hour.index)}</td>
            <td>
              {hour.low === null || hour.high === null ? '–' : `${formats.whole(hour.low)}–${formats.whole(hour.high)}`}
            </td>
            <td>{formats.whole(hour.presses)}</td>
            <td>{formats.whole(hour.days)}</td>
            {nameButtons(hour.counts, words).map(({ label, count }) => (
              <td key={label}>{formats.whole(count)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** The index of each local hour, with the dips' windows. */
export function ProfileSection({ profile, dips }: { profile: HourProfile; dips: readonly DipItem[] }) {
  const { words, formats } = useReader()
  const texts = useHourTexts()
  const hours = trimHours(profile.hours)
  const average = words.profile.average(formats.whole(profile.total.index))
  const draw = (width: number) =>
    drawHourProfile({
      width,
      points: hours.map((hour) => ({ ...hour, title: texts.title(hour) })),
      average: profile.total.index,
      windows: dips.map(({ startHour, endHour }) => ({ startHour, endHour, label: formats.hours(startHour, endHour) })),
      words: {
        label: words.profile.label(average),
        index: words.profile.indexAxis,
        presses: words.profile.pressAxis,
        average,
      },
      formatCount: formats.whole,
      colours: cssColours,
    })
  return (
    <Card
      title={words.profile.title}
      help={words.profile.help}
      aside={<span class="muted">{words.time.zone(profile.zone)}</span>}
    >
      {hours.length === 0 ? (
        <p class="lead">{words.profile.empty}</p>
      ) : (
        <>
          <WideDrawing class="profile-drawing" draw={draw} />
          <ul class="keys">
            <li class="key key-interval">{words.profile.intervalKey}</li>
            <li class="key key-average">{words.profile.averageKey}</li>
            {dips.length > 0 && <li class="key key-dip">{words.profile.dipKey}</li>}
          </ul>
          <TableBehind label={words.profile.title}>
            <ProfileTable hours={hours} />
          </TableBehind>
        </>
      )}
    </Card>
  )
}
