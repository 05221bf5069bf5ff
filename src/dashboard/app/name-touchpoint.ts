import type { TouchpointItem } from '../../contracts/http/touchpoints.ts'

/** A touchpoint's name with its store, since "Exit" is found in every store. */
export function nameTouchpoint({ name, path }: Pick<TouchpointItem, 'name' | 'path'>): string {
  return [path.at(-1), name].filter(Boolean).join(', ')
}
