import type { TerminalItem } from '../../contracts/http/terminals.ts'
import { judgeTzData } from '../../shared/tz-data.ts'
import type { Catalogue, Place, Terminal } from '../store/catalogue.ts'
import type { TerminalState } from '../store/custody.ts'
import type { StoreReader } from '../store/port.ts'
import { readReport } from './read-report.ts'

/** Two healths missed and a little more: a terminal that died with its broker has nobody to send its will. */
const silentMs = 11 * 60_000

const toInstant = (ms: number | null | undefined) =>
  ms === null || ms === undefined ? null : new Date(ms).toISOString()

/** An instant that a terminal told may lie beyond all dates. */
const toIso = (ms: number | null) => (ms !== null && Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : null)

/** Names of the places above a touchpoint, from the top. */
function listPath(places: ReadonlyMap<string, Place>, place: string | undefined): string[] {
  const path: string[] = []
  for (let at = place; at !== undefined && path.length < places.size; at = places.get(at)?.parent ?? undefined) {
    path.unshift(places.get(at)?.name ?? at)
  }
  return path
}

type Sources = { catalogue: Catalogue; places: ReadonlyMap<string, Place>; nowMs: number; custodyOf: CustodyOf }
type CustodyOf = (terminal: string) => TerminalItem['custody']

function makeItem(
  terminal: Terminal,
  state: TerminalState | null,
  { catalogue, places, nowMs, custodyOf }: Sources,
): TerminalItem {
  const { placements, touchpoints } = catalogue
  const { box, unacknowledged, versions, storage } = readReport(state)
  const placement = placements
    .get(terminal.id)
    ?.findLast(({ fromMs, toMs }) => fromMs <= nowMs && (toMs === null || nowMs < toMs))
  const touchpoint = placement && touchpoints.get(placement.touchpoint)
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
    tzData: judgeTzData(versions.tz, { reference: process.versions.tz, nowMs }),
    storage: storage && { ...storage, quarantined: storage.quarantined.map((one) => ({ ...one, at: toIso(one.at) })) },
    touchpointName: touchpoint?.name ?? null,
    path: listPath(places, touchpoint?.place),
    custody: custodyOf(terminal.id) ?? null,
  }
}

async function readSources(read: StoreReader, nowMs: number, custodyOf: CustodyOf): Promise<Sources> {
  const catalogue = await read.catalogue()
  return { catalogue, places: new Map(catalogue.places.map((place) => [place.id, place])), nowMs, custodyOf }
}

/** One terminal as in the list; null for an unknown one. */
export async function readTerminal(
  read: StoreReader,
  id: string,
  nowMs: number,
  custodyOf: CustodyOf,
): Promise<TerminalItem | null> {
  const terminal = await read.terminal(id)
  if (!terminal) return null
  return makeItem(terminal, await read.terminalState(id), await readSources(read, nowMs, custodyOf))
}

/**
 * All terminals, by id, with where they stand now and what they last said.
 *
 * @param custodyOf its ledger in short, as somebody looked at it
 */
export async function listTerminals(
  read: StoreReader,
  nowMs: number,
  custodyOf: CustodyOf = () => null,
): Promise<TerminalItem[]> {
  const sources = await readSources(read, nowMs, custodyOf)
  const states = new Map((await read.terminalStates()).map((state) => [state.terminal, state]))
  return (await read.terminals()).map((terminal) => makeItem(terminal, states.get(terminal.id) ?? null, sources))
}
