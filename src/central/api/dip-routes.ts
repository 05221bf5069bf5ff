import Type from 'typebox'
import { DipQuery, DipReport } from '../../contracts/http/dips.ts'
import type { ApiApp } from './api-app.ts'
import { sendProblem } from './problem.ts'
import type { ReportReader } from './report-reader.ts'
import { unknownTouchpoint } from './touchpoint-routes.ts'

const StrictDipQuery = Type.Object(DipQuery.properties, { additionalProperties: false })

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
}
