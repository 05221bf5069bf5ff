import type { Static } from 'typebox'
import type { Versions } from '../contracts/messages.ts'
import { readVersion } from '../shared/package-version.ts'

/** What runs here. @param firmware of the box; null before it has spoken */
export function listVersions(firmware: string | null): Static<typeof Versions> {
  const { node, tz } = process.versions
  return { terminal: readVersion(), node, ...(tz && { tz }), ...(firmware && { firmware }) }
}
