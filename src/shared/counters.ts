export type Counters<Name extends string = string> = {
  add(name: Name, by?: number): void
  get(name: Name): number
  /** A copy of every counter that has ever been touched or named at the start. */
  snapshot(): Record<string, number>
}

/**
 * Named counters of things that went wrong or were refused, by reason.
 *
 * @param names shown as 0 from the start, so that a page lists a reason before it first happens
 */
export function makeCounters<Name extends string = string>(names: readonly Name[] = []): Counters<Name> {
  const counts = new Map<string, number>(names.map((name) => [name, 0]))
  return {
    add(name, by = 1) {
      counts.set(name, (counts.get(name) ?? 0) + by)
    },
    get(name) {
      return counts.get(name) ?? 0
    },
    snapshot() {
      return Object.fromEntries(counts)
    },
  }
}
