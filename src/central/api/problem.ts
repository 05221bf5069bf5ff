import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyReply } from 'fastify'
import type { FieldFault } from '../../contracts/http/problem.ts'
import type { Logger } from '../../shared/logger.ts'
import type { ApiApp } from './api-app.ts'

/**
 * Answers with problem details (RFC 9457); `detail` says what is wrong and what to do about it.
 *
 * @param errors each fault at its field, where the request had a body
 */
export function sendProblem(
  reply: FastifyReply,
  status: number,
  detail: string,
  errors?: readonly FieldFault[],
): FastifyReply {
  const title = STATUS_CODES[status] ?? 'Error'
  return reply
    .code(status)
    .type('application/problem+json')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send({ type: 'about:blank', title, status, detail, ...(errors && { errors }) })
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

/** The faults of a body, each at its field. */
function listFields(faults: readonly ValidationFault[]): FieldFault[] {
  const named = (field: string, code: string, detail: string) => ({ field, code, detail })
  return faults.flatMap(({ keyword, instancePath, params, message }) => {
    if (keyword === 'required')
      return (params.requiredProperties as string[]).map((field) => named(field, 'missing', 'is needed'))
    if (keyword === 'additionalProperties')
      return (params.additionalProperties as string[]).map((field) => named(field, 'unknown', 'is not known here'))
    const field = instancePath.split('/')[1]
    return field === undefined || keyword === 'boolean' ? [] : [named(field, keyword, message ?? 'is not as expected')]
  })
}

/** Makes every error of the app a problem: faults of a request with what to change, our own without a word of the inside. */
export function answerProblems(app: ApiApp, logger: Logger): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error.validation) {
      const faults = error.validation as unknown as ValidationFault[]
      const part = error.validationContext ?? 'request'
      return sendProblem(reply, 400, describeFaults(faults, part), part === 'body' ? listFields(faults) : undefined)
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
