import { formatLine } from '../line/format-line.ts'
import type { LinkCounters } from './link-counters.ts'

/** Returns only after the COMMIT. */
export type SaveBoxId = (boxId: string) => 'saved' | 'full'

export type IdentityGiverOptions = { counters: LinkCounters; newBoxId: () => string; saveBoxId: SaveBoxId }

export type IdentityGiver = {
  /** @returns what to answer to an `N`: '' when the identity could not be saved, null when it gets no answer */
  answer(): string | null
  /** The box has an identity. */
  noteHello(): void
}

/** Gives identities to the boxes of one session (PROTOCOL.md §11). */
export function makeIdentityGiver({ counters, newBoxId, saveBoxId }: IdentityGiverOptions): IdentityGiver {
  let unanswered = 0
  return {
    answer() {
      unanswered += 1
      if (!isWorthAnAnswer(unanswered)) return null
      const boxId = newBoxId()
      // Saved first: an identity that was sent once must never be given to another box (PROTOCOL.md §11.2).
      const isSaved = saveBoxId(boxId) === 'saved'
      counters.add(isSaved ? 'identity-sent' : 'identity-not-saved')
      return isSaved ? formatLine({ type: 'set-identity', boxId }) : ''
    },
    noteHello() {
      unanswered = 0
    },
  }
}

/**
 * Each answer to an `N` uses an identity up for ever (PROTOCOL.md §11.2). A box that can talk but not hear asks every
 * second, so it is answered at the 1st, 2nd, 4th, … 64th time and then every 64th.
 */
function isWorthAnAnswer(times: number): boolean {
  return times % 64 === 0 || (times & (times - 1)) === 0
}
