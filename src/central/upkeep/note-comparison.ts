import type { Compared, Store } from '../store/port.ts'

/** What a comparison found, and what the store told of the last one when this one began. */
export type Comparing = { found: Compared; before: Compared | null }

/**
 * Keeps what a comparison found. One that ended meanwhile and began later knows better, and stays; a row that was there before this one
 * began is older whatever its time says, for a clock may have been set back.
 */
export async function noteComparison(store: Store, { found, before }: Comparing): Promise<void> {
  await store.transact(async (writer) => {
    const kept = await store.read.compared()
    const isOther = kept?.atMs !== before?.atMs || kept?.differences !== before?.differences
    if (kept && isOther && kept.atMs > found.atMs) return
    await writer.noteCompared(found)
  })
}
