import type { NightReport } from './night/night-report.ts'

/** Of what is written down; a night of another version can't be read, and its nights are run again from the tallies. */
const version = 1

/** A night's report as it was written down. */
export type NightContent = {
  /** Made from tallies alone, without a memory of earlier nights, which were run again for it. */
  isReplay: boolean
  report: NightReport
}

export function formatNightContent({ isReplay, report }: NightContent): string {
  return JSON.stringify({ version, isReplay, report })
}

/** @returns null for what another version wrote, and for what is no report of this night */
export function parseNightContent(stored: { night: number; content: string } | null): NightContent | null {
  try {
    const content = stored && JSON.parse(stored.content)
    if (content?.version !== version || content.report?.night !== stored?.night) return null
    return { isReplay: content.isReplay === true, report: content.report }
  } catch {
    return null
  }
}
