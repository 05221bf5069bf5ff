import { parseHealth, parseHello } from '../../contracts/parse-message.ts'
import type { TerminalState } from '../store/port.ts'

export type TerminalReports = {
  box: { id: string; next: number; pending: number; dropped: number } | null
  touchIssued: number
  /** Records in the outbox that the central had not acknowledged; null before the first health. */
  unacknowledged: number | null
  versions: Record<string, string>
}

const bytes = (text: string) => new TextEncoder().encode(text)

/** What a terminal last said of itself; its counters only rise, so of hello and health the higher one is the later. */
export function readReports(state: TerminalState | null): TerminalReports {
  const hello = state?.hello ? parseHello(bytes(state.hello)) : null
  const health = state?.health ? parseHealth(bytes(state.health)) : null
  const said = [hello, health].flatMap((parsed) => (parsed?.ok ? [parsed.value] : []))
  const boxes = said.flatMap(({ box }) => (box ? [box] : []))
  return {
    box: boxes.reduce<TerminalReports['box']>((latest, box) => (latest && latest.next > box.next ? latest : box), null),
    touchIssued: Math.max(0, ...said.map(({ touchIssued }) => touchIssued ?? 0)),
    unacknowledged: health?.ok ? health.value.unacknowledged : null,
    versions: Object.assign({}, ...said.map(({ versions }) => versions)),
  }
}
