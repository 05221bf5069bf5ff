/** What people say they did about dips: dates in, checked against the dip; each night then looks whether it helped. */
import type { RememberedDip } from '../../analysis/remember-dips.ts'
import type { Clock } from '../../shared/clock.ts'
import { localHourOf } from '../../shared/local-time.ts'
import type { AuditEntry } from '../store/accounts-port.ts'
import type { Store } from '../store/port.ts'
import type { Reach } from './limit-night.ts'
import { isRealDate } from './local-date.ts'
import { dateOfDay } from './night/day-number.ts'
import type { CurveKind, DipDetails, NightReport } from './night/night-report.ts'
import type { Nights } from './open-nights.ts'
import { findLayout } from './told-night.ts'

export type FixAnswer = { ok: true } | { ok: false; reason: 'unknown-dip' | 'bad-date'; detail: string }

/** Who says it, as the audit log names them, from which address, and how far they reach. */
export type FixSpeaker = { by: string; from: string; reach: Reach }

export type Fixes = {
  /** By dip: the first local date on which it was in force. */
  all(): Promise<ReadonlyMap<string, string>>
  /** In place of what was said of the dip before. A dip out of the speaker's reach is as unknown as one that nobody found. */
  note(dip: string, date: string, speaker: FixSpeaker): Promise<FixAnswer>
  /** @returns false for a dip without an entered fix, or out of the speaker's reach */
  remove(dip: string, speaker: FixSpeaker): Promise<boolean>
}

/** Its id would be another one as soon as the nights before are run. */
const notYet = 'dips are still looked for, for the first time; enter it in some minutes'
const kinds: readonly CurveKind[] = ['touchpoint', 'place', 'chain']

function findDip(report: NightReport, id: string): { dip: RememberedDip<DipDetails>; zone: string } | null {
  for (const kind of kinds) {
    const dip = report.memories[kind].dips.find((remembered) => remembered.id === id)
    if (!dip) continue
    const layout = findLayout(report, { kind, id: dip.touchpoint, question: dip.question })
    return { dip, zone: layout?.zone ?? 'UTC' }
  }
  return null
}

/** Whether each dip of this id is reached: a touchpoint and a place may have the same name. */
function isReached({ memories }: NightReport, id: string, reach: Reach): boolean {
  const isOf = (kind: CurveKind, at: string) => (kind === 'touchpoint' ? reach.touchpoint(at) : reach.place(at))
  return kinds.every((kind) => memories[kind].dips.every((dip) => dip.id !== id || isOf(kind, dip.touchpoint)))
}

/** The first day on which a fix can be one of this dip: not before it may have begun, and where it is back, of this time. */
function firstDayOf({ onset, episodeFrom }: RememberedDip<DipDetails>): number {
  return Math.max(onset.shown.low, episodeFrom === null ? Number.NEGATIVE_INFINITY : episodeFrom + 1)
}

export function openFixes({
  store,
  clock,
  nights,
}: {
  store: Pick<Store, 'read' | 'transact'>
  clock: Clock
  nights: Pick<Nights, 'current' | 'noteFixes'>
}): Fixes {
  async function refuse(id: string, date: string, { reach }: FixSpeaker): Promise<FixAnswer> {
    const known = await nights.current()
    if (known?.isGlance) return { ok: false, reason: 'unknown-dip', detail: notYet }
    const found = known && findDip(known.report, id)
    if (!found || !isReached(known.report, id, reach))
      return { ok: false, reason: 'unknown-dip', detail: `no dip is called ${id}` }
    const bad = (detail: string): FixAnswer => ({ ok: false, reason: 'bad-date', detail })
    if (!isRealDate(date)) return bad(`${date} is not a date`)
    const first = dateOfDay(firstDayOf(found.dip))
    if (date < first) return bad(`this dip began on ${first} or later, so that nothing fixed it on ${date}`)
    const today = localHourOf(clock.wallMs(), found.zone).localDate
    if (date > today) return bad(`${date} is after today (${today}); enter it once it is in force`)
    return { ok: true }
  }

  /** A dip that is forgotten is of no place any more. */
  async function mayRemove(id: string, { reach }: FixSpeaker): Promise<boolean> {
    const known = await nights.current()
    return known && findDip(known.report, id) ? isReached(known.report, id, reach) : reach.place(null)
  }

  const auditOf = (what: string, dip: string, { by, from }: FixSpeaker, detail: object): AuditEntry => ({
    ...{ atMs: clock.wallMs(), by, what, on: `dip ${dip}`, detail: JSON.stringify(detail), from },
  })

  return {
    async all() {
      return new Map((await store.read.fixes()).map(({ dip, fixDate }) => [dip, fixDate]))
    },
    async note(dip, date, speaker) {
      const answer = await refuse(dip, date, speaker)
      if (!answer.ok) return answer
      await store.transact(async (writer) => {
        await writer.putFix({ dip, fixDate: date, notedAtMs: clock.wallMs() })
        await writer.accounts.addAudit(auditOf('fix-entered', dip, speaker, { date }))
      })
      nights.noteFixes()
      return answer
    },
    async remove(dip, speaker) {
      if (!(await mayRemove(dip, speaker))) return false
      const isRemoved = await store.transact(async (writer) => {
        const was = await writer.removeFix(dip)
        if (was) await writer.accounts.addAudit(auditOf('fix-taken-back', dip, speaker, {}))
        return was
      })
      if (isRemoved) nights.noteFixes()
      return isRemoved
    },
  }
}
