import type { Static } from 'typebox'
import type { DipQuery, DipReport } from '../../contracts/http/dips.ts'
import type { HourProfile, LiveCount, PeriodQuery, TouchpointItem } from '../../contracts/http/touchpoints.ts'

/** What the API needs of reports. */
export type ReportReader = {
  readTouchpoints(): Promise<TouchpointItem[]>
  readTouchpoint(id: string): Promise<TouchpointItem | null>
  readHourProfile(
    touchpoint: string,
    query: PeriodQuery,
  ): Promise<
    { ok: true; profile: HourProfile } | { ok: false; reason: 'unknown-touchpoint' | 'bad-period'; detail: string }
  >
  readDips(query: Static<typeof DipQuery>): Promise<DipReport>
  readLive(touchpoint: string): Promise<LiveCount | null>
}
