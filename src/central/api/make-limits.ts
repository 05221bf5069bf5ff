import { createHash } from 'node:crypto'
import { fastifyRateLimit } from '@fastify/rate-limit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiApp } from './api-app.ts'
import { networkOf } from './network-of.ts'
import { sendProblem } from './problem.ts'

const minuteMs = 60_000

/** @returns whether the request came too often */
type Count = (request: FastifyRequest) => Promise<boolean>
/** @returns the same, and such a request has been answered with that; a reply itself would be awaited away, since it has a `then` */
type Limit = (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>
export type Limits = {
  /** Sign-ins of one network: those of an office behind one address, on a Monday morning. */
  signInFrom: Limit
  /** Sign-ins to one account, right or wrong: few from one network, so that no stranger keeps its owner out, and more from all. */
  signInTo: Limit
  /** Uses of links of one network. */
  link: Limit
  resetFrom: Limit
  /** Requests of mails to one account, few from one network. Nobody is told, since the mails that came already are as good. */
  isResetSurplus: Count
  /** Tries of a user's present password. */
  password: Limit
}

/** One account however it is typed, and nobody's address in memory. */
const accountOf = (request: FastifyRequest) => {
  const { email } = (request.body ?? {}) as { email?: unknown }
  return createHash('sha256').update(String(email).trim().toLowerCase()).digest('base64url')
}
const callerOf = ({ ip }: FastifyRequest) => networkOf(ip)
const userOf = (request: FastifyRequest) => (request.caller?.kind === 'user' ? request.caller.id : callerOf(request))
const accountFrom = (request: FastifyRequest) => `${accountOf(request)} ${callerOf(request)}`

/** How often somebody may try what others could try for them. */
export async function makeLimits(app: ApiApp): Promise<Limits> {
  await app.register(fastifyRateLimit, { global: false, cache: 10_000 })
  const count = (max: number, timeWindow: number, keyGenerator: (request: FastifyRequest) => string) =>
    app.createRateLimit({ max, timeWindow, keyGenerator })
  /** @returns seconds until the next try, null when this one may be */
  const wait =
    (...counts: ReturnType<typeof count>[]) =>
    async (request: FastifyRequest): Promise<number | null> => {
      for (const counted of counts) {
        const state = await counted(request)
        if (!state.isAllowed && state.isExceeded) return state.ttlInSeconds
      }
      return null
    }
  function limit(...counts: ReturnType<typeof count>[]): Limit {
    const waitFor = wait(...counts)
    return async (request, reply) => {
      const seconds = await waitFor(request)
      if (seconds === null) return false
      reply.header('retry-after', String(seconds))
      sendProblem(reply, 429, `Too many tries; the next one is possible in ${seconds} seconds.`)
      return true
    }
  }
  const waitForReset = wait(count(4, 60 * minuteMs, accountFrom), count(20, 60 * minuteMs, accountOf))
  return {
    signInFrom: limit(count(60, 5 * minuteMs, callerOf)),
    // What one network has too many of no longer counts for all, so that one alone never uses up the second figure.
    signInTo: limit(count(20, 15 * minuteMs, accountFrom), count(200, 15 * minuteMs, accountOf)),
    link: limit(count(60, 5 * minuteMs, callerOf)),
    resetFrom: limit(count(20, 15 * minuteMs, callerOf)),
    isResetSurplus: async (request) => (await waitForReset(request)) !== null,
    password: limit(count(10, 15 * minuteMs, userOf)),
  }
}

/** For the options of a route: counted before its body is looked at, which costs whoever sends it nothing. */
export const limitedBy = (limit: Limit) => ({
  preValidation: async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> =>
    (await limit(request, reply)) ? reply : undefined,
})
