/** A touchpoint's local hour. */
export type TouchpointHour = { touchpoint: string; localDate: string; hour: number }

/** The first hour of each touchpoint: business days begin at different hours, so that a date alone does not tell which one it is. */
export function firstHours(hours: Iterable<TouchpointHour>): TouchpointHour[] {
  const first = new Map<string, TouchpointHour>()
  for (const { touchpoint, localDate, hour } of hours) {
    const known = first.get(touchpoint)
    const isEarlier = !known || localDate < known.localDate || (localDate === known.localDate && hour < known.hour)
    if (isEarlier) first.set(touchpoint, { touchpoint, localDate, hour })
  }
  return [...first.values()]
}
