import type { BootSpan, StoredPress } from '../store/port.ts'
import { beginFrom, endBy, isContradicting, leastLengthMs, widthMs } from './boot-bounds.ts'
import { openBootTimers } from './boot-timers.ts'
import type { GroupSheet } from './group-sheet.ts'
import { timeMoment, type UtcTime } from './press-time.ts'
import { moveInTime } from './retime.ts'

/** The time of a boot's moment by its anchors; null for a boot that nobody told the time. */
export async function readAnchored(
  sheet: GroupSheet,
  terminal: string,
  boot: string,
  monoMs: number,
): Promise<UtcTime | null> {
  return timeMoment(monoMs, 0, await sheet.writer.anchorsAround(terminal, boot, monoMs, monoMs))
}

const isOther = (press: StoredPress, time: UtcTime | null) =>
  press.utcMs !== (time?.utcMs ?? null) || press.errorMs !== (time?.errorMs ?? null)

function isBetter({ utcMs, errorMs }: StoredPress, time: UtcTime | null, span: BootSpan): boolean {
  if (time) return errorMs === null || time.errorMs < errorMs
  return utcMs !== null && isContradicting(span)
}

/**
 * Times the presses of a boot again that its bounds, as they are now, place better. Where the bounds turn out to contradict each other, no
 * press of the boot keeps a time. Changes nothing where anchors time it.
 *
 * @param isTakenBack something that bounded the boot is not so: its presses get what is known now, however little that is
 */
export async function settleBoot(
  sheet: GroupSheet,
  terminal: string,
  span: BootSpan,
  isTakenBack = false,
): Promise<void> {
  if (await readAnchored(sheet, terminal, span.boot, span.firstMonoMs)) return
  await sheet.writer.putBootSpan(terminal, { ...span, settledMs: widthMs(span) })
  const timers = openBootTimers(sheet, terminal)
  for (const press of await sheet.writer.looselyTimed(terminal, span.boot, 'anything')) {
    const time = await timers.time(press, [])
    if (!(isTakenBack ? isOther(press, time) : isBetter(press, time, span))) continue
    await moveInTime(sheet, press, time)
    sheet.counters.add('retimed')
  }
  await timers.save()
}

/**
 * Whether the bounds are half as wide as when the boot's presses were last timed by them, and the boot twice as long: towards the end of
 * a long one every batch halves what is left, and to move all of its presses each time would hold up the whole central.
 */
function isNarrowed(span: BootSpan): boolean {
  const width = widthMs(span)
  if (width === null || span.settledMs === null) return width !== null
  const narrowedMs = span.settledMs - width
  return width <= narrowedMs && leastLengthMs(span) <= 2 * narrowedMs
}

/**
 * Keeps what a boot's next records tell of it. Its earlier presses are timed again when that narrows much, so that a boot delivered in
 * hundreds of batches moves each press a few times only; the rest follows when the next boot begins.
 */
export async function settleIfNarrowed(sheet: GroupSheet, terminal: string, span: BootSpan): Promise<void> {
  const isDue = isNarrowed(span)
  if (isDue) await settleBoot(sheet, terminal, span)
  if (!isDue || (await readAnchored(sheet, terminal, span.boot, span.firstMonoMs)))
    await sheet.writer.putBootSpan(terminal, span)
}

/** The boot before one that begins is complete: its presses are timed by all that it said, if they are not yet. */
export async function settleClosed(sheet: GroupSheet, terminal: string, begun: string): Promise<void> {
  const span = await sheet.writer.bootSpan(terminal, begun)
  const before = span && (await sheet.writer.bootBefore(terminal, span))
  if (before && widthMs(before) !== before.settledMs) await settleBoot(sheet, terminal, before)
}

/** A boot that was told the time bounds those without it next to it, one after the other. */
export async function settleBeside(sheet: GroupSheet, terminal: string, boot: string): Promise<void> {
  const span = await sheet.writer.bootSpan(terminal, boot)
  if (!span) return
  const begin = await readAnchored(sheet, terminal, boot, span.firstMonoMs)
  const end = await readAnchored(sheet, terminal, boot, span.lastMonoMs)
  if (begin) await settleBefore(sheet, terminal, span, begin.utcMs + begin.errorMs)
  if (end) await settleAfter(sheet, terminal, span, end.utcMs - end.errorMs)
}

async function settleBefore(sheet: GroupSheet, terminal: string, begun: BootSpan, latestMs: number): Promise<void> {
  const { writer } = sheet
  let endMs = latestMs
  for (let span = await writer.bootBefore(terminal, begun); span; span = await writer.bootBefore(terminal, span)) {
    if (await readAnchored(sheet, terminal, span.boot, span.firstMonoMs)) return
    const bounded = endBy(span, endMs)
    if (bounded.toMs === span.toMs) return
    await settleBoot(sheet, terminal, bounded)
    endMs = bounded.toMs
  }
}

async function settleAfter(sheet: GroupSheet, terminal: string, over: BootSpan, earliestMs: number): Promise<void> {
  const { writer } = sheet
  let beginMs = earliestMs
  for (let span = await writer.bootAfter(terminal, over); span; span = await writer.bootAfter(terminal, span)) {
    if (await readAnchored(sheet, terminal, span.boot, span.firstMonoMs)) return
    const bounded = beginFrom(span, span.firstMonoMs, beginMs)
    if (bounded === span) return
    await settleBoot(sheet, terminal, bounded)
    beginMs = (bounded.fromMs ?? beginMs) + leastLengthMs(bounded)
  }
}
