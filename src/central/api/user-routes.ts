import Type from 'typebox'
import { NewUser, UserChange, UserItem, UserLink, UserList } from '../../contracts/http/accounts.ts'
import { accessFor } from './access.ts'
import { type AccountGate, managerOf } from './account-gate.ts'
import type { ApiApp } from './api-app.ts'
import { sendProblem } from './problem.ts'
import { sendRefusal } from './send-refusal.ts'
import { IdParams } from './touchpoint-routes.ts'

const Nothing = Type.Object({}, { additionalProperties: false })
const entityTag = /^"([1-9][0-9]{0,9})"$/

/** Users, within the subtree of the administrator who asks. */
export function addUserRoutes(app: ApiApp, { desk }: AccountGate): void {
  app.get(
    '/api/v1/users',
    { ...accessFor('manage-users'), schema: { response: { 200: UserList } } },
    async (request) => ({ users: await desk.users.list(managerOf(request)) }),
  )

  app.post(
    '/api/v1/users',
    { ...accessFor('manage-users'), schema: { body: NewUser, response: { 201: UserLink } } },
    async (request, reply) => {
      const invited = await desk.users.invite(request.body, managerOf(request))
      return invited.ok ? reply.code(201).send(invited) : sendRefusal(reply, invited)
    },
  )

  app.post(
    '/api/v1/users/:id/link',
    { ...accessFor('manage-users'), schema: { params: IdParams, body: Nothing, response: { 201: UserLink } } },
    async (request, reply) => {
      const made = await desk.users.makeLink(request.params.id, managerOf(request))
      return made.ok ? reply.code(201).send(made) : sendRefusal(reply, made)
    },
  )

  app.patch(
    '/api/v1/users/:id',
    { ...accessFor('manage-users'), schema: { params: IdParams, body: UserChange, response: { 200: UserItem } } },
    async (request, reply) => {
      const revision = entityTag.exec(request.headers['if-match'] ?? '')?.[1]
      if (revision === undefined)
        return sendProblem(
          reply,
          428,
          'Say which revision you change: If-Match: "n", with the revision of GET /api/v1/users.',
        )
      const { id } = request.params
      const changed = await desk.users.change(id, request.body, Number(revision), managerOf(request))
      if (!changed.ok) return sendRefusal(reply, changed)
      return reply.header('etag', `"${changed.user.revision}"`).send(changed.user)
    },
  )
}
