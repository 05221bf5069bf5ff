import type { TouchpointCells } from '../../../analysis/touchpoint-cells.ts'
import type { Placement } from '../../store/catalogue.ts'
import type { StoreReader } from '../../store/port.ts'
import type { CellSource } from './cell-source.ts'
import type { Curve } from './curve.ts'
import type { QuarterMap } from './quarter-map.ts'
import type { DayPresses } from './read-day-presses.ts'

/** A touchpoint on a night's day: counted cells of the period, all presses of the day, and who stood there ever. */
export type WatchedTouchpoint = {
  curve: Curve
  cells: TouchpointCells
  day: DayPresses
  placements: readonly Placement[]
}

/** Where more is read from, and which night it is. */
export type WatchContext = {
  store: StoreReader
  raw: CellSource
  night: number
  mapOf: (curve: Curve, firstDay: number, days: number) => QuarterMap
}
