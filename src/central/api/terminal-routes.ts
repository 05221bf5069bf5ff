import { Ledger, TerminalItem, TerminalList } from '../../contracts/http/terminals.ts'
import { accessFor, type Reach } from './access.ts'
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

/** One that stands nowhere is seen by those who see all places. */
const isReached = ({ touchpoint }: TerminalItem, reach: Reach) =>
  touchpoint === null ? reach.place(null) : reach.touchpoint(touchpoint)

export function addTerminalRoutes(app: ApiApp, { listTerminals, readTerminal, readLedger }: TerminalReader): void {
  const unknown = (id: string) => `No terminal is called ${id}; GET /api/v1/terminals lists them.`
  const find = async (id: string, reach: Reach) => {
    const terminal = await readTerminal(id)
    return terminal && isReached(terminal, reach) ? terminal : null
  }
  app.get(
    '/api/v1/terminals',
    { ...accessFor('see-terminals'), schema: { response: { 200: TerminalList } } },
    async ({ reach }) => {
      const { terminals, ...rest } = await listTerminals()
      // The comparison is of all touchpoints together.
      const whole = reach.place(null) ? rest : {}
      return { terminals: terminals.filter((terminal) => isReached(terminal, reach)), ...whole }
    },
  )

  app.get(
    '/api/v1/terminals/:id',
    { ...accessFor('see-terminals'), schema: { params: IdParams, response: { 200: TerminalItem } } },
    async (request, reply) => {
      const { id } = request.params
      return (await find(id, request.reach)) ?? sendProblem(reply, 404, unknown(id))
    },
  )

  app.get(
    '/api/v1/terminals/:id/ledger',
    { ...accessFor('see-terminals'), schema: { params: IdParams, response: { 200: Ledger } } },
    async (request, reply) => {
      const { id } = request.params
      const ledger = (await find(id, request.reach)) ? await readLedger(id) : null
      return ledger ?? sendProblem(reply, 404, unknown(id))
    },
  )
}
