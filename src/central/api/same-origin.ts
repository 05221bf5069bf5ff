import type { FastifyRequest } from 'fastify'

const safeMethods = ['GET', 'HEAD', 'OPTIONS']

/** Where people open the pages from elsewhere; null while they do on this machine only. */
export type PublicOrigin = { origin: string; host: string; isSecure: boolean } | null

export const isPublic = (request: FastifyRequest, publicOrigin: PublicOrigin): boolean =>
  publicOrigin !== null && request.headers.host?.toLowerCase() === publicOrigin.host

const forwardedBy = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip']

/** Whether somebody at this machine asks, past any proxy that says so. */
export function isDirect(request: FastifyRequest, publicOrigin: PublicOrigin): boolean {
  const peer = request.socket.remoteAddress ?? ''
  const isLoopback = peer === '::1' || peer.startsWith('127.') || peer.startsWith('::ffff:127.')
  return (
    isLoopback && !isPublic(request, publicOrigin) && forwardedBy.every((name) => request.headers[name] === undefined)
  )
}

/**
 * Whether a page of another origin sends a request that could change something, with the cookies of whoever looks at that page (CSRF).
 * Browsers say where a request comes from by `Sec-Fetch-Site` (W3C Fetch Metadata) and by `Origin` (RFC 6454 7.3), and no page can forge
 * either; programs, which send no cookies of others, may say neither. Bodies must be JSON besides, which a form can't send.
 */
export function isForeign(request: FastifyRequest, publicOrigin: PublicOrigin): boolean {
  if (safeMethods.includes(request.method)) return false
  const { origin, 'sec-fetch-site': site, host } = request.headers
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  if (origin === undefined) return false
  return origin !== (isPublic(request, publicOrigin) ? publicOrigin?.origin : `http://${host?.toLowerCase()}`)
}
