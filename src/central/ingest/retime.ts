import type { Anchor, PressCell, StoredPress } from '../store/port.ts'
import type { GroupSheet } from './group-sheet.ts'
import type { CellFinder } from './press-cell.ts'
import { anchorReachMs, driftPpm, type UtcTime } from './press-time.ts'
import { timePress } from './time-press.ts'

/** Takes a press out of the tallies it is in, before its cell changes. */
function untally(sheet: GroupSheet, { terminal, record, cell, label, utcMs }: StoredPress): void {
  if (!cell) return
  sheet.tally(cell, record.question, record.value, -1)
  if (cell.class !== 'raw') return
  if (label === 'counted') sheet.tally({ ...cell, class: 'counted' }, record.question, record.value, -1)
  if (utcMs !== null) sheet.markDirty(terminal, utcMs)
}

/** A counted press stays counted in its new hour until `labels` has looked at it again. */
function retally(sheet: GroupSheet, press: StoredPress, cell: PressCell | null, utcMs: number): void {
  const { terminal, record, label } = press
  if (!cell) return
  sheet.tally(cell, record.question, record.value, 1)
  if (cell.class !== 'raw') return
  if (label === 'counted' && press.cell?.class === 'raw') {
    sheet.tally({ ...cell, class: 'counted' }, record.question, record.value, 1)
  }
  sheet.markDirty(terminal, utcMs)
}

/** What was tallied before the terminal was cloned stays tallied, and what people put aside stays aside. */
export function findNewCell(
  cells: CellFinder,
  isCloned: (terminal: string) => boolean,
  { terminal, record, cell, isAside }: StoredPress,
  time: UtcTime,
): Pick<StoredPress, 'cell' | 'isUnplaced'> {
  if (isAside) return { cell: null, isUnplaced: false }
  const found = cells.find(terminal, time, record.flags)
  return found.cell && !cell && isCloned(terminal) ? { cell: null, isUnplaced: true } : found
}

/**
 * Gives a stored press a time and the cell that goes with it, and moves its tallies, raw and counted, in the same transaction.
 *
 * @param time null where it turns out that nothing is known of it
 */
export async function moveInTime(sheet: GroupSheet, press: StoredPress, time: UtcTime | null): Promise<void> {
  const { terminal, epoch, record } = press
  const nowhere = { cell: null, isUnplaced: false }
  const { cell, isUnplaced } = time ? findNewCell(sheet.context.cells, sheet.isCloned, press, time) : nowhere
  untally(sheet, press)
  if (time) retally(sheet, press, cell, time.utcMs)
  if (isUnplaced !== press.isUnplaced) sheet.addLedger(terminal, 'unplaced', isUnplaced ? 1 : -1)
  await sheet.writer.retimePress(
    { terminal, epoch, sequence: record.sequence },
    { ...(time ?? { utcMs: null, errorMs: null }), cell, isUnplaced },
  )
}

/**
 * Times the presses of a boot again that a new anchor places better. Loose times only (port.ts, `looselyTimed`): a press known to ten
 * seconds stays where it is, however many hourly anchors follow.
 *
 * @param isFirst of its boot: what was concluded from other boots gives way to it, even where that seemed to be the better bound
 */
export async function retimeByAnchor(
  sheet: GroupSheet,
  terminal: string,
  anchor: Anchor,
  isFirst: boolean,
): Promise<void> {
  const { boot, monoMs, errorMs } = anchor
  const than = isFirst ? 'anything' : { monoMs, errorMs, driftPpm }
  const presses = await sheet.writer.looselyTimed(terminal, boot, than)
  const [first, last] = [presses[0], presses.at(-1)]
  if (!first || !last) return
  const anchors = await sheet.writer.anchorsAround(
    terminal,
    boot,
    first.record.monoMs - anchorReachMs,
    last.record.monoMs + anchorReachMs,
  )
  for (const press of presses) {
    const time = await timePress(sheet, terminal, press.record, anchors, [])
    if (!time || (!isFirst && press.errorMs !== null && time.errorMs >= press.errorMs)) continue
    await moveInTime(sheet, press, time)
    sheet.counters.add('retimed')
  }
}
