/**
 * The nightly look at all tallies.
 *
 * In: tallies and what people set up, the report after the night before, fixes that people entered. Out: the report after the
 * last of the nights, with all that is told of it. Nights run one by one, the memory of each feeding the next; what was
 * found stays as it was told then.
 * Promises: nothing is written; the same tallies give the same report, whatever the order they came in and however the nights
 * are split into calls; tallies are read once for all nights; others get their turn in between.
 */
import { type DipMemory, rememberDips } from '../../../analysis/remember-dips.ts'
import type { Catalogue } from '../../store/catalogue.ts'
import type { StoreReader } from '../../store/port.ts'
import { periodDays } from '../touchpoint-plan.ts'
import { makeCellSource } from './cell-source.ts'
import { curveKey } from './curve.ts'
import { dateOfDay } from './day-number.ts'
import { makeNightCurves } from './make-night-curves.ts'
import { makeDipNames } from './name-dips.ts'
import type { CurveKind, DipDetails, EnteredFix, NightCurve, NightReport } from './night-report.ts'
import { planCurves } from './plan-curves.ts'
import { type FamilyScan, scanFamily } from './scan-family.ts'
import { shiftDayStarts } from './shift-day-starts.ts'

const curveKinds: readonly CurveKind[] = ['touchpoint', 'place', 'chain']

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
    raw: makeCellSource(store, 'raw', span, false),
  }
  let memories = before?.memories ?? null
  let layouts: readonly Layout[] = before?.curves ?? []
  for (let night = fromNight; ; night++) {
    const curves = planCurves(catalogue, night)
    const scans = {} as Families<FamilyScan>
    for (const kind of curveKinds) scans[kind] = await scanFamily(curves[kind], night, sources)
    memories = rememberNight(memories, layouts, scans, night)
    layouts = curveKinds.flatMap((kind) => curves[kind])
    onProgress?.(night - fromNight + 1, toNight - fromNight + 1)
    if (night === toNight) return makeReport(night, memories, scans)
  }
}

type Layout = Pick<NightCurve, 'kind' | 'id' | 'question' | 'dayStart'>

function rememberNight(
  before: NightReport['memories'] | null,
  layouts: readonly Layout[],
  scans: Families<FamilyScan>,
  night: number,
): NightReport['memories'] {
  const taken = new Set(curveKinds.flatMap((kind) => before?.[kind].dips.map(({ id }) => id) ?? []))
  const ofKind = (kind: CurveKind): DipMemory<DipDetails> => {
    const { curves, scan, findings } = scans[kind]
    const byName = new Map(curves.map((curve) => [curveKey(curve.id, curve.question), curve]))
    const known = layouts.filter((layout) => layout.kind === kind)
    const startedAt = new Map(known.map(({ id, question, dayStart }) => [curveKey(id, question), dayStart]))
    const shiftOf = (id: string, question: string): number => {
      const [was, is] = [startedAt.get(curveKey(id, question)), byName.get(curveKey(id, question))?.dayStart]
      return was === undefined || is === undefined ? 0 : was - is
    }
    const memory = shiftDayStarts(before?.[kind] ?? { night: null, dips: [] }, shiftOf)
    const judged = new Set(scan.dips.scanned.map(({ id }) => id))
    const dayStartOf = (id: string, question: string) => byName.get(curveKey(id, question))?.dayStart ?? 0
    return rememberDips(
      memory,
      {
        night,
        findings,
        isJudged: (id, question) => {
          const curve = byName.get(curveKey(id, question))
          return curve === undefined || judged.has(curve.key)
        },
        ...{ fixes: new Map(), overSince: new Map(), backSince: new Map() },
      },
      makeDipNames(taken, dayStartOf),
    )
  }
  return { touchpoint: ofKind('touchpoint'), place: ofKind('place'), chain: ofKind('chain') }
}

function makeReport(night: number, memories: NightReport['memories'], scans: Families<FamilyScan>): NightReport {
  const dips = curveKinds.flatMap((kind) => memories[kind].dips)
  return {
    from: dateOfDay(night - periodDays + 1),
    to: dateOfDay(night),
    night,
    memories,
    notes: Object.fromEntries(dips.map(({ id }) => [id, { isTold: true, toldAt: null, fix: null }])),
    curves: curveKinds.flatMap((kind) => makeNightCurves(scans[kind], night)),
  }
}
