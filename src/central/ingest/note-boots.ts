import type { TerminalRecord } from '../../contracts/records.ts'
import type { BootSpan } from '../store/port.ts'
import { beginFrom, extendSpan, leastLengthMs, widthMs } from './boot-bounds.ts'
import type { GroupSheet } from './group-sheet.ts'
import { timeMoment } from './press-time.ts'
import { settleIfNarrowed } from './settle-boots.ts'
import { settleMixed } from './settle-mixed.ts'

/**
 * Notes what records say of their boots: which came after which, and how long each was.
 *
 * A terminal's records come in the order in which they were made, so a boot is over before another of which the first record comes
 * later. Where boots come mixed (a cloned card, an outbox that was salvaged late), their order is not known, and none of them bounds the
 * other.
 *
 * @returns boots that began
 */
export async function noteBoots(
  sheet: GroupSheet,
  { terminal, receivedAtMs }: { terminal: string; receivedAtMs: number },
  records: readonly TerminalRecord[],
): Promise<string[]> {
  const monosOf = spanMonos([...records].sort((a, b) => a.sequence - b.sequence))
  const begun: string[] = []
  for (const [boot, { firstMs, leastMs, mostMs }] of monosOf) {
    const newestNo = await sheet.writer.newestBootNo(terminal)
    const known = await sheet.writer.bootSpan(terminal, boot)
    let span = known ?? makeSpan(boot, newestNo + 1, firstMs, receivedAtMs)
    // What lies between the two bounds nothing more.
    for (const monoMs of [leastMs, mostMs]) span = extendSpan(span, monoMs, receivedAtMs)
    if (known && newestNo > span.lastNo) await settleMixed(sheet, terminal, { span, newestNo, receivedAtMs })
    else if (known) await settleIfNarrowed(sheet, terminal, span)
    else {
      await beginBoot(sheet, terminal, span)
      begun.push(boot)
    }
  }
  return begun
}

/** Of each boot the monoMs of its first record, and the least and the greatest of all. */
function spanMonos(records: readonly TerminalRecord[]) {
  const monosOf = new Map<string, { firstMs: number; leastMs: number; mostMs: number }>()
  for (const { boot, monoMs } of records) {
    const monos = monosOf.get(boot)
    if (!monos) monosOf.set(boot, { firstMs: monoMs, leastMs: monoMs, mostMs: monoMs })
    else if (monoMs < monos.leastMs) monos.leastMs = monoMs
    else if (monoMs > monos.mostMs) monos.mostMs = monoMs
  }
  return monosOf
}

function makeSpan(boot: string, no: number, monoMs: number, receivedAtMs: number): BootSpan {
  const monos = { firstMonoMs: monoMs, lastMonoMs: monoMs }
  return { boot, no, lastNo: no, ...monos, fromMs: null, toMs: receivedAtMs, settledMs: null }
}

async function beginBoot(sheet: GroupSheet, terminal: string, span: BootSpan): Promise<void> {
  const before = await sheet.writer.bootBefore(terminal, span)
  const earliestMs = before ? await findEnd(sheet, terminal, before) : await sheet.context.createdAtMs(terminal)
  const bounded = earliestMs === null ? span : beginFrom(span, span.firstMonoMs, earliestMs)
  await sheet.writer.putBootSpan(terminal, { ...bounded, settledMs: widthMs(bounded) })
}

/** Before which a boot was not over. */
async function findEnd(sheet: GroupSheet, terminal: string, span: BootSpan): Promise<number | null> {
  const { boot, lastMonoMs, fromMs } = span
  const time = timeMoment(lastMonoMs, 0, await sheet.writer.anchorsAround(terminal, boot, lastMonoMs, lastMonoMs))
  if (time) return time.utcMs - time.errorMs
  return fromMs === null ? null : fromMs + leastLengthMs(span)
}
