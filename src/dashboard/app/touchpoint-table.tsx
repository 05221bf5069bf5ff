import type { DipItem } from '../../contracts/http/dips.ts'
import type { TouchpointItem } from '../../contracts/http/touchpoints.ts'
import { cssColours } from '../../looks/colours.ts'
import { drawScoreStrip } from '../../looks/score-strip.ts'
import { Help } from './card.tsx'
import { DipBadge } from './dip-badge.tsx'
import { Drawing } from './drawing.tsx'
import { Link } from './link.tsx'
import { useReader } from './reader.ts'
import { formatTouchpointPath } from './route.ts'
import { TimeAgo } from './time-ago.tsx'

const stripWidth = 150

function ScoreCells({ summary }: { summary: TouchpointItem['summary'] }) {
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
        <Drawing svg={drawScoreStrip({ width: stripWidth, index, low, high, label, colours: cssColours })} />
      </td>
    </>
  )
}

function TouchpointRow({ item, dips }: { item: TouchpointItem; dips: readonly DipItem[] }) {
  const { formats } = useReader()
  const share = item.summary.shareHappy
  return (
    <tr>
      <th scope="row">
        <Link href={formatTouchpointPath(item.id)} class="row-link">
          {item.name}
        </Link>
        <span class="muted row-path">{item.path.join(' › ')}</span>
        {dips.map((dip) => (
          <DipBadge key={dip.id} dip={dip} />
        ))}
      </th>
      <ScoreCells summary={item.summary} />
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

/** @param dips the active ones, worst first */
export function TouchpointTable({
  touchpoints,
  dips,
}: {
  touchpoints: readonly TouchpointItem[]
  dips: readonly DipItem[]
}) {
  const { words, formats } = useReader()
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
              {words.columns.interval}
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
            <TouchpointRow key={item.id} item={item} dips={dips.filter((dip) => dip.touchpoint === item.id)} />
          ))}
        </tbody>
      </table>
      <Help>{words.score.help}</Help>
    </section>
  )
}
