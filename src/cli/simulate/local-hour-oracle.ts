/**
 * Local date, hour and offset by Intl alone: the oracle shares no code with the central.
 * `YYYY-MM-DD hour offsetMinutes`, one look at the rules for each quarter of an hour.
 */
export function makeHourOracle(zone: string): (utcMs: number) => string {
  const format = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  })
  const known = new Map<number, string>()
  const quarterMs = 900_000
  return (utcMs) => {
    const quarter = Math.floor(utcMs / quarterMs)
    const found = known.get(quarter)
    if (found !== undefined) return found
    const at = quarter * quarterMs
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
    const date = `${part.year}-${part.month}-${part.day}`
    const offset = (Date.parse(`${date}T${part.hour}:${part.minute}:${part.second}Z`) - at) / 60_000
    const text = `${date} ${Number(part.hour)} ${offset}`
    known.set(quarter, text)
    return text
  }
}
