import Type from 'typebox'
import { AuditPage, AuditQuery, MadeToken, NewToken, TokenItem, TokenList } from '../../contracts/http/accounts.ts'
import { accessFor } from './access.ts'
import { type AccountGate, managerOf } from './account-gate.ts'
import type { ApiApp } from './api-app.ts'
import { sendProblem } from './problem.ts'
import { sendRefusal } from './send-refusal.ts'
import { IdParams } from './touchpoint-routes.ts'

/** Tokens of programs, within the subtree of the administrator who asks. */
export function addTokenRoutes(app: ApiApp, { desk }: AccountGate): void {
  app.get(
    '/api/v1/token',
    { ...accessFor('inspect-token'), schema: { response: { 200: TokenItem } } },
    async ({ caller }, reply) => {
      const item = caller?.kind === 'token' ? await desk.tokens.inspect(caller.id) : null
      return item ?? sendProblem(reply, 404, 'This token is gone.')
    },
  )

  app.get(
    '/api/v1/tokens',
    { ...accessFor('manage-tokens'), schema: { response: { 200: TokenList } } },
    async (request) => ({ tokens: await desk.tokens.list(managerOf(request)) }),
  )

  app.post(
    '/api/v1/tokens',
    { ...accessFor('manage-tokens'), schema: { body: NewToken, response: { 201: MadeToken } } },
    async (request, reply) => {
      const made = await desk.tokens.create(request.body, managerOf(request))
      return made.ok ? reply.code(201).send(made) : sendRefusal(reply, made)
    },
  )

  app.delete(
    '/api/v1/tokens/:id',
    { ...accessFor('manage-tokens'), schema: { params: IdParams, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const revoked = await desk.tokens.revoke(request.params.id, managerOf(request))
      return revoked.ok ? reply.code(204).send(null) : sendRefusal(reply, revoked)
    },
  )
}

const usualPage = 100

export function addAuditRoute(app: ApiApp, { desk }: AccountGate): void {
  app.get(
    '/api/v1/audit',
    { ...accessFor('see-audit'), schema: { querystring: AuditQuery, response: { 200: AuditPage } } },
    async ({ query: { before, limit } }) =>
      desk.readAudit({ before: before === undefined ? null : Number(before), limit: Number(limit ?? usualPage) }),
  )
}
