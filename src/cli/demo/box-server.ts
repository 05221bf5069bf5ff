/** Serves the box's page on loopback: clicks become held pins of the simulated box, its lights go out as server-sent events. */
import { PassThrough } from 'node:stream'
import fastifyStatic from '@fastify/static'
import Fastify, { type FastifyInstance } from 'fastify'
import { pageHeaders } from '../../shared/page-headers.ts'

export type BoxLights = { green: boolean; amber: boolean; red: boolean }
export type BoxFront = {
  press(button: 1 | 2 | 3 | 4): void
  lights(): BoxLights
  onLights(listener: (lights: BoxLights) => void): void
}

const maxStreams = 20
const loopbackHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/

function formatLights(lights: BoxLights): string {
  return `event: lights\ndata: ${JSON.stringify(lights)}\n\n`
}

/** @returns the app, not listening yet */
export function buildBoxServer(box: BoxFront, pageFolder: string): FastifyInstance {
  const app = Fastify({ logger: false, bodyLimit: 1024, forceCloseConnections: true })
  const streams = new Set<PassThrough>()
  box.onLights((lights) => {
    for (const stream of streams) stream.write(formatLights(lights))
  })
  app.addHook('onRequest', async (request, reply) => {
    const { host, origin } = request.headers
    const isForeign = !loopbackHost.test(host ?? '') || (origin !== undefined && origin !== `http://${host}`)
    if (isForeign) await reply.code(403).send({ title: 'Only pages of this machine may press the box' })
    reply.headers(pageHeaders)
  })
  app.post('/api/buttons/:button', async (request, reply) => {
    const button = Number((request.params as { button: string }).button)
    if (button !== 1 && button !== 2 && button !== 3 && button !== 4)
      return reply.code(400).send({ title: 'Buttons are 1 to 4' })
    box.press(button)
    return reply.code(204).send()
  })
  app.get('/api/lights', async (_request, reply) => {
    if (streams.size >= maxStreams) return reply.code(503).send({ title: 'Too many pages show this box already' })
    const stream = new PassThrough()
    streams.add(stream)
    stream.once('close', () => streams.delete(stream))
    stream.write(formatLights(box.lights()))
    return reply.type('text/event-stream').header('cache-control', 'no-store').send(stream)
  })
  app.addHook('preClose', async () => {
    for (const stream of streams) stream.end()
  })
  app.register(fastifyStatic, { root: pageFolder })
  return app
}
