/** What each route says of itself: who may ask it. `guardAccess` lets nobody in where a route says nothing. */
import type { Action, Caller } from '../../contracts/http/permissions.ts'

/** `anyone`: also without an account. */
export type Access = Action | 'anyone'

/** Which rows are there for a caller; others are answered as if they did not exist. */
export type Reach = {
  /** @param place null for what is of no place, or of all */
  place(place: string | null): boolean
  touchpoint(id: string): boolean
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyInstance {
    /** Every route of the app and who may ask it; for tests, which try each. */
    declaredRoutes(): { method: string; url: string; access: Access | undefined }[]
  }
  interface FastifyRequest {
    /** Null where anyone may ask and nobody signed in. */
    caller: Caller | null
    reach: Reach
  }
}

/** For the options of a route. */
export const accessFor = (access: Access): { config: { access: Access } } => ({ config: { access } })
