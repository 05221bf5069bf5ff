/** IANA names its releases by year and letter: `2025c`, and `2024aa` after `2024z`. */
const pattern = /^(\d{4})([a-z]{1,2})$/

function parseVersion(version: string): { year: number; letters: string } | null {
  const [, year, letters] = pattern.exec(version) ?? []
  return year === undefined || letters === undefined ? null : { year: Number(year), letters }
}

/** `behind`: older than the one compared with. `old`: of the year before last, or earlier. */
export type TzVerdict = 'current' | 'behind' | 'old'

/**
 * How up to date time zone data are. Local hours are wrong wherever a government has changed its rules since.
 *
 * A version tells its year and no more, so `old` means that its year ended a year ago: it is then 12 to 24 months old. IANA has published
 * at least one version in each year, and Node's release lines take them in within months.
 *
 * @param version as Node tells its own, `process.versions.tz`
 * @param reference version of those who show the hours
 * @returns null for what is no version
 * @example judgeTzData('2025c', { reference: '2026a', nowMs: Date.UTC(2026, 5, 1) }) // 'behind'
 */
export function judgeTzData(
  version: string | undefined,
  { reference, nowMs }: { reference?: string | undefined; nowMs: number },
): TzVerdict | null {
  const own = version === undefined ? null : parseVersion(version)
  if (!own) return null
  if (new Date(nowMs).getUTCFullYear() - own.year >= 2) return 'old'
  const other = reference === undefined ? null : parseVersion(reference)
  return other && isBefore(own, other) ? 'behind' : 'current'
}

type Version = NonNullable<ReturnType<typeof parseVersion>>

function isBefore(a: Version, b: Version): boolean {
  if (a.year !== b.year) return a.year < b.year
  // `z` comes before `aa`.
  return a.letters.length === b.letters.length ? a.letters < b.letters : a.letters.length < b.letters.length
}

/** For a log, at the start of a program: what is wrong with the time zone data it came with, null where nothing is. */
export function explainTzData(version: string | undefined, nowMs: number): string | null {
  const verdict = judgeTzData(version, { nowMs })
  if (verdict === 'current') return null
  const cure = 'install a newer Node, which brings newer ones along'
  if (verdict === null) return `this Node does not say how old its time zone data are: ${cure}`
  return `time zone data ${version} are more than a year old: local hours are wrong where the rules have changed since; ${cure}`
}
