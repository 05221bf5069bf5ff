import type { TerminalItem } from '../../contracts/http/terminals.ts'
import type { StoreReader } from '../store/port.ts'
import { readReports } from './terminal-reports.ts'

const formatInstant = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())

/** All terminals, where they stand now and what they last said. */
export async function listTerminals(read: StoreReader, nowMs: number): Promise<TerminalItem[]> {
  const states = new Map((await read.terminalStates()).map((state) => [state.terminal, state]))
  const { placements } = await read.catalogue()
  return (await read.terminals()).map(({ id, name }) => {
    const state = states.get(id) ?? null
    const { box, unacknowledged, versions } = readReports(state)
    const placement = placements.get(id)?.find(({ fromMs, toMs }) => fromMs <= nowMs && (toMs === null || nowMs < toMs))
    return {
      id,
      name,
      touchpoint: placement?.touchpoint ?? null,
      online: state?.online ?? false,
      lastSeenAt: formatInstant(state?.lastSeenAtMs ?? null),
      lastPressAt: formatInstant(state?.lastPressAtMs ?? null),
      unacknowledged,
      box: box && { id: box.id, pending: box.pending, dropped: box.dropped },
      versions,
    }
  })
}
