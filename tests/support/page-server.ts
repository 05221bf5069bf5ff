/** What the fixture servers of the pages share: a built page behind the strict CSP, and live events. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fastifyStatic } from '@fastify/static'
import Fastify, { type FastifyInstance } from 'fastify'
import { findPackageRoot } from '../../src/shared/package-root.ts'

/** Nothing inline, nothing from elsewhere: the pages must work under it. */
const strictCsp = "default-src 'self'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"

/** Serves `dist/<build>` on a free loopback port; every path without a file gets the page, as the real servers do. */
export async function servePage(build: 'dashboard' | 'kiosk-ui', addRoutes: (app: FastifyInstance) => void) {
  const root = join(findPackageRoot(import.meta.url), 'dist', build)
  if (!existsSync(join(root, 'index.html'))) throw new Error(`${root} is missing: run "npm run build" first`)
  const app = Fastify({ forceCloseConnections: true })
  app.addHook('onSend', async (_request, reply) => {
    reply.header('content-security-policy', strictCsp)
  })
  addRoutes(app)
  await app.register(fastifyStatic, { root })
  app.setNotFoundHandler((request, reply) =>
    request.url.startsWith('/api/')
      ? reply
          .code(404)
          .type('application/problem+json')
          .send({ type: 'about:blank', title: 'Not found', status: 404, detail: 'No such thing.' })
      : reply.sendFile('index.html'),
  )
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { url, close: () => app.close() }
}

export type LiveEvents = {
  /** Answers a request with an event stream that begins with `first`, if given. */
  stream: (reply: import('fastify').FastifyReply, first?: { event: string; value: unknown }) => void
  send: (event: string, value: unknown) => void
}

/** Server-sent events to all pages that listen. */
export function makeLiveEvents(): LiveEvents {
  const open = new Set<import('node:http').ServerResponse>()
  const format = (event: string, value: unknown) => `event: ${event}\ndata: ${JSON.stringify(value)}\n\n`
  return {
    stream(reply, first) {
      reply.hijack()
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      reply.raw.write(first ? format(first.event, first.value) : ': open\n\n')
      open.add(reply.raw)
      reply.raw.on('close', () => open.delete(reply.raw))
    },
    send(event, value) {
      for (const response of open) response.write(format(event, value))
    },
  }
}
