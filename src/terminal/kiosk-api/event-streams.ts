import type { FastifyReply } from 'fastify'
import { pageHeaders } from '../../shared/page-headers.ts'
import { makeProblem } from './problem-reply.ts'

export type EventStreams = {
  /** Turns a reply into a stream and sends `first` on it. @throws problem 503 when too many are open */
  open(reply: FastifyReply, first: { event: string; content: object }): void
  send(event: string, content: object): void
  count(): number
  /** Ends all of them; the app could not close otherwise. */
  end(): void
}

/** A terminal has one screen; the rest is for a page that reloads and for people who look. */
const maxStreams = 16
const pulseEveryMs = 15_000

const formatEvent = (event: string, content: object) => `event: ${event}\ndata: ${JSON.stringify(content)}\n\n`

/** Server-sent events (HTML Living Standard §9.2) to all pages that are open. */
export function makeEventStreams(): EventStreams {
  const streams = new Set<FastifyReply['raw']>()
  const write = (text: string) => {
    for (const stream of streams) stream.write(text)
  }
  // Without it a page that vanished would be noticed at the next press only.
  const pulse = setInterval(() => write(': alive\n\n'), pulseEveryMs)
  pulse.unref()

  return {
    open(reply, { event, content }) {
      if (streams.size >= maxStreams) throw makeProblem(503, 'Too many pages are listening; close some.')
      reply.hijack()
      const stream = reply.raw
      stream.writeHead(200, { ...pageHeaders, 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      stream.write(formatEvent(event, content))
      streams.add(stream)
      stream.on('close', () => streams.delete(stream))
    },
    send: (event, content) => write(formatEvent(event, content)),
    count: () => streams.size,
    end() {
      clearInterval(pulse)
      for (const stream of streams) stream.end()
      streams.clear()
    },
  }
}
