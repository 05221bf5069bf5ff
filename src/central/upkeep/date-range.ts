import type { StoreReader } from '../store/port.ts'
import { type DateSpan, datesOf, firstWholeDate } from './local-window.ts'

export type TerminalSpan = { terminal: string; firstMs: number; lastMs: number }

/** Terminals that have timed presses. */
export async function readSpans(read: StoreReader): Promise<TerminalSpan[]> {
  const spans: TerminalSpan[] = []
  for (const { id } of await read.terminals()) {
    const span = await read.pressSpan(id)
    if (span) spans.push({ terminal: id, ...span })
  }
  return spans
}

async function readAllDates(read: StoreReader, spans: readonly TerminalSpan[]): Promise<DateSpan | null> {
  const ranges = spans.map(({ firstMs, lastMs }) => datesOf(firstMs, lastMs))
  for (const tallyClass of ['raw', 'counted', 'uncertain'] as const) {
    const dates = await read.tallyDates({ class: tallyClass })
    if (dates) ranges.push({ from: dates.first, to: dates.last })
  }
  if (ranges.length === 0) return null
  const sorted = (pick: (range: DateSpan) => string) => ranges.map(pick).sort()
  return { from: sorted(({ from }) => from)[0] as string, to: sorted(({ to }) => to).at(-1) as string }
}

/**
 * The local dates of which both tallies and all their presses are here.
 *
 * @param retainedFromMs presses before this may have been deleted by retention; null when none was
 * @param wanted narrows the range
 * @returns null when it is empty
 */
export async function findDates(
  read: StoreReader,
  spans: readonly TerminalSpan[],
  retainedFromMs: number | null,
  wanted: Partial<DateSpan> = {},
): Promise<DateSpan | null> {
  const all = await readAllDates(read, spans)
  if (!all) return null
  const lowest = [all.from, wanted.from ?? '', retainedFromMs === null ? '' : firstWholeDate(retainedFromMs)]
  const from = lowest.sort().at(-1) as string
  const to = [all.to, wanted.to ?? all.to].sort()[0] as string
  return from <= to ? { from, to } : null
}
