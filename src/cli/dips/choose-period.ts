import { addDays, daysBetween, isoWeekday } from '../../central/report/local-date.ts'
import { resolvePeriod } from '../../central/report/period.ts'
import { AppError } from '../../shared/errors.ts'
import type { Period } from './tally-terminal.ts'

/** Dates as asked for on the command line. */
export type AskedPeriod = { from?: string | undefined; to?: string | undefined; asOf?: string | undefined }

/**
 * The business days of a report: what is not said comes from the last 56 complete ones. The day of the last press counts as
 * complete, unless it is told on which day the file was made: then the day before that is the last.
 *
 * @param lastDate business date of the last press; null without presses
 * @returns null where neither the presses nor anybody says when
 * @throws AppError when the first day comes after the last
 */
export function choosePeriod({ from, to, asOf }: AskedPeriod, lastDate: string | null): Period | null {
  const lastComplete = asOf === undefined ? (lastDate ?? to ?? from) : addDays(asOf, -1)
  if (lastComplete === undefined) return null
  const last = to ?? lastComplete
  if (from !== undefined && from > last)
    throw new AppError(
      'bad-request',
      `--from ${from} is after the last ${to === undefined ? 'complete ' : ''}day, ${last}`,
    )
  const period = resolvePeriod({ from, to: last }, lastComplete)
  if (!period.ok) throw new AppError('bad-request', period.detail)
  const days = daysBetween(period.from, period.to) + 1
  const weekdays = Uint8Array.from({ length: days }, (_, day) => isoWeekday(addDays(period.from, day)))
  return { from: period.from, to: period.to, days, weekdays }
}
