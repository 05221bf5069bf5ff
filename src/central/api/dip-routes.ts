import Type from 'typebox'
import { DipQuery, DipReport, FixEntry, LanguageQuery, TouchpointReport } from '../../contracts/http/dips.ts'
import type { ApiApp } from './api-app.ts'
import { sendProblem } from './problem.ts'
import type { ReportReader } from './report-reader.ts'
import { IdParams, unknownTouchpoint } from './touchpoint-routes.ts'

const StrictDipQuery = Type.Object(DipQuery.properties, { additionalProperties: false })
const StrictLanguageQuery = Type.Object(LanguageQuery.properties, { additionalProperties: false })
const NoQuery = Type.Object({}, { additionalProperties: false })
/** A dip's id holds those of its touchpoint and question, its hours, weekdays and a date. */
const DipParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 120 }) })

export function addDipRoutes(app: ApiApp, report: ReportReader): void {
  app.get(
    '/api/v1/dips',
    { schema: { querystring: StrictDipQuery, response: { 200: DipReport } } },
    async (request, reply) => {
      const { touchpoint } = request.query
      if (touchpoint !== undefined && (await report.readTouchpoint(touchpoint)) === null)
        return sendProblem(reply, 404, unknownTouchpoint(touchpoint))
      return report.readDips(request.query)
    },
  )

  app.get(
    '/api/v1/touchpoints/:id/report',
    { schema: { params: IdParams, querystring: StrictLanguageQuery, response: { 200: TouchpointReport } } },
    async (request, reply) => {
      const { id } = request.params
      const told = await report.readTouchpointReport(id, request.query.language ?? 'en')
      return told ?? sendProblem(reply, 404, unknownTouchpoint(id))
    },
  )

  addFixRoutes(app, report)
}

/** What people did about a dip. A page of a stranger can't send either method here without asking first (CORS), which nobody answers. */
function addFixRoutes(app: ApiApp, report: ReportReader): void {
  app.put(
    '/api/v1/dips/:id/fix',
    { schema: { params: DipParams, querystring: NoQuery, body: FixEntry, response: { 200: FixEntry } } },
    async (request, reply) => {
      const noted = await report.noteFix(request.params.id, request.body.date)
      if (noted.ok) return request.body
      return sendProblem(reply, noted.reason === 'unknown-dip' ? 404 : 400, noted.detail)
    },
  )

  app.delete(
    '/api/v1/dips/:id/fix',
    { schema: { params: DipParams, querystring: NoQuery, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const { id } = request.params
      if (await report.removeFix(id)) return reply.code(204).send(null)
      return sendProblem(reply, 404, `No fix is entered for a dip called ${id}; GET /api/v1/dips lists dips.`)
    },
  )
}
