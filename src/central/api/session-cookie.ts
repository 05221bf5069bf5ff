import type { FastifyReply, FastifyRequest } from 'fastify'
import { isPublic, type PublicOrigin } from './same-origin.ts'

const longestSeconds = 30 * 24 * 3600

export type SessionCookie = {
  read(request: FastifyRequest): string | null
  write(request: FastifyRequest, reply: FastifyReply, secret: string): void
  clear(request: FastifyRequest, reply: FastifyReply): void
}

/**
 * The cookie that holds a session's secret. Over HTTPS its name begins with `__Host-`, so that browsers take it from this host alone
 * (RFC 6265bis 4.1.3.2); on loopback, which has no HTTPS, it is a plain one, and other programs of this machine could set it.
 */
export function makeSessionCookie(publicOrigin: PublicOrigin): SessionCookie {
  const isSecure = (request: FastifyRequest) => isPublic(request, publicOrigin) && publicOrigin?.isSecure === true
  const name = (request: FastifyRequest) => (isSecure(request) ? '__Host-smilepost' : 'smilepost-session')
  const options = (request: FastifyRequest) => ({
    ...{ path: '/', httpOnly: true, sameSite: 'lax' as const, secure: isSecure(request) },
  })
  return {
    read: (request) => request.cookies[name(request)] ?? null,
    write: (request, reply, secret) =>
      void reply.setCookie(name(request), secret, { ...options(request), maxAge: longestSeconds }),
    clear: (request, reply) => void reply.clearCookie(name(request), options(request)),
  }
}
