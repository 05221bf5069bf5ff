import { hourProfile, type SlotProfile } from '../../analysis/hour-profile.ts'
import type { TouchpointCells } from '../../analysis/touchpoint-cells.ts'
import type { HourProfile } from '../../contracts/http/touchpoints.ts'
import { slotsPerDay } from './business-day.ts'
import { confidence, scoreOfDays, toScore } from './score.ts'
import type { TouchpointPlan } from './touchpoint-plan.ts'

const isoWeekdays = [1, 2, 3, 4, 5, 6, 7]

function isEverOpen({ openSlots, days }: TouchpointCells, slot: number): boolean {
  if (openSlots === null) return true
  for (let day = 0; day < days; day++) if (openSlots[day * slotsPerDay + slot]) return true
  return false
}

/**
 * The hour profile of a period, from its raw and counted cells.
 *
 * Hours begin at the business day's start; those closed throughout are left out. Presses outside opening hours are in no figure.
 */
export function buildHourProfile(
  plan: TouchpointPlan,
  period: { from: string; to: string },
  tallyClass: 'counted' | 'raw',
  { counted, raw }: { counted: TouchpointCells; raw: TouchpointCells },
): HourProfile {
  const cells = tallyClass === 'raw' ? raw : counted
  const toHour = (slot: number) => (slot + plan.dayStart) % slotsPerDay
  const total = scoreOfDays(cells)
  const listed = (profile: SlotProfile) => ({ hour: toHour(profile.slot), days: profile.days, ...toScore(profile) })
  return {
    touchpoint: plan.touchpoint.id,
    from: period.from,
    to: period.to,
    class: tallyClass,
    zone: plan.touchpoint.zone,
    dayStart: plan.dayStart,
    confidence,
    total,
    misuse: Math.max(0, scoreOfDays(raw).presses - scoreOfDays(counted).presses),
    hours: hourProfile(cells, confidence)
      .filter(({ slot }) => isEverOpen(cells, slot))
      .map(listed),
    week: isoWeekdays.flatMap((weekday) =>
      hourProfile(cells, confidence, [weekday])
        .filter(({ presses }) => presses > 0)
        .map((profile) => ({ weekday, hour: toHour(profile.slot), ...toScore(profile) })),
    ),
  }
}
