/**
 * The one place that says who may do what, and how far it reaches.
 *
 * `may` answers for an action, `makeReach` for a row: what lies outside of a caller's subtree is not there for them, so that the
 * answer for it is the same as for what does not exist.
 */
import type { Action, Caller, Role, TokenScope } from '../../contracts/http/permissions.ts'
import type { Catalogue, Place } from '../store/catalogue.ts'

const everyone: readonly Role[] = ['admin', 'manager', 'viewer', 'ops']

const roles: Record<Action, readonly Role[]> = {
  'see-reports': everyone,
  'see-live': everyone,
  // Faces as they come in would judge the shift at the till by single customers; ops need them to test a box.
  'see-live-faces': ['admin', 'ops'],
  'note-fixes': ['admin', 'manager'],
  'see-terminals': ['admin', 'ops'],
  'see-metrics': [],
  'manage-users': ['admin'],
  'manage-tokens': ['admin'],
  'see-audit': ['admin'],
  'own-account': everyone,
  'inspect-token': [],
}

const scopes: Record<TokenScope, readonly Action[]> = {
  'read:reports': ['see-reports', 'see-live'],
  'read:terminals': ['see-terminals'],
  'presses:raw': [],
  metrics: ['see-metrics'],
}

/** What anybody at this machine may while there is no account. */
const open: readonly Action[] = [
  'see-reports',
  'see-live',
  'see-live-faces',
  'note-fixes',
  'see-terminals',
  'see-metrics',
]

/** They are about the whole service, so that a subtree is not enough. */
const ofAllPlaces: readonly Action[] = ['see-audit', 'see-metrics']

/** Whether a caller may do this at all, to rows that they reach. */
export function may(caller: Caller, action: Action): boolean {
  if (caller.kind === 'open') return open.includes(action)
  if (caller.place !== null && ofAllPlaces.includes(action)) return false
  if (caller.kind === 'user') return roles[action].includes(caller.role)
  return action === 'inspect-token' || caller.scopes.some((scope) => scopes[scope].includes(action))
}

/** Which rows are there for a caller. */
export type Reach = {
  /** @param place null for what is of no place, or of all: reached by those of all places only */
  place(place: string | null): boolean
  touchpoint(id: string): boolean
}

function placesBeneath(top: string, places: readonly Place[]): Set<string> {
  const beneath = new Set<string>(places.some(({ id }) => id === top) ? [top] : [])
  // A parent may stand after its children.
  for (let before = -1; before < beneath.size; ) {
    before = beneath.size
    for (const { id, parent } of places) if (parent !== null && beneath.has(parent)) beneath.add(id)
  }
  return beneath
}

/** @param top of the subtree, null = all places; one that no longer exists reaches nothing */
export function makeReach(top: string | null, { places, touchpoints }: Catalogue): Reach {
  if (top === null) return { place: () => true, touchpoint: () => true }
  const beneath = placesBeneath(top, places)
  return {
    place: (place) => place !== null && beneath.has(place),
    touchpoint: (id) => beneath.has(touchpoints.get(id)?.place ?? ''),
  }
}
