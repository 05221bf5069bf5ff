import type { Health, Hello, Storage, Waiting } from '../../contracts/messages.ts'
import type { TerminalState } from '../store/custody.ts'

/** What a terminal last said of itself, whether in a hello or a health. */
export type Report = {
  box: Health['box']
  touchIssued: number
  unacknowledged: number | null
  /** Presses in its outbox; null where it does not tell. */
  waiting: Waiting | null
  /** When it said so, by the central's clock. */
  toldAtMs: number | null
  /** What it held at its last hello. */
  held: Hello['held']
  versions: Record<string, string>
  /** How its disk does; null where it has not told. */
  storage: Storage | null
}

/** Which of the two is newer: after a restart hello comes first; within a boot monoMs tells. */
function isHealthNewer(hello: Hello, health: Health): boolean {
  return hello.boot === health.boot && health.monoMs >= hello.monoMs
}

export function readReport(state: TerminalState | null): Report {
  const hello = state?.hello ? (JSON.parse(state.hello) as Hello) : null
  const health = state?.health ? (JSON.parse(state.health) as Health) : null
  const newest = hello && health ? (isHealthNewer(hello, health) ? health : hello) : (health ?? hello)
  const versions = Object.entries(newest?.versions ?? {}).filter((entry): entry is [string, string] => !!entry[1])
  return {
    box: newest?.box ?? null,
    touchIssued: Math.max(hello?.touchIssued ?? 0, health?.touchIssued ?? 0),
    unacknowledged: health?.unacknowledged ?? null,
    waiting: newest?.waiting ?? null,
    // Null where the time of the report was not kept: then it was not after the terminal was last heard.
    toldAtMs: newest ? (state?.toldAtMs ?? state?.lastSeenAtMs ?? null) : null,
    held: hello?.held ?? [],
    versions: Object.fromEntries(versions),
    storage: health?.storage ?? null,
  }
}
