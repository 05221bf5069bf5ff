// The batch of WIRE.md §6: its form member by member, then its columns spread out into records.

import * as form from './forms.ts'

const { byte, count, either, entries, integer, list, nothing, object, oneOf, sequence } = form

type Run = [value: unknown, times: number]
type BoxRun = [box: string, first: number, times: number]
interface Press {
  values: number[]
  surveys: [string, number, number][]
  sources: Run[]
  boxes: BoxRun[]
  touchIds: string[]
  spreads: Run[]
  flags: Run[]
}
interface Batch {
  epoch: string
  first: number
  count: number
  kinds: Run[]
  boots: Run[]
  mono: number[]
  wall: number[]
  press?: Press
  answers?: [string, string, number][]
  anchors?: [number, number, string][]
  alive?: number[]
  lost?: Fields[]
}
type Fields = Record<string, unknown>

const times = integer(1, 200)
const column = (entry: form.Form) => list(entry, 200)
const runs = (value: form.Form) => column(entries(value, times))

const press = object({
  values: column(byte),
  surveys: column(entries(form.shortName, sequence, times)),
  sources: runs(oneOf('box', 'touch')),
  boxes: column(entries(form.box, form.boxSeq, times)),
  touchIds: column(form.touch),
  spreads: runs(either(nothing, count)),
  flags: runs(byte),
})

const lostRange = object({
  epoch: form.epoch,
  from: sequence,
  to: sequence,
  cause: oneOf('trimmed', 'corrupt', 'poison'),
})

const shape = object({
  epoch: form.epoch,
  first: sequence,
  count: integer(0, 200),
  kinds: runs(oneOf('press', 'answer', 'anchor', 'tick', 'alive')),
  boots: runs(form.boot),
  mono: column(form.instant),
  wall: column(form.instant),
  'press?': press,
  'answers?': column(entries(form.touch, form.shortName, byte)),
  'anchors?': column(entries(form.instant, count, oneOf('kernel', 'exchange'))),
  'alive?': column(count),
  'lost?': list(lostRange, 50),
})

export const hasBatchShape = (value: unknown): value is Batch => shape(value)

/** The records and lost ranges of a batch of right shape; undefined where its columns disagree (`bad-columns`). */
export function readColumns(batch: Batch) {
  if (batch.first + batch.count > form.MOST) return undefined
  const kinds = spread(batch.kinds)
  const boots = spread(batch.boots)
  const monoMs = sums(batch.mono, 0n)
  const offsetMs = sums(batch.wall, -BigInt(form.MOST))
  const further = furtherMembers(batch, kinds)
  if (monoMs === undefined || offsetMs === undefined || further === undefined) return undefined
  if ([kinds, boots, monoMs, offsetMs].some((each) => each.length !== batch.count)) return undefined
  const wallMs = monoMs.map((mono, at) => mono + (offsetMs[at] ?? 0n))
  if (!wallMs.every(isInstant)) return undefined
  const records = kinds.map((kind, at) => ({
    kind,
    sequence: batch.first + at,
    boot: boots[at],
    monoMs: Number(monoMs[at]),
    wallMs: Number(wallMs[at]),
    ...further[at],
  }))
  return { epoch: batch.epoch, first: batch.first, records, lost: batch.lost ?? [] }
}

/** What each kind has beyond the common members, in the order of the records; every column must come out even. */
function furtherMembers(batch: Batch, kinds: unknown[]): Fields[] | undefined {
  const presses = readPresses(batch.press)
  if (presses === undefined) return undefined
  const waiting: Record<string, Fields[]> = {
    press: presses,
    answer: (batch.answers ?? []).map(([touchId, followUp, option]) => ({ touchId, followUp, option })),
    anchor: (batch.anchors ?? []).map(([utcMs, errorMs, clock]) => ({ utcMs, errorMs, clock })),
    alive: (batch.alive ?? []).map((coveredMs) => ({ coveredMs })),
    tick: kinds.filter((kind) => kind === 'tick').map(() => ({})),
  }
  for (const [kind, fields] of Object.entries(waiting)) {
    if (kinds.filter((each) => each === kind).length !== fields.length) return undefined
  }
  return kinds.map((kind) => waiting[String(kind)]?.shift() ?? {})
}

function readPresses(press: Press | undefined): Fields[] | undefined {
  if (press === undefined) return []
  const surveys = spread(press.surveys.map(([question, surveyRevision, k]) => [{ question, surveyRevision }, k]))
  const sources = spread(press.sources)
  const spreads = spread(press.spreads)
  const flags = spread(press.flags)
  const boxed = press.boxes.flatMap(([box, first, k]) =>
    Array.from({ length: k }, (_, i) => ({ box, boxSeq: first + i })),
  )
  const touched = press.touchIds.map((touchId) => ({ touchId }))
  if ([surveys, sources, spreads, flags].some((each) => each.length !== press.values.length)) return undefined
  if (boxed.length !== sources.filter((each) => each === 'box').length) return undefined
  if (touched.length !== sources.filter((each) => each === 'touch').length) return undefined
  if (!boxed.every(({ boxSeq }) => form.boxSeq(boxSeq))) return undefined
  return press.values.map((value, at) => ({
    ...(surveys[at] as Fields),
    value,
    source: sources[at],
    ...(sources[at] === 'box' ? boxed.shift() : touched.shift()),
    spreadMs: spreads[at],
    flags: flags[at],
  }))
}

const spread = (column: (readonly [unknown, number])[]): unknown[] =>
  column.flatMap(([value, k]) => Array.from({ length: k }, () => value))

/** The values behind a column of differences, none below `least`; in BigInt, so that no sum is rounded. */
function sums(differences: number[], least: bigint): bigint[] | undefined {
  let sum = 0n
  const values = differences.map((difference) => {
    sum += BigInt(difference)
    return sum
  })
  return values.every((value) => isInstant(value) && value >= least) ? values : undefined
}

const isInstant = (value: bigint): boolean => value >= -BigInt(form.MOST) && value <= BigInt(form.MOST)
