import type { Catalogue } from '../store/catalogue.ts'
import type { Store } from '../store/port.ts'
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
    // Those that no placement covers stay in the list; the next page begins behind them.
    for (let left = 0, page = await settlePage(sheet, terminal, left); page.isFull; ) {
      left += page.left
      page = await settlePage(sheet, terminal, left)
    }
    await sheet.write()
    return sheet.tallies.touchpoints()
  })
}

/** @param skip unplaced presses that were looked at already */
async function settlePage(
  sheet: GroupSheet,
  terminal: string,
  skip: number,
): Promise<{ left: number; isFull: boolean }> {
  const presses = await sheet.writer.unplacedPresses(terminal, { limit: pageSize, skip })
  let left = presses.length
  for (const press of presses) {
    if (press.utcMs === null || press.errorMs === null) continue
    const time = { utcMs: press.utcMs, errorMs: press.errorMs }
    if (sheet.findCell(terminal, time, press.record.flags).isUnplaced) continue
    await moveInTime(sheet, press, time)
    left -= 1
  }
  return { left, isFull: presses.length === pageSize }
}
