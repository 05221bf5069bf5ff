import type { Catalogue, Place } from '../store/catalogue.ts'

/** A place and those above it, lowest first. A place that is its own ancestor ends the walk. */
export function placesAbove(catalogue: Catalogue, place: string): Place[] {
  const above: Place[] = []
  const seen = new Set<string>()
  for (let id: string | null = place; id !== null && !seen.has(id); ) {
    seen.add(id)
    const found = catalogue.places.find((one) => one.id === id)
    if (found) above.push(found)
    id = found?.parent ?? null
  }
  return above
}
