// Finds recurring dips in the Happy Index: hours of the day that became worse than the hours around them.
// In: counted presses per business day and slot of every touchpoint of one family (a fleet's touchpoints, or its places,
// or its chains; never mixed, since the false discovery rate is kept within what comes in together).
// Out: every dip with q up to .20, each with its q; how many false ones to accept is the reader's choice. Touchpoints with
// too little data for any verdict are named, never passed over as well.
// Promises: pure, no randomness, the same answer in whatever order touchpoints come, one scratch sheet for the whole fleet.
// Turned around (counts reversed, best first) the same scan finds peaks, provided the dips found are closed in openSlots:
// next to an hour that is far off, its neighbours look far off the other way.
import { benjaminiHochberg } from './benjamini-hochberg.ts'
import { describeDip, type FoundDip, type Verdict } from './dips/describe-dip.ts'
import { SUSPECTED_Q } from './dips/dip-state.ts'
import { blocksOf, type FamilyScan, openFamilyScan, scanPrepared } from './dips/family-scan.ts'
import type { FleetPrior } from './dips/fleet-prior.ts'
import { maskDip } from './dips/mask-dip.ts'
import { missingDays } from './dips/missing-days.ts'
import { noticeableDepth } from './dips/noticeable-depth.ts'
import { prepareSheet } from './dips/prepare-sheet.ts'
import type { ScanSheet } from './dips/scan-sheet.ts'
import { checkCells, SLOTS, type TouchpointCells } from './touchpoint-cells.ts'

export type { FoundDip } from './dips/describe-dip.ts'
export type { TouchpointCells } from './touchpoint-cells.ts'

export type DipOptions = {
  /** accepted share of false findings, in (0, 1): level of intervals and of further dips of a touchpoint */
  fdr: number
}

/** A touchpoint that had enough data for a verdict, whether or not a dip was found. */
type ScannedTouchpoint = {
  id: string
  p: number
  q: number
  /** depth of a daily one-slot dip that four weeks would show; null where no one-slot window has enough days */
  noticeableDepth: number | null
}

/** A touchpoint without a verdict. */
type InsufficientTouchpoint = {
  id: string
  presses: number
  /** days since its first press */
  days: number
  /** about how many more at the present rate; null = no rate is known */
  moreDays: number | null
}

export type DipScan = {
  /** q ≤ .20, smallest q first, a touchpoint's dips in order of rank */
  found: FoundDip[]
  /** by id */
  scanned: ScannedTouchpoint[]
  /** by id */
  insufficient: InsufficientTouchpoint[]
  /** natural variance per kind of window (length 1 to 3, inside and at the edge of the day), points² */
  tau2: number[]
}

const MOST_DIPS = 3

/** What a scan made out of one touchpoint; p null = too little data. */
type Judgement = { p: number | null; noticeableDepth: number | null; insufficient: InsufficientTouchpoint | null }

/**
 * What earlier scans of a family made out of its grids, so that another one in which few grids differ looks at those only, against
 * the same fleet.
 */
export type EarlierScans = { fleet: FleetPrior | null; judgements: Map<TouchpointCells, Judgement> }

/** None yet; filled by `findDips`. */
export function noEarlierScans(): EarlierScans {
  return { fleet: null, judgements: new Map() }
}

/**
 * Scans a family of touchpoints for dips.
 *
 * @param touchpoints at least 14 days each for a verdict; days may differ; ids are distinct
 * @param earlier grids in it are the very objects that were scanned, and not written to since
 * @throws RangeError when a touchpoint's arrays do not fit its days, or fdr is outside (0, 1)
 * @see dips.md §3.2 to §3.6
 */
export function findDips(
  touchpoints: readonly TouchpointCells[],
  { fdr }: DipOptions,
  earlier: EarlierScans = noEarlierScans(),
): DipScan {
  if (!(fdr > 0 && fdr < 1)) throw new RangeError('fdr must be inside (0, 1)')
  touchpoints.forEach(checkCells)
  const family = [...touchpoints].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  const scan = openFamilyScan(family, earlier.fleet)
  earlier.fleet = scan.fleet

  const insufficient: InsufficientTouchpoint[] = []
  const judged: { cells: TouchpointCells; p: number; noticeableDepth: number | null }[] = []
  for (const cells of family) {
    const judgement = earlier.judgements.get(cells) ?? judge(scan, cells)
    earlier.judgements.set(cells, judgement)
    if (judgement.p !== null) judged.push({ cells, p: judgement.p, noticeableDepth: judgement.noticeableDepth })
    else if (judgement.insufficient !== null) insufficient.push(judgement.insufficient)
  }

  const q = benjaminiHochberg(judged.map(({ p }) => p))
  const found = q.filter((value) => value <= fdr).length
  const listed = Math.max(fdr, SUSPECTED_Q)
  const level = { selected: Math.max(1, found), tested: judged.length, fdr }
  const dips = judged.flatMap(({ cells, p }, i) => {
    const verdict = { ...level, p, q: q[i] as number, rank: 1 }
    return verdict.q <= listed ? dipsOf(scan, cells, verdict) : []
  })
  const firstQ = new Map(judged.map(({ cells }, i) => [cells.id, q[i] as number]))
  // Sorting is stable: a touchpoint's dips keep their rank, ties keep the order of ids.
  dips.sort((a, b) => (firstQ.get(a.id) as number) - (firstQ.get(b.id) as number))
  const scanned = judged.map(({ cells, p, noticeableDepth: depth }, i) => {
    return { id: cells.id, p, q: q[i] as number, noticeableDepth: depth }
  })
  return { found: dips, scanned, insufficient, tau2: scan.fleet.tau2 }
}

function judge(scan: FamilyScan, cells: TouchpointCells): Judgement {
  prepareSheet(scan.sheet, cells, null)
  const result = scanPrepared(scan)
  if (result.cells === 0) return { p: null, noticeableDepth: null, insufficient: tooLittle(scan.sheet, cells.id) }
  return { p: result.p, noticeableDepth: noticeableDepth(scan.sheet, scan.fleet), insufficient: null }
}

/**
 * The touchpoint's dips, strongest first. Further ones are looked for only where the first was found at the level asked
 * for, with the earlier ones masked, at level fdr × found / tested (Benjamini & Bogomolov 2014).
 */
function dipsOf(scan: FamilyScan, cells: TouchpointCells, first: Verdict): FoundDip[] {
  const masked = new Uint8Array(cells.days * SLOTS)
  const dips: FoundDip[] = []
  for (let rank = 1; rank <= MOST_DIPS; rank++) {
    prepareSheet(scan.sheet, cells, masked)
    const { p, best } = scanPrepared(scan)
    const verdict = rank === 1 ? first : { ...first, p, q: Math.min(1, (p * first.tested) / first.selected), rank }
    if (best === null || (rank > 1 && verdict.q > first.fdr)) break
    const blocks = blocksOf(scan.sheet)
    const { dip, when } = describeDip(scan.sheet, cells, best, blocks, verdict)
    dips.push(dip)
    if (first.q > first.fdr) break
    maskDip(masked, scan.sheet, best, blocks, when)
  }
  return dips
}

function tooLittle(sheet: ScanSheet, id: string): InsufficientTouchpoint {
  let presses = 0
  for (let cell = 0; cell < sheet.endDay * SLOTS; cell++) presses += sheet.presses[cell] as number
  return { id, presses, days: sheet.endDay - sheet.firstDay, moreDays: missingDays(sheet) }
}
