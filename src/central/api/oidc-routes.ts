import type { FastifyReply } from 'fastify'
import { accessFor } from './access.ts'
import { type AccountGate, deviceOf } from './account-gate.ts'
import type { ApiApp } from './api-app.ts'
import { sendProblem } from './problem.ts'

const begin = '/api/v1/session/oidc'
const cookieName = 'smilepost-oidc'

/** The page of sign-in tells what went wrong; a browser on its way back from the provider can't show a problem of JSON. */
const backToPage = (reply: FastifyReply, problem: string) => reply.redirect(`/sign-in?problem=${problem}`, 303)

/** Sign-in at the organisation's own provider; both are pages that a browser goes to. */
export function addOidcRoutes(app: ApiApp, { desk, cookie, limits, publicOrigin }: AccountGate): void {
  const options = { path: begin, httpOnly: true, sameSite: 'lax' as const, secure: publicOrigin?.isSecure === true }

  app.get(begin, accessFor('anyone'), async (request, reply) => {
    if (desk.oidc === null) return sendProblem(reply, 404, 'No provider is configured; sign in by password.')
    if (await limits.signInFrom(request, reply)) return reply
    // The provider sends the browser back to one address, and a cookie of another name would not come along.
    const base = new URL(desk.baseUrl())
    if (request.headers.host !== base.host) return reply.redirect(`${base.origin}${begin}`, 303)
    const begun = await desk.oidc.begin()
    if (!begun.ok) return backToPage(reply, 'provider')
    return reply.setCookie(cookieName, begun.binding, { ...options, maxAge: 600 }).redirect(begun.url, 303)
  })

  app.get(`${begin}/callback`, accessFor('anyone'), async (request, reply) => {
    if (desk.oidc === null) return sendProblem(reply, 404, 'No provider is configured; sign in by password.')
    const query = request.url.slice(request.url.indexOf('?'))
    const entry = { device: deviceOf(request), before: cookie.read(request) }
    const entered = await desk.oidc.enter(query, request.cookies[cookieName] ?? null, entry)
    reply.clearCookie(cookieName, options)
    if (!entered.ok) return backToPage(reply, entered.code ?? 'refused')
    cookie.write(request, reply, entered.secret)
    return reply.redirect('/', 303)
  })
}
