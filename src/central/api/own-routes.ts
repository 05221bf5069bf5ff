import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { PasswordChange, SessionList } from '../../contracts/http/accounts.ts'
import type { CallingUser } from '../../contracts/http/permissions.ts'
import { accessFor } from './access.ts'
import { type AccountGate, deviceOf } from './account-gate.ts'
import type { ApiApp } from './api-app.ts'
import { sendProblem } from './problem.ts'
import { sendEntered } from './session-routes.ts'
import { IdParams } from './touchpoint-routes.ts'

/** Only users have the right to `own-account`. */
function userOf({ caller }: FastifyRequest): CallingUser {
  if (caller?.kind !== 'user') throw new Error('this route is for users')
  return caller
}

/** One's own password and sessions. */
export function addOwnRoutes(app: ApiApp, gate: AccountGate): void {
  const { desk, limits } = gate
  app.post(
    '/api/v1/own/password',
    { ...accessFor('own-account'), schema: { body: PasswordChange } },
    async (request, reply) => {
      if (await limits.password(request, reply)) return reply
      const answer = await desk.own.changePassword(userOf(request), request.body, deviceOf(request))
      return sendEntered(request, reply, gate, answer)
    },
  )

  app.get(
    '/api/v1/own/sessions',
    { ...accessFor('own-account'), schema: { response: { 200: SessionList } } },
    async (request) => {
      const { id, session } = userOf(request)
      return { sessions: await desk.sessions.list(id, session) }
    },
  )

  app.delete(
    '/api/v1/own/sessions/:id',
    { ...accessFor('own-account'), schema: { params: IdParams, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const { id } = request.params
      if (await desk.sessions.end(userOf(request), id, deviceOf(request))) return reply.code(204).send(null)
      return sendProblem(reply, 404, `You have no session called ${id}; GET /api/v1/own/sessions lists them.`)
    },
  )
}
