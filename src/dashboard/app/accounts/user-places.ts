import type { TouchpointList } from '../../../contracts/http/touchpoints.ts'
import { useApi } from '../use-api.ts'

export type PlaceChoice = { id: string; name: string }

/** The stores that the reader sees, by name; regions have no list of their own yet. */
export function useStores(locale: string): PlaceChoice[] {
  const { value } = useApi<TouchpointList>('/api/v1/touchpoints')
  const names = new Map((value?.touchpoints ?? []).map(({ place, path }) => [place, path.join(' › ')]))
  const { compare } = new Intl.Collator(locale, { numeric: true })
  return [...names].map(([id, name]) => ({ id, name })).sort((a, b) => compare(a.name, b.name))
}
