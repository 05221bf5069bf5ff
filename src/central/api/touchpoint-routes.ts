import Type from 'typebox'
import { HourProfile, PeriodQuery, TouchpointItem, TouchpointList } from '../../contracts/http/touchpoints.ts'
import { accessFor } from './access.ts'
import type { ApiApp } from './api-app.ts'
import { sendProblem } from './problem.ts'
import type { ReportReader } from './report-reader.ts'

export const IdParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 80 }) })
/** A misspelt parameter is refused, not ignored: its sender would believe in an answer to another question. */
const StrictPeriodQuery = Type.Object(PeriodQuery.properties, { additionalProperties: false })

export const unknownTouchpoint = (id: string): string =>
  `No touchpoint is called ${id}; GET /api/v1/touchpoints lists them.`

export function addTouchpointRoutes(app: ApiApp, report: ReportReader): void {
  app.get(
    '/api/v1/touchpoints',
    { ...accessFor('see-reports'), schema: { response: { 200: TouchpointList } } },
    async ({ reach }) => {
      const touchpoints = await report.readTouchpoints(reach)
      return { touchpoints: touchpoints.filter(({ id }) => reach.touchpoint(id)) }
    },
  )

  app.get(
    '/api/v1/touchpoints/:id',
    { ...accessFor('see-reports'), schema: { params: IdParams, response: { 200: TouchpointItem } } },
    async (request, reply) => {
      const { id } = request.params
      const item = request.reach.touchpoint(id) ? await report.readTouchpoint(id, request.reach) : null
      return item ?? sendProblem(reply, 404, unknownTouchpoint(id))
    },
  )

  app.get(
    '/api/v1/touchpoints/:id/hours',
    {
      ...accessFor('see-reports'),
      schema: { params: IdParams, querystring: StrictPeriodQuery, response: { 200: HourProfile } },
    },
    async (request, reply) => {
      const { id } = request.params
      if (!request.reach.touchpoint(id)) return sendProblem(reply, 404, unknownTouchpoint(id))
      const answer = await report.readHourProfile(id, request.query)
      if (answer.ok) return answer.profile
      if (answer.reason === 'bad-period') return sendProblem(reply, 400, answer.detail)
      return sendProblem(reply, 404, unknownTouchpoint(id))
    },
  )
}
