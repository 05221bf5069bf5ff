import type { DipItem } from '../../contracts/http/dips.ts'
import type { TouchpointItem } from '../../contracts/http/touchpoints.ts'
import { cssColours } from '../../looks/colours.ts'
import { drawScoreStrip } from '../../looks/score-strip.ts'
import { Help } from './card.tsx'
import { DipBadge } from './dip-badge.tsx'
import { Drawing } from './drawing.tsx'
import { Link } from './link.tsx'
import { nameTouchpoint } from './name-touchpoint.ts'
import { useReader } from './reader.ts'
import { formatTouchpointPath } from './route.ts'
import { TimeAgo } from './time-ago.tsx'

const stripWidth = 150
/** Of the intervals in a touchpoint's summary. */
const summaryConfidence = 0.95

function ScoreCells({ summary, from }: { summary: TouchpointItem['summary']; from: number }) {
  const { words, formats } = useReader()
  const { index, low, high } = summary
  const range = low === null || high === null ? null : `${formats.whole(low)}–${formats.whole(high)}`
  const label =
    low === null || high === null
      ? `${words.score.title} ${formats.whole(index)}`
      : words.score.description(formats.whole(index), formats.whole(low), formats.whole(high))
  return (
    <>
      <td class="cell-index">
        <strong>{formats.whole(index)}</strong>
        <span class="muted">{range}</span>
      </td>
      <td class="cell-strip wide-only">
        <Drawing svg={drawScoreStrip({ width: stripWidth, from, index, low, high, label, colours: cssColours })} />
      </td>
    </>
  )
}

type RowProps = { item: TouchpointItem; dips: readonly DipItem[]; stripFrom: number }

function TouchpointRow({ item, dips, stripFrom }: RowProps) {
  const { formats } = useReader()
  const share = item.summary.shareHappy
  return (
    <tr>
      <th scope="row">
        <Link href={formatTouchpointPath(item.id)} class="row-link">
          {nameTouchpoint(item)}
        </Link>
        <span class="muted row-path">{item.path.slice(0, -1).join(' › ')}</span>
        {dips.map((dip) => (
          <DipBadge key={dip.id} dip={dip} />
        ))}
      </th>
      <ScoreCells summary={item.summary} from={stripFrom} />
      <td class="desk-only">{formats.share(share === null ? null : share / 100)}</td>
      <td class="desk-only">{formats.whole(item.summary.presses)}</td>
      <td class="cell-last">
        <TimeAgo instant={item.lastPressAt} />
      </td>
    </tr>
  )
}

/** Touchpoints with the worst dip first, then by store and name: indexes whose ranges overlap are no ranking. */
function orderTouchpoints(touchpoints: readonly TouchpointItem[], dips: readonly DipItem[], locale: string) {
  const { compare } = new Intl.Collator(locale, { numeric: true })
  const ranks = new Map([...dips].reverse().map((dip, i) => [dip.touchpoint, dips.length - i]))
  const rank = (item: TouchpointItem) => ranks.get(item.id) ?? Number.POSITIVE_INFINITY
  const name = (item: TouchpointItem) => [...item.path, item.name].join(' ')
  return [...touchpoints].sort((a, b) => (rank(a) === rank(b) ? compare(name(a), name(b)) : rank(a) - rank(b)))
}

/** Where all strips begin, in tens: low enough for every range, high enough to tell the ranges apart. */
function chooseStripStart(touchpoints: readonly TouchpointItem[]): number {
  const lowest = Math.min(...touchpoints.map(({ summary }) => summary.low ?? summary.index ?? 100), 80)
  return Math.max(0, Math.floor((lowest - 5) / 10) * 10)
}

/** @param dips the active ones, worst first */
export function TouchpointTable({
  touchpoints,
  dips,
}: {
  touchpoints: readonly TouchpointItem[]
  dips: readonly DipItem[]
}) {
  const { words, formats } = useReader()
  const stripFrom = chooseStripStart(touchpoints)
  return (
    <section class="card">
      <div class="card-head">
        <h2 id="touchpoints-title">{words.home.touchpointsTitle}</h2>
      </div>
      <table class="numbers touchpoints" aria-labelledby="touchpoints-title">
        <thead>
          <tr>
            <th scope="col">{words.columns.touchpoint}</th>
            <th scope="col">{words.columns.index}</th>
            <th scope="col" class="wide-only cell-strip">
              <span class="visually-hidden">{words.columns.interval}</span>
              <span class="strip-ends" aria-hidden="true">
                <span>{formats.whole(stripFrom)}</span>
                <span>{formats.whole(100)}</span>
              </span>
            </th>
            <th scope="col" class="desk-only">
              {words.columns.share}
            </th>
            <th scope="col" class="desk-only">
              {words.columns.presses}
            </th>
            <th scope="col" class="cell-last">
              {words.columns.lastPress}
            </th>
          </tr>
        </thead>
        <tbody>
          {orderTouchpoints(touchpoints, dips, formats.locale).map((item) => (
            <TouchpointRow
              key={item.id}
              item={item}
              dips={dips.filter((dip) => dip.touchpoint === item.id)}
              stripFrom={stripFrom}
            />
          ))}
        </tbody>
      </table>
      <Help>{words.score.help(formats.share(summaryConfidence))}</Help>
    </section>
  )
}
