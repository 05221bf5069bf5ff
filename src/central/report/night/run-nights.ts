/**
 * The nightly look at all tallies.
 *
 * In: tallies and what people set up, the report after the night before, fixes that people entered. Out: the report after the
 * last of the nights, with all that is told of it. Nights run one by one, the memory of each feeding the next; what was
 * found stays as it was told then.
 * Promises: nothing is written; the same tallies give the same report, whatever the order they came in and however the nights
 * are split into calls; tallies are read once for all nights; others get their turn in between.
 */
import type { Catalogue } from '../../store/catalogue.ts'
import type { StoreReader } from '../../store/port.ts'
import { periodDays } from '../touchpoint-plan.ts'
import { makeCellSource } from './cell-source.ts'
import { dateOfDay, dayOfDate } from './day-number.ts'
import { keepLayouts } from './keep-layouts.ts'
import { makeNightCurves } from './make-night-curves.ts'
import type { CurveKind, CurveLayout, DipNote, EnteredFix, NightReport } from './night-report.ts'
import { planCurves } from './plan-curves.ts'
import { type Notices, readNotices } from './read-notices.ts'
import { type FamilyMemory, rememberNight } from './remember-night.ts'
import { type FamilyScan, scanFamily } from './scan-family.ts'
import { type Telling, tellOnce } from './tell-once.ts'

const curveKinds: readonly CurveKind[] = ['touchpoint', 'place', 'chain']

/** Nights of a run in which a fleet's raw cells are kept, too, so that a store and its chain read them once. */
const shortRun = 7

type Families<T> = Record<CurveKind, T>

/**
 * Runs nights.
 *
 * @param fromNight day number of the first night's business date; the period of a night is that date and the 55 before
 * @param toNight of the last one, not before the first
 * @param before the report after the night before the first; null = nothing is known yet
 * @param onProgress is told after each night
 * @throws RangeError when the last night is before the first
 */
export async function runNights({
  store,
  catalogue,
  fromNight,
  toNight,
  before,
  fixes,
  onProgress,
}: {
  store: StoreReader
  catalogue: Catalogue
  fromNight: number
  toNight: number
  before: NightReport | null
  fixes: readonly EnteredFix[]
  onProgress?: (done: number, of: number) => void
}): Promise<NightReport> {
  if (toNight < fromNight) throw new RangeError(`night ${toNight} is before ${fromNight}`)
  const span = { from: fromNight - periodDays + 1, to: toNight }
  const sources = {
    counted: makeCellSource(store, 'counted', span, true),
    raw: makeCellSource(store, 'raw', span, toNight - fromNight < shortRun),
  }
  const fixDays = new Map(fixes.map(({ dip, fixDate }) => [dip, dayOfDate(fixDate)]))
  const memories = memoriesOf(before)
  let layouts: readonly CurveLayout[] = [...(before?.curves ?? []), ...(before?.pastCurves ?? [])]
  let telling: Telling = new Map(Object.entries(before?.notes ?? {}))
  for (let night = fromNight; ; night++) {
    const curves = planCurves(catalogue, night)
    const scans = {} as Families<FamilyScan>
    for (const kind of curveKinds) scans[kind] = await scanFamily(curves[kind], night, sources, night === toNight)
    const taken = new Set(curveKinds.flatMap((kind) => memories[kind].memory.dips.map(({ id }) => id)))
    for (const kind of curveKinds) {
      const ofKind = layouts.filter((layout) => layout.kind === kind)
      const around = { layouts: ofKind, taken, fixDays, counted: sources.counted }
      memories[kind] = await rememberNight(memories[kind], scans[kind], night, around)
    }
    const pastCurves = keepLayouts(layouts, curves, dipsOf(memories))
    layouts = [...curveKinds.flatMap((kind) => curves[kind]), ...pastCurves]
    if (before === null || night > before.night) {
      telling = await tellOnce(catalogue.places, dipsOf(memories), scans, night, telling)
    }
    onProgress?.(night - fromNight + 1, toNight - fromNight + 1)
    if (night < toNight) continue
    const notices = await readNotices(store, catalogue, scans.touchpoint, sources.raw, night)
    return makeReport(night, { memories, telling, pastCurves }, scans, notices)
  }
}

function memoriesOf(before: NightReport | null): Families<FamilyMemory> {
  const fixes = new Map(Object.entries(before?.notes ?? {}).flatMap(([id, { fix }]) => (fix ? [[id, fix]] : [])))
  const ofKind = (kind: CurveKind): FamilyMemory => {
    return { memory: before?.memories[kind] ?? { night: null, dips: [] }, fixes }
  }
  return { touchpoint: ofKind('touchpoint'), place: ofKind('place'), chain: ofKind('chain') }
}

function dipsOf({ touchpoint, place, chain }: Families<FamilyMemory>) {
  return { touchpoint: touchpoint.memory.dips, place: place.memory.dips, chain: chain.memory.dips }
}

function makeReport(
  night: number,
  known: { memories: Families<FamilyMemory>; telling: Telling; pastCurves: CurveLayout[] },
  scans: Families<FamilyScan>,
  notices: ReadonlyMap<string, Notices>,
): NightReport {
  const { touchpoint, place, chain } = known.memories
  const memories = { touchpoint: touchpoint.memory, place: place.memory, chain: chain.memory }
  const notes = curveKinds.flatMap((kind) =>
    memories[kind].dips.map(({ id }): [string, DipNote] => {
      const { isTold, toldAt, otherNights } = known.telling.get(id) ?? { isTold: true, toldAt: null }
      return [
        id,
        { isTold, toldAt, ...(otherNights && { otherNights }), fix: known.memories[kind].fixes.get(id) ?? null },
      ]
    }),
  )
  const report: NightReport = {
    from: dateOfDay(night - periodDays + 1),
    to: dateOfDay(night),
    night,
    memories,
    notes: Object.fromEntries(notes),
    curves: curveKinds.flatMap((kind) => makeNightCurves(scans[kind], night, notices)),
    ...(known.pastCurves.length > 0 && { pastCurves: known.pastCurves }),
  }
  // As it will be read back: a zero that has a sign is none there.
  return JSON.parse(JSON.stringify(report))
}
