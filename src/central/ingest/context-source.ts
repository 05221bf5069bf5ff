import type { Catalogue } from '../store/catalogue.ts'
import type { Store } from '../store/port.ts'
import type { GroupContext } from './group-sheet.ts'
import { type CellFinder, makeCellFinder } from './press-cell.ts'

/** Hands out what a transaction needs to know; the finder of cells is kept while the catalogue is the same object. */
export function makeContextSource(store: Store): () => Promise<GroupContext> {
  let kept: { catalogue: Catalogue; cells: CellFinder } | null = null
  return async () => {
    const catalogue = await store.read.catalogue()
    if (kept?.catalogue !== catalogue) kept = { catalogue, cells: makeCellFinder(catalogue) }
    const cloned = new Set(await store.read.clonedTerminals())
    return {
      ...{ ...kept, cloned },
      readState: (terminal) => store.read.terminalState(terminal),
      createdAtMs: async (terminal) => (await store.read.terminal(terminal))?.createdAtMs ?? null,
      terminalsOf: async (box) => [
        ...new Set((await store.read.boxShares(box)).flatMap((share) => share.terminal ?? [])),
      ],
    }
  }
}
