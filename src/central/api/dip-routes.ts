import Type from 'typebox'
import { DipQuery, DipReport, FixEntry, LanguageQuery, TouchpointReport } from '../../contracts/http/dips.ts'
import { accessFor } from './access.ts'
import { managerOf } from './account-gate.ts'
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
    { ...accessFor('see-reports'), schema: { querystring: StrictDipQuery, response: { 200: DipReport } } },
    async (request, reply) => {
      const { reach } = request
      const { touchpoint } = request.query
      const isKnown = async (id: string) => reach.touchpoint(id) && (await report.readTouchpoint(id, reach)) !== null
      if (touchpoint !== undefined && !(await isKnown(touchpoint)))
        return sendProblem(reply, 404, unknownTouchpoint(touchpoint))
      return report.readDips(request.query, reach)
    },
  )

  app.get(
    '/api/v1/touchpoints/:id/report',
    {
      ...accessFor('see-reports'),
      schema: { params: IdParams, querystring: StrictLanguageQuery, response: { 200: TouchpointReport } },
    },
    async (request, reply) => {
      const { id } = request.params
      const { reach } = request
      const { language = 'en' } = request.query
      const told = reach.touchpoint(id) && (await report.readTouchpointReport(id, language, reach))
      return told || sendProblem(reply, 404, unknownTouchpoint(id))
    },
  )

  addFixRoutes(app, report)
}

/** What people did about a dip. */
function addFixRoutes(app: ApiApp, report: ReportReader): void {
  app.put(
    '/api/v1/dips/:id/fix',
    {
      ...accessFor('note-fixes'),
      schema: { params: DipParams, querystring: NoQuery, body: FixEntry, response: { 200: FixEntry } },
    },
    async (request, reply) => {
      const { id } = request.params
      const noted = await report.noteFix(id, request.body.date, managerOf(request))
      if (noted.ok) return request.body
      if (noted.reason === 'unknown-dip') return sendProblem(reply, 404, noted.detail)
      return sendProblem(reply, 400, noted.detail, [{ field: 'date', code: noted.reason, detail: noted.detail }])
    },
  )

  app.delete(
    '/api/v1/dips/:id/fix',
    { ...accessFor('note-fixes'), schema: { params: DipParams, querystring: NoQuery, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const { id } = request.params
      if (await report.removeFix(id, managerOf(request))) return reply.code(204).send(null)
      return sendProblem(reply, 404, `No fix is entered for a dip called ${id}; GET /api/v1/dips lists dips.`)
    },
  )
}
