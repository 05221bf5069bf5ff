import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyReply } from 'fastify'
import type { Logger } from '../../shared/logger.ts'
import type { ApiApp } from './api-app.ts'

/** Answers with problem details (RFC 9457); `detail` says what is wrong and what to do about it. */
export function sendProblem(reply: FastifyReply, status: number, detail: string): FastifyReply {
  const title = STATUS_CODES[status] ?? 'Error'
  return reply
    .code(status)
    .type('application/problem+json')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send({ type: 'about:blank', title, status, detail })
}

type ValidationFault = { instancePath: string; message?: string; keyword: string; params: Record<string, unknown> }

/** Every fault of a query or body once, with the parameter's name. */
function describeFaults(faults: readonly ValidationFault[], part: string): string {
  const texts = faults
    .filter(({ keyword }) => keyword !== 'boolean')
    .map(({ instancePath, message, keyword, params }) =>
      keyword === 'additionalProperties'
        ? `unknown ${part} parameter ${(params.additionalProperties as string[]).join(', ')}`
        : `${instancePath.slice(1) || part} ${message ?? 'is not as expected'}`,
    )
  return [...new Set(texts)].join('; ')
}

/** Makes every error of the app a problem: faults of a request with what to change, our own without a word of the inside. */
export function answerProblems(app: ApiApp, logger: Logger): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error.validation) {
      const faults = error.validation as unknown as ValidationFault[]
      return sendProblem(reply, 400, describeFaults(faults, error.validationContext ?? 'request'))
    }
    const status = error.statusCode ?? 500
    if (status < 500) return sendProblem(reply, status, error.message)
    logger.error({ request: request.id, path: request.url, error: error.stack ?? String(error) }, 'request failed')
    return sendProblem(reply, 500, `The service failed at this request; its log says more under ${request.id}.`)
  })
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, 404, `There is no ${request.method} ${request.url.split('?')[0]} here; the API is at /api/v1/.`),
  )
}
