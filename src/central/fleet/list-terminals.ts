import type { TerminalItem } from '../../contracts/http/terminals.ts'
import type { Catalogue, Terminal } from '../store/catalogue.ts'
import type { StoreReader, TerminalState } from '../store/port.ts'
import { readReport } from './read-report.ts'

/** Two healths missed and a little more: a terminal that died with its broker has nobody to send its will. */
const silentMs = 11 * 60_000

const toInstant = (ms: number | null | undefined) =>
  ms === null || ms === undefined ? null : new Date(ms).toISOString()

function makeItem(
  terminal: Terminal,
  state: TerminalState | null,
  { placements }: Catalogue,
  nowMs: number,
): TerminalItem {
  const { box, unacknowledged, versions } = readReport(state)
  const placement = placements
    .get(terminal.id)
    ?.findLast(({ fromMs, toMs }) => fromMs <= nowMs && (toMs === null || nowMs < toMs))
  const isRecent = state?.lastSeenAtMs != null && nowMs - state.lastSeenAtMs < silentMs
  return {
    id: terminal.id,
    name: terminal.name,
    touchpoint: placement?.touchpoint ?? null,
    online: (state?.online ?? false) && isRecent,
    lastSeenAt: toInstant(state?.lastSeenAtMs),
    lastPressAt: toInstant(state?.lastPressAtMs),
    clonedAt: toInstant(state?.clonedAtMs),
    unacknowledged,
    box: box && { id: box.id, pending: box.pending, dropped: box.dropped },
    versions,
  }
}

/** All terminals, by id, with where they stand now and what they last said. */
export async function listTerminals(read: StoreReader, nowMs: number): Promise<TerminalItem[]> {
  const catalogue = await read.catalogue()
  const states = new Map((await read.terminalStates()).map((state) => [state.terminal, state]))
  return (await read.terminals()).map((terminal) =>
    makeItem(terminal, states.get(terminal.id) ?? null, catalogue, nowMs),
  )
}
