/**
 * The heat map of hour × weekday: in come the cells with an index, out goes an SVG string.
 *
 * Colour says how far a cell lies above (blue) or below (orange) the touchpoint's own index; the number is printed
 * wherever it fits, so colour is never alone. Cells with few presses are paler: they must not shout.
 */
import type { ColourName, Colours } from './colours.ts'
import { drawElement, drawSvg, drawText, drawTitle } from './svg-parts.ts'

type HeatCell = { weekday: number; hour: number; presses: number; index: number | null; title: string }

export type HeatMapDrawing = {
  /** Pixels; below 560 the hours run downwards, so that a phone shows the numbers. */
  width: number
  /** Hours in the order of the business day. */
  hours: readonly number[]
  /** ISO weekdays in the order of the reader's week, with their short names. */
  weekdays: readonly { weekday: number; name: string }[]
  cells: readonly HeatCell[]
  /** The index that counts as neither good nor bad. */
  average: number | null
  /** Cells with fewer presses than this are paler. */
  fewPresses: number
  words: { label: string }
  colours: Colours
}

const heatColours: readonly ColourName[] = ['heat1', 'heat2', 'heat3', 'heat4', 'heat5', 'heat6', 'heat7']
/** Points of index from one colour to the next. */
const heatStep = 4
/** From this distance from the average on, in points, a cell has the outermost colour. */
export const heatOuterPoints = 2.5 * heatStep
const gap = 2
const fontSize = 12

/** Colour role of an index beside the average: each step is `heatStep` points, the middle one ± half a step. */
export function chooseHeatColour(index: number, average: number): ColourName {
  const steps = Math.round((index - average) / heatStep)
  return heatColours[Math.min(Math.max(steps, -3), 3) + 3] ?? 'heat4'
}

type Grid = { left: number; top: number; cellWidth: number; cellHeight: number; isTall: boolean }

function layOut({ width, hours, weekdays }: HeatMapDrawing): Grid & { height: number } {
  const isTall = width < 560
  const columns = isTall ? weekdays.length : hours.length
  const rows = isTall ? hours.length : weekdays.length
  const left = isTall ? 50 : 44
  const top = 24
  const cellWidth = (width - left) / Math.max(columns, 1)
  const cellHeight = isTall ? 26 : 32
  return { left, top, cellWidth, cellHeight, isTall, height: top + rows * cellHeight }
}

function drawCell(
  drawing: HeatMapDrawing,
  grid: Grid,
  cell: HeatCell | undefined,
  column: number,
  row: number,
): string {
  const { colours, average, fewPresses } = drawing
  const x = grid.left + column * grid.cellWidth
  const y = grid.top + row * grid.cellHeight
  const box = { x: x + gap / 2, y: y + gap / 2, width: grid.cellWidth - gap, height: grid.cellHeight - gap, rx: 3 }
  if (!cell || cell.index === null) return drawElement('rect', { ...box, fill: 'none', stroke: colours.line })
  const isThin = cell.presses < fewPresses
  const rect = drawElement('rect', {
    ...box,
    fill: colours[chooseHeatColour(cell.index, average ?? cell.index)],
    'fill-opacity': isThin ? '0.35' : undefined,
  })
  const number = drawText(String(Math.round(cell.index)), {
    x: x + grid.cellWidth / 2,
    y: y + grid.cellHeight / 2 + 4,
    'text-anchor': 'middle',
    'font-size': grid.cellWidth < 24 ? 10 : fontSize,
    fill: isThin ? colours.inkMuted : colours.ink,
  })
  return `<g class="chart-cell">${drawTitle(cell.title)}${rect}${grid.cellWidth < 17 ? '' : number}</g>`
}

/** Names over the columns and beside the rows; hours as the span they cover where it fits. */
function drawNames({ hours, weekdays, colours }: HeatMapDrawing, grid: Grid): string {
  const hourName = (hour: number) =>
    !grid.isTall && grid.cellWidth < 40 ? String(hour) : `${hour}–${hour === 23 ? 24 : hour + 1}`
  const hourNames = hours.map(hourName)
  const dayNames = weekdays.map((day) => day.name)
  const [columns, rows] = grid.isTall ? [dayNames, hourNames] : [hourNames, dayNames]
  const style = { 'font-size': fontSize, fill: colours.inkMuted }
  const every = grid.cellWidth < 17 ? 2 : 1
  const over = columns.map((name, column) =>
    column % every === 0
      ? drawText(name, {
          x: grid.left + (column + 0.5) * grid.cellWidth,
          y: grid.top - 8,
          'text-anchor': 'middle',
          ...style,
        })
      : '',
  )
  const beside = rows.map((name, row) =>
    drawText(name, {
      x: grid.left - 8,
      y: grid.top + (row + 0.5) * grid.cellHeight + 4,
      'text-anchor': 'end',
      ...style,
    }),
  )
  return over.join('') + beside.join('')
}

/** Draws the heat map; a pair of hour and weekday without a cell is an empty frame. */
export function drawHeatMap(drawing: HeatMapDrawing): string {
  const grid = layOut(drawing)
  const byPlace = new Map(drawing.cells.map((cell) => [`${cell.weekday} ${cell.hour}`, cell]))
  const cells = drawing.weekdays.flatMap(({ weekday }, day) =>
    drawing.hours.map((hour, position) => {
      const [column, row] = grid.isTall ? [day, position] : [position, day]
      return drawCell(drawing, grid, byPlace.get(`${weekday} ${hour}`), column, row)
    }),
  )
  return drawSvg(
    { width: drawing.width, height: grid.height, label: drawing.words.label, name: 'heat-map' },
    drawNames(drawing, grid) + cells.join(''),
  )
}
