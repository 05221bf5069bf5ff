export type EventQueue = {
  /** Events of the same cycle run in the order in which they were added. */
  add(cycle: number, run: () => void): void
  /** Cycle of the next event, Infinity when there is none. */
  next(): number
  /** Takes the next event out. */
  take(): (() => void) | undefined
}

/**
 * What is to happen to the box from outside, by simulated time.
 *
 * @param onEarlier called when a new event comes before all others
 */
export function makeEventQueue(onEarlier: () => void): EventQueue {
  const events: { cycle: number; run: () => void }[] = []
  return {
    add(cycle, run) {
      const later = events.findIndex((event) => event.cycle > cycle)
      events.splice(later < 0 ? events.length : later, 0, { cycle, run })
      if (events[0]?.run === run) onEarlier()
    },
    next: () => events[0]?.cycle ?? Number.POSITIVE_INFINITY,
    take: () => events.shift()?.run,
  }
}
