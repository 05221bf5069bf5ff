import { type DipMemory, type RememberedDip, rememberDips } from '../../../analysis/remember-dips.ts'
import { SLOTS, type TouchpointCells } from '../../../analysis/touchpoint-cells.ts'
import type { CellSource } from './cell-source.ts'
import { checkDips } from './check-dips.ts'
import { type Curve, curveKey } from './curve.ts'
import { lastPressDay } from './last-press-day.ts'
import { makeDipNames } from './name-dips.ts'
import type { CurveLayout, DipDetails, DipNote } from './night-report.ts'
import type { FamilyScan } from './scan-family.ts'
import { shiftDayStarts } from './shift-day-starts.ts'

const wholeDay = { startSlot: 0, endSlot: SLOTS, weekdays: null }

/** What is known of one family after a night. */
export type FamilyMemory = { memory: DipMemory<DipDetails>; fixes: Map<string, NonNullable<DipNote['fix']>> }

/**
 * Takes a night's findings into the memory of their family. Dips of a curve that is no more are not found again: they
 * fade as those of a curve that got well.
 *
 * @param layouts of the curves on the night before, and of those that were there when a dip was found
 * @param taken ids of dips in use, of all families; new ones are added
 */
export async function rememberNight(
  before: FamilyMemory,
  { curves, cells, dips, findings }: FamilyScan,
  night: number,
  {
    layouts,
    taken,
    fixDays,
    counted,
  }: {
    layouts: readonly CurveLayout[]
    taken: Set<string>
    fixDays: ReadonlyMap<string, number>
    counted: CellSource
  },
): Promise<FamilyMemory> {
  const byName = new Map(curves.map((curve) => [curveKey(curve.id, curve.question), curve]))
  const curveOf = (id: string, question: string): Curve | null => byName.get(curveKey(id, question)) ?? null
  // Where nobody presses any more, no night will bring a verdict.
  const isQuiet = (at: number) => lastPressDay(cells[at] as TouchpointCells, wholeDay) !== null
  const judged = new Set(dips.scanned.map(({ id }) => id))
  for (const [at, { key }] of curves.entries()) if (!judged.has(key) && isQuiet(at)) judged.add(key)
  const memory = shiftDayStarts(before.memory, shiftsSince(layouts, byName))
  if (memory.night !== null && night <= memory.night) return { memory, fixes: before.fixes }
  const ofDip = ({ touchpoint, question }: RememberedDip<DipDetails>) => curveOf(touchpoint, question)
  const checks = await checkDips(memory.dips, night, { curveOf: ofDip, fixDays, counted })
  const isJudged = (id: string, question: string): boolean => {
    const curve = curveOf(id, question)
    return curve === null || judged.has(curve.key)
  }
  const { fixes, overSince, backSince } = checks
  const nameDip = makeDipNames(taken, (id, question) => curveOf(id, question)?.dayStart ?? 0)
  const next = rememberDips(memory, { night, findings, isJudged, fixes, overSince, backSince }, nameDip)
  return { memory: next, fixes: keepVerdicts(next.dips, before.fixes, checks.notes) }
}

function shiftsSince(layouts: readonly CurveLayout[], byName: ReadonlyMap<string, Curve>) {
  const began = new Map(layouts.map(({ id, question, dayStart }) => [curveKey(id, question), dayStart]))
  return (id: string, question: string): number => {
    const [was, is] = [began.get(curveKey(id, question)), byName.get(curveKey(id, question))?.dayStart]
    return was === undefined || is === undefined ? 0 : was - is
  }
}

/** A verdict that was reached stays, with its day, though later days may move the noise it was measured against. */
function keepVerdicts(
  dips: readonly RememberedDip<DipDetails>[],
  before: FamilyMemory['fixes'],
  checked: FamilyMemory['fixes'],
): FamilyMemory['fixes'] {
  const kept: FamilyMemory['fixes'] = new Map()
  for (const { id, fix } of dips) {
    const note = checked.get(id)
    if (!note) continue
    const earlier = before.get(id)
    const isDecided = earlier?.fixDate === note.fixDate && earlier.check.verdict !== 'too-early' && fix !== null
    const { verdict, decidedDate } = isDecided ? earlier.check : note.check
    kept.set(id, { ...note, check: { ...note.check, verdict, decidedDate } })
  }
  return kept
}
