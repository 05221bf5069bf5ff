import type { Catalogue, Store } from '../store/port.ts'
import type { GroupContext, GroupSheet } from './group-sheet.ts'
import { makeGroupSheet } from './group-sheet.ts'
import { moveInTime } from './retime.ts'

const pageSize = 1_000

/** Terminals whose placements differ between two catalogues. */
export function findReplaced(before: Catalogue | null, after: Catalogue): string[] {
  return [...after.placements.keys()].filter(
    (terminal) => JSON.stringify(before?.placements.get(terminal)) !== JSON.stringify(after.placements.get(terminal)),
  )
}

/**
 * Tallies the presses of a terminal that were stored before anybody said where it stood, as far as a placement covers them now.
 *
 * @returns touchpoints whose tallies changed
 */
export async function settleUnplaced(
  store: Store,
  currentContext: () => Promise<GroupContext>,
  terminal: string,
): Promise<Set<string>> {
  if ((await store.read.ledgerCounters(terminal)).unplaced === 0) return new Set()
  return await store.transact(async (writer) => {
    const sheet = makeGroupSheet(writer, await currentContext())
    while ((await settlePage(sheet, terminal)) === pageSize);
    await sheet.write()
    return sheet.tallies.touchpoints()
  })
}

/** @returns how many were settled; fewer than a page means that no more can be */
async function settlePage(sheet: GroupSheet, terminal: string): Promise<number> {
  let settled = 0
  for (const press of await sheet.writer.unplacedPresses(terminal, pageSize)) {
    if (press.utcMs === null || press.errorMs === null) continue
    const time = { utcMs: press.utcMs, errorMs: press.errorMs }
    if (sheet.context.cells.find(terminal, time).isUnplaced) continue
    await moveInTime(sheet, press, time)
    settled += 1
  }
  return settled
}
