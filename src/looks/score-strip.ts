import type { Colours } from './colours.ts'
import { drawElement, drawSvg } from './svg-parts.ts'

export type ScoreStripDrawing = {
  width: number
  /** Index at the left end; the right end is 100. */
  from: number
  index: number | null
  low: number | null
  high: number | null
  /** What the strip shows, read to those who do not see it. */
  label: string
  colours: Colours
}

const height = 16

/** Draws an index on a line up to 100 with its interval: a small strip for a row of a table. */
export function drawScoreStrip({ width, from, index, low, high, label, colours }: ScoreStripDrawing): string {
  const x = (value: number) => 5 + ((Math.max(value, from) - from) / (100 - from)) * (width - 10)
  const line = { y: height / 2 - 1.5, height: 3, rx: 1.5 }
  const parts = [drawElement('rect', { x: 0, width, ...line, fill: colours.line })]
  if (low !== null && high !== null) {
    parts.push(
      drawElement('rect', {
        x: x(low),
        y: height / 2 - 5,
        width: Math.max(x(high) - x(low), 2),
        height: 10,
        rx: 3,
        fill: colours.accent,
        'fill-opacity': 0.4,
      }),
    )
  }
  if (index !== null)
    parts.push(
      drawElement('circle', { cx: x(index), cy: height / 2, r: 3.5, fill: colours.accent, stroke: colours.surface }),
    )
  return drawSvg({ width, height, label, name: 'score-strip' }, parts.join(''))
}
