import type { Static } from 'typebox'
import type { DipQuery, DipReport, TouchpointReport } from '../../contracts/http/dips.ts'
import type { HourProfile, LiveCount, PeriodQuery, TouchpointItem } from '../../contracts/http/touchpoints.ts'
import type { Reach } from './access.ts'
import type { Manager } from './account-desk.ts'

/** What the API needs of reports. */
export type ReportReader = {
  /** All of them; places out of reach stand in no path. */
  readTouchpoints(reach: Reach): Promise<TouchpointItem[]>
  readTouchpoint(id: string, reach: Reach): Promise<TouchpointItem | null>
  readHourProfile(
    touchpoint: string,
    query: PeriodQuery,
  ): Promise<
    { ok: true; profile: HourProfile } | { ok: false; reason: 'unknown-touchpoint' | 'bad-period'; detail: string }
  >
  /** Tells of nothing that lies out of reach. */
  readDips(query: Static<typeof DipQuery>, reach: Reach): Promise<DipReport>
  /** The same of a touchpoint. @param language BCP 47, of the sentences. Null for an unknown touchpoint. */
  readTouchpointReport(id: string, language: string, reach: Reach): Promise<TouchpointReport | null>
  /**
   * Stands in the audit log with that. What lies out of reach is an unknown dip.
   *
   * @param fixDate first local date on which the fix was in force, `YYYY-MM-DD`
   */
  noteFix(
    dip: string,
    fixDate: string,
    speaker: Manager,
  ): Promise<{ ok: true } | { ok: false; reason: 'unknown-dip' | 'bad-date'; detail: string }>
  /** @returns false for a dip without an entered fix, or out of reach */
  removeFix(dip: string, speaker: Manager): Promise<boolean>
  readLive(touchpoint: string): Promise<LiveCount | null>
}
