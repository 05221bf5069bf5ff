/** Counters by room, each by name, as of now. */
export type RoomCounters = Record<string, Record<string, number>>

export type Gauges = Record<string, { help: string; value: number }>

const escapeLabel = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

/**
 * Prometheus text format 0.0.4: one metric a room, `smilepost_<room>_events_total{event="…"}`, and the process's memory and start.
 *
 * @param rooms names of lower-case letters
 */
export function formatMetrics(rooms: RoomCounters, gauges: Gauges): string {
  const lines: string[] = []
  for (const [room, counters] of Object.entries(rooms)) {
    const name = `smilepost_${room}_events_total`
    lines.push(`# HELP ${name} Events of ${room} since the start, by name.`, `# TYPE ${name} counter`)
    for (const [event, count] of Object.entries(counters)) lines.push(`${name}{event="${escapeLabel(event)}"} ${count}`)
  }
  for (const [name, { help, value }] of Object.entries(gauges))
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${value}`)
  return `${lines.join('\n')}\n`
}
