/** @returns such as `4,812` */
export const formatCount = (count: unknown): string => Number(count).toLocaleString('en-US')

/** @returns such as `1 record`, `12 records` */
export const formatRecords = (count: unknown): string => (count === 1 ? '1 record' : `${formatCount(count)} records`)

/** @returns such as `3.1 GB` */
export function formatBytes(bytes: unknown): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let amount = Number(bytes)
  let unit = 0
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000
    unit += 1
  }
  return `${unit === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${units[unit]}`
}

/** @returns such as `12 s`, `3 h`, `5 days` */
export function formatSpan(ms: unknown): string {
  const seconds = Math.max(0, Number(ms)) / 1000
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`
}

/** @returns such as `2026-11-22 10:42 UTC` */
export function formatInstant(ms: unknown): string {
  const date = new Date(Number(ms))
  return Number.isNaN(date.getTime()) ? 'an unknown time' : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
