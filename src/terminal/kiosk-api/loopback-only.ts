import type { FastifyInstance } from 'fastify'
import { makeProblem } from './problem-reply.ts'

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]']
/** A loopback name with or without a port; nothing else, so that a name rebound to 127.0.0.1 is not taken for us. */
const loopbackHost = new RegExp(
  `^(${loopbackNames.map((name) => name.replace(/[.[\]]/g, '\\$&')).join('|')})(:\\d{1,5})?$`,
)

/**
 * Refuses requests that the touch page of this machine did not make. Listening on loopback is not enough: any page in the same
 * browser can ask 127.0.0.1, under its own origin or, by DNS rebinding, under its own name.
 *
 * @param onRefused with which header it was
 */
export function addLoopbackGuard(app: FastifyInstance, onRefused: (header: 'host' | 'origin') => void): void {
  app.addHook('onRequest', async (request, reply) => {
    const { host, origin } = request.headers
    if (host === undefined || !loopbackHost.test(host)) {
      onRefused('host')
      return reply.send(makeProblem(403, `The Host header must be one of ${loopbackNames.join(', ')}.`))
    }
    if (origin !== undefined && origin !== `http://${host}`) {
      onRefused('origin')
      return reply.send(makeProblem(403, 'Requests from pages of another origin are refused.'))
    }
  })
}
