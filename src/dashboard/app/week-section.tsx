import type { HourProfile } from '../../contracts/http/touchpoints.ts'
import { cssColours } from '../../looks/colours.ts'
import { drawHeatMap, heatOuterPoints } from '../../looks/heat-map.ts'
import { trimHours } from '../../looks/hour-point.ts'
import { Card } from './card.tsx'
import { WideDrawing } from './drawing.tsx'
import { useReader } from './reader.ts'
import { TableBehind } from './table-behind.tsx'

/** Cells with fewer presses swing by more than 15 points by chance alone, so they are drawn pale. */
const fewPresses = 20

type Cell = HourProfile['week'][number]
type WeekProps = { cells: readonly Cell[]; hours: readonly number[]; weekdays: readonly number[] }

function WeekTable({ cells, hours, weekdays }: WeekProps) {
  const { words, formats } = useReader()
  const find = (weekday: number, hour: number) => cells.find((cell) => cell.weekday === weekday && cell.hour === hour)
  const show = (cell: Cell | undefined) =>
    cell ? `${formats.whole(cell.index)} (${formats.whole(cell.presses)})` : '–'
  return (
    <table class="numbers">
      <caption>
        {words.columns.index} ({words.columns.presses})
      </caption>
      <thead>
        <tr>
          <th scope="col">{words.columns.hour}</th>
          {weekdays.map((weekday) => (
            <th scope="col" key={weekday}>
              {formats.weekday(weekday, 'short')}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {hours.map((hour) => (
          <tr key={hour}>
            <th scope="row">{formats.hours(hour, hour + 1)}</th>
            {weekdays.map((weekday) => (
              <td key={weekday}>{show(find(weekday, hour))}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function HeatKeys() {
  const { words, formats } = useReader()
  const points = formats.whole(heatOuterPoints)
  return (
    <ul class="keys">
      <li class="key key-lower">{words.week.lower(points)}</li>
      <li class="key key-usual">{words.week.usual}</li>
      <li class="key key-higher">{words.week.higher(points)}</li>
      <li class="key key-few">{words.week.few(formats.whole(fewPresses))}</li>
    </ul>
  )
}

/** The index of each local hour of each weekday. */
export function WeekSection({ profile }: { profile: HourProfile }) {
  const { words, formats } = useReader()
  const hours = trimHours(profile.hours).map(({ hour }) => hour)
  const used = new Set(profile.week.map((cell) => cell.weekday))
  const weekdays = formats.weekdays.filter((weekday) => used.has(weekday))
  if (hours.length === 0) return null
  const title = (cell: Cell) =>
    words.week.cell(
      formats.weekday(cell.weekday, 'long'),
      formats.hours(cell.hour, cell.hour + 1),
      formats.whole(cell.index),
      words.score.presses(cell.presses, formats.whole(cell.presses)),
    )
  const draw = (width: number) =>
    drawHeatMap({
      width,
      hours,
      weekdays: weekdays.map((weekday) => ({ weekday, name: formats.weekday(weekday, 'short') })),
      cells: profile.week.map((cell) => ({ ...cell, title: title(cell) })),
      average: profile.total.index,
      fewPresses,
      words: { label: words.week.label },
      colours: cssColours,
    })
  return (
    <Card
      title={words.week.title}
      help={words.week.help}
      aside={<span class="muted">{words.time.zone(profile.zone)}</span>}
    >
      <WideDrawing draw={draw} />
      <HeatKeys />
      <TableBehind label={words.week.title}>
        <WeekTable cells={profile.week} hours={hours} weekdays={weekdays} />
      </TableBehind>
    </Card>
  )
}
