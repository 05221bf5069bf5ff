import { pageHeaders } from '../../shared/page-headers.ts'
import type { ApiApp } from './api-app.ts'
import { sendProblem } from './problem.ts'
import { isPublic, type PublicOrigin } from './same-origin.ts'

const loopbackNames = ['localhost', '127.0.0.1', '[::1]']

/** @returns the name a Host header asks for, in lower case, without its port; null when there is none to read. */
function hostNameOf(host: string | undefined): string | null {
  return /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?$/.exec(host?.toLowerCase() ?? '')?.[1] ?? null
}

/**
 * Sets the security headers of every answer and refuses requests for other host names than the configured one. While nobody signs in, a page of a
 * stranger could otherwise read the API by pointing a name of its own at 127.0.0.1 (DNS rebinding).
 */
export function guardRequests(app: ApiApp, publicOrigin: PublicOrigin): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(pageHeaders)
    const name = hostNameOf(request.headers.host)
    if (!isPublic(request, publicOrigin) && (name === null || !loopbackNames.includes(name)))
      return sendProblem(reply, 421, `Open this service as ${loopbackNames.join(' or ')}; other names are refused.`)
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
  })
}
