/**
 * The hour profile: in comes the index of each local hour with its interval and presses, out goes an SVG string.
 *
 * Above, points joined by a line with a bar for each interval; below, presses per hour as columns. Hours are bands
 * between labelled borders, so that "10–11" is the band between 10 and 11. A dip's window is shaded through both.
 */
import type { Colours } from './colours.ts'
import { type HourPoint, listHours } from './hour-point.ts'
import { drawElement, drawSvg, drawText, drawTitle } from './svg-parts.ts'

type HourWindow = { startHour: number; endHour: number; label: string }

export type HourProfileDrawing = {
  /** Pixels; text keeps its size, so draw again when the room changes. */
  width: number
  points: readonly HourPoint[]
  /** Index of all presses together, drawn as a dashed line. */
  average: number | null
  windows: readonly HourWindow[]
  words: { label: string; index: string; presses: string; average: string }
  formatCount: (count: number) => string
  colours: Colours
}

const hourProfileHeight = 336
const area = { left: 44, right: 12, indexTop: 34, indexBottom: 216, pressTop: 256, pressBottom: 308 }
const fontSize = 12

type Frame = HourProfileDrawing & {
  band: number
  /** Left border of the n-th hour. */
  x: (position: number) => number
  y: (index: number) => number
  ticks: number[]
}

function chooseTicks(points: readonly HourPoint[]): number[] {
  const lowest = Math.min(...points.map((point) => point.low ?? point.index ?? 100), 80)
  const step = lowest < 40 ? 20 : 10
  const from = Math.max(0, Math.floor((lowest - 2) / step) * step)
  return Array.from({ length: (100 - from) / step + 1 }, (_, i) => from + i * step)
}

function frame(drawing: HourProfileDrawing): Frame {
  const { width, points } = drawing
  const band = (width - area.left - area.right) / Math.max(points.length, 1)
  const ticks = chooseTicks(points)
  const from = ticks[0] ?? 0
  const y = (index: number) => area.indexBottom - ((index - from) / (100 - from)) * (area.indexBottom - area.indexTop)
  return { ...drawing, band, x: (position) => area.left + position * band, y, ticks }
}

function drawWindow({ points, x, colours }: Frame, window: HourWindow): string {
  const inside = new Set(listHours(window.startHour, window.endHour))
  const positions = points.flatMap((point, position) => (inside.has(point.hour) ? [position] : []))
  const [first, last] = [positions[0], positions.at(-1)]
  if (first === undefined || last === undefined) return ''
  const [left, right] = [x(first), x(last + 1)]
  const middle = Math.min(Math.max((left + right) / 2, area.left + 30), x(points.length) - 30)
  return (
    drawElement('rect', {
      x: left,
      y: area.indexTop - 8,
      width: right - left,
      height: area.pressBottom - area.indexTop + 8,
      fill: colours.dipSoft,
    }) +
    drawElement('path', { d: `M${left} ${area.indexTop - 8}H${right}`, stroke: colours.dip, 'stroke-width': 3 }) +
    drawText(window.label, {
      x: middle,
      y: area.indexTop - 15,
      'text-anchor': 'middle',
      'font-size': fontSize,
      'font-weight': 700,
      fill: colours.dip,
    })
  )
}

function drawGrid({ ticks, y, x, points, colours, words, average }: Frame): string {
  const right = x(points.length)
  const lines = ticks.map(
    (tick) =>
      drawElement('path', { d: `M${area.left} ${y(tick).toFixed(1)}H${right.toFixed(1)}`, stroke: colours.line }) +
      drawText(String(tick), {
        x: area.left - 8,
        y: y(tick) + 4,
        'text-anchor': 'end',
        'font-size': fontSize,
        fill: colours.inkMuted,
      }),
  )
  const mean =
    average === null
      ? ''
      : drawElement(
          'path',
          {
            d: `M${area.left} ${y(average).toFixed(1)}H${right.toFixed(1)}`,
            stroke: colours.inkMuted,
            'stroke-dasharray': '5 4',
          },
          drawTitle(words.average),
        )
  return lines.join('') + mean
}

