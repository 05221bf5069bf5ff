import { maxQuarantined } from '../contracts/limits.ts'
import type { Storage } from '../contracts/messages.ts'
import type { Ballast } from './outbox/ballast.ts'
import type { OutboxStorage } from './outbox/outbox.ts'

/** What health says of the disk. */
export function describeStorage(
  { isRefusing, quarantined, schemaCopies }: OutboxStorage,
  ballast: ReturnType<Ballast['state']>,
): Storage {
  return {
    refusing: isRefusing,
    ballast,
    quarantined: quarantined
      .slice(-maxQuarantined)
      .map(({ atMs, salvaged, missing }) => ({ at: atMs, salvaged, missing })),
    schemaCopies,
  }
}
