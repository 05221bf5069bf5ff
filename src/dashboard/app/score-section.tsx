import type { HourProfile } from '../../contracts/http/touchpoints.ts'
import { cssColours } from '../../looks/colours.ts'
import { drawScoreStrip } from '../../looks/score-strip.ts'
import { Card } from './card.tsx'
import { WideDrawing } from './drawing.tsx'
import { useReader } from './reader.ts'
import { findHappyShare } from './score-buttons.ts'

/** The headline of a period: index with its range, share of happy presses, presses. */
export function ScoreSection({ profile: { total, confidence } }: { profile: HourProfile }) {
  const { words, formats } = useReader()
  const { index, low, high, presses } = total
  const range =
    low !== null && high !== null
      ? words.score.interval(formats.whole(low), formats.whole(high))
      : index === null
        ? words.score.none
        : words.score.noInterval
  return (
    <Card class="score" title={words.score.title} help={words.score.help(formats.share(confidence))}>
      <p class="headline">
        <span class="headline-number">{formats.whole(index)}</span> <span class="muted">{words.score.of100}</span>
      </p>
      <p class="headline-range">{range}</p>
      <WideDrawing
        class="headline-strip"
        draw={(width) =>
          drawScoreStrip({
            width,
            from: 0,
            index,
            low,
            high,
            label: `${words.score.title} ${formats.whole(index)}, ${range}`,
            colours: cssColours,
          })
        }
      />
      <dl class="pair">
        <div>
          <dd>{formats.share(findHappyShare(total.counts))}</dd>
          <dt>{words.score.share}</dt>
        </div>
        <div>
          <dd>{formats.whole(presses)}</dd>
          <dt>{words.columns.presses}</dt>
        </div>
      </dl>
    </Card>
  )
}
