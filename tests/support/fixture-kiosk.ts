/** The part of the daemon that the touch page speaks to; what it takes is checked by the contract and listed. */
import type { FastifyInstance } from 'fastify'
import Value from 'typebox/value'
import { type KioskState, TouchPress } from '../../src/contracts/http/kiosk.ts'
import { makeLiveEvents, servePage } from './page-server.ts'

export type FixtureKiosk = {
  url: string
  /** Presses stored, in order, without repeats. */
  stored: () => readonly TouchPress[]
  /** Requests with a press, repeats among them. */
  requests: () => number
  /** How presses are answered from now on; `silent` stores and then breaks the connection. */
  behave: (behaviour: 'well' | 'failing' | 'silent') => void
  show: (survey: KioskState['survey']) => void
  pressBox: (value: number) => void
  close: () => Promise<void>
}

export const fixtureSurvey: NonNullable<KioskState['survey']> = {
  question: 'visit',
  revision: 1,
  scaleMax: 3,
  texts: [
    { language: 'en', text: 'How was your visit today?' },
    { language: 'fi', text: 'Millainen käyntisi oli tänään?' },
    { language: 'cs', text: 'Jaká byla vaše dnešní návštěva?' },
    { language: 'id', text: 'Bagaimana kunjungan Anda hari ini?' },
    { language: 'zh-Hant', text: '您今天的購物體驗如何？' },
  ],
}

export async function openFixtureKiosk(first: KioskState['survey'] = fixtureSurvey): Promise<FixtureKiosk> {
  const events = makeLiveEvents()
  const stored = new Map<string, TouchPress>()
  let survey = first
  let behaviour: 'well' | 'failing' | 'silent' = 'well'
  let requests = 0
  const state = (): KioskState => ({ survey, connected: true })

  const addRoutes = (app: FastifyInstance) => {
    app.get('/api/kiosk', async () => state())
    app.get('/api/kiosk/events', (_request, reply) => events.stream(reply, { event: 'state', value: state() }))
    app.post('/api/presses', async (request, reply) => {
      requests += 1
      if (behaviour === 'failing') return reply.code(507).send({ detail: 'full' })
      if (!Value.Check(TouchPress, request.body)) return reply.code(400).send({ detail: 'not a press' })
      stored.set(request.body.id, stored.get(request.body.id) ?? request.body)
      if (behaviour === 'silent') {
        reply.hijack()
        reply.raw.destroy()
        return reply
      }
      return { id: request.body.id, stored: true }
    })
  }
  const { url, close } = await servePage('kiosk-ui', addRoutes)
  return {
    url,
    close,
    stored: () => [...stored.values()],
    requests: () => requests,
    behave(next) {
      behaviour = next
    },
    show(next) {
      survey = next
      events.send('state', state())
    },
    pressBox: (value) => events.send('press', { value }),
  }
}
