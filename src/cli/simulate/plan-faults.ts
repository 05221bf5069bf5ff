export type FaultWishes = { offline: number; restarts: number; duplicates: number }
/**
 * `offline`: no network until `untilMs`. `restart`: the daemon ends and is back at `untilMs`, `reboot`: the whole machine; the box holds
 * what is pressed meanwhile. `duplicate`: somebody else connects under the terminal's name and throws it out.
 */
export type PlannedFault = { kind: 'offline' | 'restart' | 'reboot' | 'duplicate'; utcMs: number; untilMs: number }

const minuteMs = 60_000
const longest = { offline: 360 * minuteMs, restart: minuteMs, reboot: 2 * minuteMs, duplicate: 0 }

/**
 * Faults of one terminal, each in a stretch of time of its own, so that none begins within another.
 *
 * @param uniform in [0, 1)
 */
export function planFaults(
  wishes: FaultWishes,
  fromMs: number,
  untilMs: number,
  uniform: () => number,
): PlannedFault[] {
  const drawRestart = () => (uniform() < 0.5 ? 'restart' : 'reboot')
  const kinds: PlannedFault['kind'][] = [
    ...Array.from({ length: wishes.offline }, () => 'offline' as const),
    ...Array.from({ length: wishes.duplicates }, () => 'duplicate' as const),
    ...Array.from({ length: wishes.restarts }, drawRestart),
  ]
  const order = kinds.map((kind) => ({ kind, at: uniform() })).sort((a, b) => a.at - b.at)
  const stretchMs = (untilMs - fromMs) / Math.max(1, kinds.length)
  return order.map(({ kind }, i) => {
    const lastsMs = Math.min(longest[kind] * (0.2 + 0.8 * uniform()), stretchMs / 2)
    const utcMs = Math.floor(fromMs + i * stretchMs + uniform() * (stretchMs - lastsMs))
    return { kind, utcMs, untilMs: Math.floor(utcMs + lastsMs) }
  })
}
