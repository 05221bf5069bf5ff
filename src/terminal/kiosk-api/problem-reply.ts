import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import type { Problem } from '../../contracts/http/problem.ts'
import type { Logger } from '../../shared/logger.ts'

/** An error that reaches the client with its sentence. */
export function makeProblem(statusCode: number, detail: string): Error & { statusCode: number } {
  return Object.assign(new Error(detail), { statusCode })
}

function sendProblem(reply: FastifyReply, status: number, detail: string): FastifyReply {
  const problem: Problem = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail }
  return reply.code(status).header('cache-control', 'no-store').type('application/problem+json').send(problem)
}

function describeFault(error: FastifyError): string {
  if (!error.validation) return error.message
  const faults = error.validation.map(({ instancePath, message }) => `${instancePath || '/'} ${message ?? 'is wrong'}`)
  return `${error.validationContext ?? 'request'}: ${faults.join('; ')}`
}

/** Turns every error of an app, and every unknown path, into problem details (RFC 9457). */
export function addProblemReplies(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 500
    if (status < 500) return sendProblem(reply, status, describeFault(error))
    if (error.statusCode !== undefined) return sendProblem(reply, status, error.message)
    logger.error({ error: error.stack ?? String(error) }, 'request failed')
    return sendProblem(reply, 500, 'This is a fault of the terminal; its log tells more.')
  })
  app.setNotFoundHandler((request, reply) => sendProblem(reply, 404, `Nothing is at ${request.url.slice(0, 100)}.`))
}
