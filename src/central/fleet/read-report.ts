import type { Health, Hello, Storage, Waiting } from '../../contracts/messages.ts'
import type { TerminalState, ToldAt } from '../store/custody.ts'

/** What a terminal last said of itself, whether in a hello or a health. */
export type Report = {
  box: Health['box']
  touchIssued: number
  /** Records that wait in its outbox; null where it has not told or can't. */
  unacknowledged: number | null
  /** It can't read its outbox: any press that is not here may be in it. */
  isUnreadable: boolean
  /** Presses in its outbox; null where it does not tell. */
  waiting: Waiting | null
  /** When it said so: by the central's clock and its own; null before the first time. */
  told: ToldAt | null
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
  const isUnreadable = newest?.unreadable === true
  const versions = Object.entries(newest?.versions ?? {}).filter((entry): entry is [string, string] => !!entry[1])
  // Where the time of the report was not kept, it was not after the terminal was last heard.
  const atMs = state?.toldAtMs ?? state?.lastSeenAtMs
  return {
    box: newest?.box ?? null,
    touchIssued: Math.max(hello?.touchIssued ?? 0, health?.touchIssued ?? 0),
    unacknowledged: isUnreadable ? null : (health?.unacknowledged ?? null),
    isUnreadable,
    waiting: newest?.waiting ?? null,
    told: newest && atMs != null ? { epoch: newest.epoch, boot: newest.boot, monoMs: newest.monoMs, atMs } : null,
    held: hello?.held ?? [],
    versions: Object.fromEntries(versions),
    storage: health?.storage ?? null,
  }
}
