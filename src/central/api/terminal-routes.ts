import { Ledger, TerminalItem, TerminalList } from '../../contracts/http/terminals.ts'
import type { ApiApp } from './api-app.ts'
import { sendProblem } from './problem.ts'
import { IdParams } from './touchpoint-routes.ts'

export type TerminalReader = {
  listTerminals(): Promise<TerminalList>
  /** Null for an unknown terminal. */
  readTerminal(terminal: string): Promise<TerminalItem | null>
  /** Null for an unknown terminal. */
  readLedger(terminal: string): Promise<Ledger | null>
}

export function addTerminalRoutes(app: ApiApp, { listTerminals, readTerminal, readLedger }: TerminalReader): void {
  const unknown = (id: string) => `No terminal is called ${id}; GET /api/v1/terminals lists them.`
  app.get('/api/v1/terminals', { schema: { response: { 200: TerminalList } } }, async () => {
    return await listTerminals()
  })

  app.get(
    '/api/v1/terminals/:id',
    { schema: { params: IdParams, response: { 200: TerminalItem } } },
    async (request, reply) => {
      const { id } = request.params
      return (await readTerminal(id)) ?? sendProblem(reply, 404, unknown(id))
    },
  )

  app.get(
    '/api/v1/terminals/:id/ledger',
    { schema: { params: IdParams, response: { 200: Ledger } } },
    async (request, reply) => {
      const { id } = request.params
      return (await readLedger(id)) ?? sendProblem(reply, 404, unknown(id))
    },
  )
}
