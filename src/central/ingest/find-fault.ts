import { maxValue } from '../../contracts/limits.ts'
import type { AnchorRecord, PressRecord, TerminalRecord } from '../../contracts/records.ts'
import type { Catalogue } from '../store/catalogue.ts'

/** Why a single record can't be accepted. It leaves a tombstone, and the mark moves past it. */
export type RecordFault = 'value-above-scale' | 'anchor-in-future' | 'anchor-out-of-range'

const earliestAnchorMs = Date.UTC(2015, 0, 1)
const latestAnchorMs = Date.UTC(2100, 0, 1)
/** How far the central's own clock may be behind. */
const futureMs = 5 * 60_000

/**
 * An unknown revision or question is no fault: only the terminal knows what was shown, and it may have been set up before anyone
 * told the central of the question. Its presses are kept and tallied under that name.
 */
function findPressFault(press: PressRecord, catalogue: Catalogue): RecordFault | null {
  const revisions = catalogue.surveys.get(press.question) ?? []
  const shown = revisions.find((survey) => survey.revision === press.surveyRevision)
  const scaleMax = shown?.scaleMax ?? maxValue
  return press.value > scaleMax ? 'value-above-scale' : null
}

/** It can't have been later at the terminal, before sending, than it was here at the receipt. */
function findAnchorFault(anchor: AnchorRecord, receivedAtMs: number): RecordFault | null {
  if (anchor.utcMs < earliestAnchorMs || anchor.utcMs > latestAnchorMs) return 'anchor-out-of-range'
  return anchor.utcMs - anchor.errorMs > receivedAtMs + futureMs ? 'anchor-in-future' : null
}

/** @returns null for a record that may be stored */
export function findFault(record: TerminalRecord, catalogue: Catalogue, receivedAtMs: number): RecordFault | null {
  if (record.kind === 'press') return findPressFault(record, catalogue)
  if (record.kind === 'anchor') return findAnchorFault(record, receivedAtMs)
  return null
}
