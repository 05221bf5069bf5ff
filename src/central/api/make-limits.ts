import { createHash } from 'node:crypto'
import { fastifyRateLimit } from '@fastify/rate-limit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiApp } from './api-app.ts'
import { sendProblem } from './problem.ts'

const minuteMs = 60_000

/** @returns whether the request came too often, and has been answered with that; a reply itself would be awaited away, since it has a `then` */
type Limit = (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>
export type Limits = {
  /** Sign-ins of one address: those of an office behind one, on a Monday morning. */
  signInFrom: Limit
  /** Sign-ins to one account, right or wrong. */
  signInTo: Limit
  /** Uses of links of one address. */
  link: Limit
  resetFrom: Limit
  resetTo: Limit
  /** Tries of a user's present password. */
  password: Limit
}

/** One account however it is typed, and nobody's address in memory. */
const accountOf = (request: FastifyRequest) => {
  const { email } = (request.body ?? {}) as { email?: unknown }
  return createHash('sha256').update(String(email).trim().toLowerCase()).digest('base64url')
}
const userOf = ({ caller, ip }: FastifyRequest) => (caller?.kind === 'user' ? caller.id : ip)
const addressOf = ({ ip }: FastifyRequest) => ip

/** How often somebody may try what others could try for them. */
export async function makeLimits(app: ApiApp): Promise<Limits> {
  await app.register(fastifyRateLimit, { global: false, cache: 10_000 })
  function limit(max: number, timeWindow: number, keyGenerator: (request: FastifyRequest) => string): Limit {
    const count = app.createRateLimit({ max, timeWindow, keyGenerator })
    return async (request, reply) => {
      const state = await count(request)
      if (state.isAllowed || !state.isExceeded) return false
      reply.header('retry-after', String(state.ttlInSeconds))
      sendProblem(reply, 429, `Too many tries; the next one is possible in ${state.ttlInSeconds} seconds.`)
      return true
    }
  }
  return {
    signInFrom: limit(60, 5 * minuteMs, addressOf),
    signInTo: limit(20, 15 * minuteMs, accountOf),
    link: limit(60, 5 * minuteMs, addressOf),
    resetFrom: limit(20, 15 * minuteMs, addressOf),
    resetTo: limit(4, 60 * minuteMs, accountOf),
    password: limit(10, 15 * minuteMs, userOf),
  }
}
