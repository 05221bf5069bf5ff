import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  Acceptance,
  LinkSecret,
  LinkState,
  PasswordReset,
  ResetRequest,
  SessionState,
  Setup,
  SignIn,
} from '../../contracts/http/accounts.ts'
import { Action } from '../../contracts/http/permissions.ts'
import type { Refusal } from '../../contracts/http/refusal.ts'
import { accessFor } from './access.ts'
import type { Entered } from './account-desk.ts'
import { type AccountGate, deviceOf } from './account-gate.ts'
import type { ApiApp } from './api-app.ts'
import type { Gate } from './guard-access.ts'
import { makeLater } from './make-later.ts'
import { limitedBy } from './make-limits.ts'
import { sendRefusal } from './send-refusal.ts'

/** Gives the browser the cookie of its new session, or says why there is none. */
export function sendEntered(request: FastifyRequest, reply: FastifyReply, gate: Gate, answer: Entered | Refusal) {
  if (!answer.ok) return sendRefusal(reply, answer)
  gate.cookie.write(request, reply, answer.secret)
  return reply.code(204).send()
}

/** Sign-in and sign-out, and what the page needs to know before. */
export function addSessionRoutes(app: ApiApp, gate: AccountGate): void {
  const { desk, cookie, limits } = gate
  app.get(
    '/api/v1/session',
    { ...accessFor('anyone'), schema: { response: { 200: SessionState } } },
    async ({ caller }): Promise<SessionState> => {
      const user = caller?.kind === 'user' ? caller : null
      const actions = Action.enum.filter((action) => caller !== null && desk.may(caller, action))
      const state = caller?.kind === 'open' ? 'open' : user ? 'signed-in' : 'signed-out'
      return { state, user, may: actions, oidc: desk.oidc?.name ?? null, mail: desk.sendsMail }
    },
  )

  const options = { ...accessFor('anyone'), ...limitedBy(limits.signInFrom), schema: { body: SignIn } }
  app.post('/api/v1/session', options, async (request, reply) => {
    if (await limits.signInTo(request, reply)) return reply
    const answer = await desk.signIn(request.body, deviceOf(request), cookie.read(request))
    return sendEntered(request, reply, gate, answer)
  })

  app.delete('/api/v1/session', accessFor('own-account'), async (request, reply) => {
    const { caller } = request
    if (caller?.kind === 'user') await desk.sessions.end(caller, caller.session, deviceOf(request))
    cookie.clear(request, reply)
    return reply.code(204).send()
  })
}

/** What the holder of a one-time link does with it. */
export function addLinkRoutes(app: ApiApp, gate: AccountGate): void {
  const { desk, cookie, limits } = gate
  const later = makeLater(app)
  const byLink = { ...accessFor('anyone'), ...limitedBy(limits.link) }
  const entryOf = (request: FastifyRequest) => ({ device: deviceOf(request), before: cookie.read(request) })

  app.post(
    '/api/v1/links',
    { ...byLink, schema: { body: LinkSecret, response: { 200: LinkState } } },
    async (request, reply) => {
      const found = await desk.links.lookAtLink(request.body.secret)
      return 'ok' in found ? sendRefusal(reply, found) : found
    },
  )

  app.post('/api/v1/setup', { ...byLink, schema: { body: Setup } }, async (request, reply) => {
    return sendEntered(request, reply, gate, await desk.links.setUp(request.body, entryOf(request)))
  })

  app.post('/api/v1/invitation', { ...byLink, schema: { body: Acceptance } }, async (request, reply) => {
    return sendEntered(request, reply, gate, await desk.links.acceptInvitation(request.body, entryOf(request)))
  })

  app.post(
    '/api/v1/password-reset/request',
    { ...accessFor('anyone'), ...limitedBy(limits.resetFrom), schema: { body: ResetRequest } },
    async (request, reply) => {
      const { body, ip } = request
      const reset = () =>
        desk
          .requestReset(body.email, ip)
          .catch((error: unknown) => gate.logger.error({ error: String(error) }, 'reset failed'))
      // Neither waited for nor begun before the answer: how long that takes would tell who has an account.
      if (!(await limits.isResetSurplus(request))) later(() => void reset())
      return reply.code(202).send()
    },
  )

  app.post('/api/v1/password-reset', { ...byLink, schema: { body: PasswordReset } }, async (request, reply) => {
    return sendEntered(request, reply, gate, await desk.links.resetPassword(request.body, entryOf(request)))
  })
}
