import type { BootSpan } from '../store/port.ts'
import { beginFrom, leastLengthMs } from './boot-bounds.ts'
import type { GroupSheet } from './group-sheet.ts'
import { readAnchored, settleBoot } from './settle-boots.ts'

type Mixed = { span: BootSpan; newestNo: number; receivedAtMs: number }

/**
 * A boot speaks again after others began: nobody knows which of them was first, nor whether those others are newer than what came before
 * this one. All that was concluded from that order is taken back, with the times of the presses that hung on it.
 */
export async function settleMixed(sheet: GroupSheet, terminal: string, mixed: Mixed): Promise<void> {
  const { span, newestNo, receivedAtMs } = mixed
  const widened = { ...span, lastNo: newestNo, toMs: Math.ceil(receivedAtMs - leastLengthMs(span)) }
  await sheet.writer.putBootSpan(terminal, widened)
  // The late ones first: a press of this boot may be bounded by one of theirs.
  await releaseLate(sheet, terminal, span.lastNo + 1, newestNo)
  if (await readAnchored(sheet, terminal, span.boot, span.firstMonoMs)) return
  await settleBoot(sheet, terminal, widened, true)
  await releaseBefore(sheet, terminal, widened)
}

/** Nothing but the terminal's making bounds from below what came late. */
async function releaseLate(sheet: GroupSheet, terminal: string, fromNo: number, toNo: number): Promise<void> {
  const createdAtMs = await sheet.context.createdAtMs(terminal)
  for (const late of await sheet.writer.bootsBetween(terminal, fromNo, toNo)) {
    const unbounded = { ...late, fromMs: null }
    const span = createdAtMs === null ? unbounded : beginFrom(unbounded, unbounded.firstMonoMs, createdAtMs)
    await sheet.writer.putBootSpan(terminal, span)
    await settleBoot(sheet, terminal, span, true)
  }
}

/** The boots before one of which the end is no longer known are bounded by it no better than it is itself. */
async function releaseBefore(sheet: GroupSheet, terminal: string, begun: BootSpan): Promise<void> {
  const { writer } = sheet
  let endMs = begun.toMs
  for (let span = await writer.bootBefore(terminal, begun); span; span = await writer.bootBefore(terminal, span)) {
    if (await readAnchored(sheet, terminal, span.boot, span.firstMonoMs)) return
    const toMs = Math.ceil(endMs - leastLengthMs(span))
    if (toMs <= span.toMs) return
    await settleBoot(sheet, terminal, { ...span, toMs }, true)
    endMs = toMs
  }
}
