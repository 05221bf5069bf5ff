import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { Caller } from '../../contracts/http/permissions.ts'
import type { Access, Reach } from './access.ts'
import type { AccountDesk } from './account-desk.ts'
import type { ApiApp } from './api-app.ts'
import { sendProblem } from './problem.ts'
import { isDirect, isForeign, type PublicOrigin } from './same-origin.ts'
import type { SessionCookie } from './session-cookie.ts'

export type Gate = { desk: AccountDesk | null; cookie: SessionCookie; publicOrigin: PublicOrigin }

const nothing: Reach = { place: () => false, touchpoint: () => false }
const everything: Reach = { place: () => true, touchpoint: () => true }
const bearerOf = (request: FastifyRequest) => /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null

/** @returns who asks; null for nobody that is known */
export async function identify(request: FastifyRequest, gate: Gate, isSeen = true): Promise<Caller | null> {
  const { desk, cookie, publicOrigin } = gate
  // What is open is open to this machine only, not to whom a proxy lets through.
  if (desk === null || (await desk.isOpen())) return isDirect(request, publicOrigin) ? { kind: 'open' } : null
  if (request.headers.authorization !== undefined) {
    const token = bearerOf(request)
    return token === null ? null : desk.tokens.find(token)
  }
  const secret = cookie.read(request)
  return secret === null ? null : desk.sessions.find(secret, isSeen)
}

function refuseUnknown(request: FastifyRequest, reply: FastifyReply) {
  reply.header('www-authenticate', request.headers.authorization ? 'Bearer error="invalid_token"' : 'Bearer')
  return sendProblem(reply, 401, 'Sign in first, or send a token: Authorization: Bearer …')
}

/**
 * Lets a request through to its route only when the route's `access` allows whoever sends it. A route that declares none is a mistake
 * of ours, and stops the start.
 */
export function guardAccess(app: ApiApp, gate: Gate): void {
  const { desk, publicOrigin } = gate
  const routes: RouteOptions[] = []
  app.decorateRequest('caller', null)
  // Set by the hook, so that no request shares it with another.
  app.decorateRequest('reach', null as unknown as Reach)
  app.addHook('onRoute', (route) => void routes.push(route))
  const declaredRoutes = () =>
    routes.flatMap(({ method, url, config }) =>
      [method].flat().map((name) => ({ method: name, url, access: config?.access })),
    )
  app.decorate('declaredRoutes', declaredRoutes)
  app.addHook('onReady', async () => {
    const undeclared = declaredRoutes().filter(({ access }) => access === undefined)
    if (undeclared.length > 0)
      throw new Error(
        `routes without a declared access: ${undeclared.map(({ method, url }) => `${method} ${url}`).join(', ')}`,
      )
  })

  app.addHook('onRequest', async (request, reply) => {
    request.reach = nothing
    if (isForeign(request, publicOrigin))
      return sendProblem(reply, 403, 'A page of another origin may not change anything here.')
    const { access } = request.routeOptions.config
    if (request.is404 || (access === 'anyone' && !request.url.startsWith('/api/'))) return
    const caller = await identify(request, gate)
    request.caller = caller
    if (access === 'anyone') return
    if (access === 'see-metrics' && isDirect(request, publicOrigin)) return
    if (access === undefined || caller === null) return refuseUnknown(request, reply)
    if (desk && !desk.may(caller, access)) return sendProblem(reply, 403, explainRefusal(caller, access))
    request.reach = desk ? await desk.reachOf(caller) : everything
  })
}

function explainRefusal(caller: Caller, access: Access): string {
  if (caller.kind === 'open') return 'Nobody has an account yet; smilepost users create-admin-link makes the first one.'
  if (caller.kind === 'token')
    return `A token of ${caller.scopes.join(', ')} may not ${access}; make one with another scope.`
  const reach = caller.place === null ? '' : ` of ${caller.place}`
  return `As ${caller.role}${reach} you may not ${access}; an administrator can change that.`
}
