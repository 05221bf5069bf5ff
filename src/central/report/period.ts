import { addDays, daysBetween, isRealDate } from './local-date.ts'
import { periodDays } from './touchpoint-plan.ts'

const maxDays = 731

export type Period = { ok: true; from: string; to: string } | { ok: false; detail: string }

/**
 * The period of a question: what is not said comes from the standard period, the last 56 complete business days.
 *
 * @param lastComplete last business date that is over
 */
export function resolvePeriod(
  asked: { from?: string | undefined; to?: string | undefined },
  lastComplete: string,
): Period {
  for (const [name, date] of Object.entries(asked))
    if (date !== undefined && !isRealDate(date)) return { ok: false, detail: `${name}: ${date} is not a date` }
  const to = asked.to ?? (asked.from !== undefined && asked.from > lastComplete ? asked.from : lastComplete)
  const from = asked.from ?? addDays(to, 1 - periodDays)
  if (from > to) return { ok: false, detail: `from (${from}) must not be after to (${to})` }
  if (daysBetween(from, to) >= maxDays) return { ok: false, detail: `ask for at most ${maxDays} days at a time` }
  return { ok: true, from, to }
}