function drawHours({ points, x, band, colours }: Frame): string {
  const every = band < 18 ? 2 : 1
  const borders = [...points.map((point) => point.hour), ((points.at(-1)?.hour ?? 0) + 1) % 24]
  return borders
    .map((hour, position) =>
      position % every === 0
        ? drawText(String(hour === 0 && position === points.length ? 24 : hour), {
            x: x(position),
            y: area.pressBottom + 18,
            'text-anchor': 'middle',
            'font-size': fontSize,
            fill: colours.inkMuted,
          })
        : '',
    )
    .join('')
}

function drawPresses({ points, x, band, colours, words, formatCount }: Frame): string {
  const most = Math.max(...points.map((point) => point.presses), 1)
  const height = area.pressBottom - area.pressTop
  const columns = points.map((point, position) => {
    const tall = (point.presses / most) * height
    const inset = Math.min(band * 0.2, 8)
    return drawElement('rect', {
      x: x(position) + inset,
      y: area.pressBottom - tall,
      width: band - 2 * inset,
      height: tall,
      rx: 2,
      fill: colours.lineStrong,
    })
  })
  const style = { 'font-size': fontSize, fill: colours.inkMuted }
  const axis = { x: area.left - 8, 'text-anchor': 'end', ...style }
  const caption =
    drawText(words.presses, { x: 0, y: area.pressTop - 14, ...style }) +
    drawText(formatCount(most), { y: area.pressTop + 4, ...axis }) +
    drawText('0', { y: area.pressBottom + 4, ...axis })
  const ground = drawElement('path', {
    d: `M${area.left} ${area.pressBottom}H${x(points.length).toFixed(1)}`,
    stroke: colours.lineStrong,
  })
  return columns.join('') + ground + caption
}

function drawLine({ points, x, y, band, colours }: Frame): string {
  const steps = points.map((point, position) => {
    const before = position > 0 ? points[position - 1]?.index : null
    if (point.index === null) return ''
    const command = before === null || before === undefined ? 'M' : 'L'
    return `${command}${(x(position) + band / 2).toFixed(1)} ${y(point.index).toFixed(1)}`
  })
  return drawElement('path', {
    d: steps.join(''),
    fill: 'none',
    stroke: colours.accent,
    'stroke-width': 2,
    'stroke-linejoin': 'round',
  })
}

function drawPoint({ x, y, band, colours }: Frame, point: HourPoint, position: number): string {
  const middle = x(position) + band / 2
  const cap = Math.min(band * 0.16, 6)
  const bar =
    point.low === null || point.high === null
      ? ''
      : drawElement('path', {
          d: `M${middle - cap} ${y(point.high)}h${2 * cap}M${middle - cap} ${y(point.low)}h${2 * cap}M${middle} ${y(point.high)}V${y(point.low)}`,
          stroke: colours.accent,
          'stroke-width': 1.5,
        })
  const dot =
    point.index === null
      ? ''
      : drawElement('circle', {
          cx: middle,
          cy: y(point.index),
          r: Math.min(5, band * 0.2),
          fill: colours.accent,
          stroke: colours.surface,
          'stroke-width': 1.5,
        })
  const target = drawElement('rect', {
    x: x(position),
    y: area.indexTop,
    width: band,
    height: area.pressBottom - area.indexTop,
    fill: 'transparent',
  })
  return `<g class="chart-hour">${drawTitle(point.title)}${bar}${dot}${target}</g>`
}

/** Draws the hour profile, `hourProfileHeight` high. Give `points` in the order of the business day, trimmed. */
export function drawHourProfile(drawing: HourProfileDrawing): string {
  const framed = frame(drawing)
  const { width, points, windows, words, colours } = framed
  const caption = drawText(words.index, {
    x: 0,
    y: 11,
    'font-size': fontSize,
    fill: colours.inkMuted,
  })
  const inner = [
    ...windows.map((window) => drawWindow(framed, window)),
    caption,
    drawGrid(framed),
    drawHours(framed),
    drawPresses(framed),
    drawLine(framed),
    ...points.map((point, position) => drawPoint(framed, point, position)),
  ].join('')
  return drawSvg({ width, height: hourProfileHeight, label: words.label, name: 'hour-profile' }, inner)
}
