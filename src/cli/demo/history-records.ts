/** A history of presses as the records a terminal would have kept: presses, and the anchors and alive hours around them. */
import type { NewRecord } from '../../contracts/records.ts'
import type { HistoryPress } from './press-history.ts'

export type HistoryTerminal = {
  boot: string
  bootedAtMs: number
  box: string
  question: string
  surveyRevision: number
}

const hourMs = 3_600_000
/** What a time daemon on a shop's network reaches. */
const kernelErrorMs = 30

/**
 * @param openHours UTC starts of the hours in which the terminal worked, ascending
 * @returns records in the order of time, sequences still to be given
 */
export function makeHistoryRecords(
  terminal: HistoryTerminal,
  presses: readonly HistoryPress[],
  openHours: readonly number[],
): NewRecord[] {
  const common = (utcMs: number) => ({ boot: terminal.boot, monoMs: utcMs - terminal.bootedAtMs, wallMs: utcMs })
  const timed: { utcMs: number; record: NewRecord }[] = []
  for (const startMs of openHours) {
    timed.push({
      utcMs: startMs,
      record: { ...common(startMs), kind: 'anchor', utcMs: startMs, errorMs: kernelErrorMs, clock: 'kernel' },
    })
    const endMs = startMs + hourMs
    timed.push({ utcMs: endMs, record: { ...common(endMs), kind: 'alive', coveredMs: hourMs } })
  }
  for (const [i, press] of presses.entries()) {
    const origin = { source: 'box', box: terminal.box, boxSeq: i + 1 } as const
    const { question, surveyRevision } = terminal
    const record: NewRecord = {
      ...common(press.utcMs),
      kind: 'press',
      question,
      surveyRevision,
      value: press.value,
      spreadMs: 0,
      flags: 0,
      ...origin,
    }
    timed.push({ utcMs: press.utcMs, record })
  }
  return timed.sort((a, b) => a.utcMs - b.utcMs).map(({ record }) => record)
}
