import type { DirtyHour } from '../store/port.ts'

const hourMs = 3_600_000

/** Dirty hours of one terminal that follow each other; read together, since runs cross hours. */
export type Stretch = { terminal: string; fromMs: number; toMs: number; hours: DirtyHour[] }

/**
 * @param dirty in any order
 * @param maxHours longest stretch
 */
export function groupHours(dirty: readonly DirtyHour[], maxHours: number): Stretch[] {
  const sorted = dirty.toSorted((a, b) => a.utcHour - b.utcHour)
  const open = new Map<string, Stretch>()
  const stretches: Stretch[] = []
  for (const hour of sorted) {
    const fromMs = hour.utcHour * hourMs
    const last = open.get(hour.terminal)
    if (last && last.toMs === fromMs && last.hours.length < maxHours) {
      last.toMs += hourMs
      last.hours.push(hour)
      continue
    }
    const stretch = { terminal: hour.terminal, fromMs, toMs: fromMs + hourMs, hours: [hour] }
    open.set(hour.terminal, stretch)
    stretches.push(stretch)
  }
  return stretches
}
