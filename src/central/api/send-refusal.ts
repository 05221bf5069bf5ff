import type { FastifyReply } from 'fastify'
import type { Refusal } from '../../contracts/http/refusal.ts'
import { sendProblem } from './problem.ts'

const statuses: Record<Refusal['reason'], number> = {
  'bad-field': 400,
  'wrong-credentials': 401,
  'link-gone': 410,
  unknown: 404,
  conflict: 409,
  stale: 412,
  busy: 503,
  'not-set-up': 404,
  refused: 403,
}

/** Answers with what accounts refused, the fault at its field. */
export function sendRefusal(reply: FastifyReply, { reason, detail, field, code }: Refusal): FastifyReply {
  if (reason === 'busy') reply.header('retry-after', '5')
  if (field === undefined) return sendProblem(reply, statuses[reason], detail)
  return sendProblem(reply, statuses[reason], `${field} ${detail}`, [{ field, code: code ?? 'wrong', detail }])
}
