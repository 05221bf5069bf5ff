import type { Place } from '../../store/catalogue.ts'

/** Each place with all above it, itself first; a place that is its own ancestor ends the walk. */
export function placesAbove(places: readonly Place[]): Map<string, Set<string>> {
  const parents = new Map(places.map(({ id, parent }) => [id, parent]))
  return new Map(
    places.map(({ id }) => {
      const above = new Set<string>()
      for (let at: string | null = id; at !== null && parents.has(at) && !above.has(at); at = parents.get(at) ?? null) {
        above.add(at)
      }
      return [id, above]
    }),
  )
}
