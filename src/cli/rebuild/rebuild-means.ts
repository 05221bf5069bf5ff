import { makeContextSource } from '../../central/ingest/context-source.ts'
import { makeGroupSheet } from '../../central/ingest/group-sheet.ts'
import { findNewCell, moveInTime } from '../../central/ingest/retime.ts'
import { makeBurstGaps } from '../../central/labels/burst-gaps.ts'
import { relabelStretch } from '../../central/labels/relabel-stretch.ts'
import type { Store } from '../../central/store/port.ts'
import type { RebuildMeans } from '../../central/upkeep/rebuild-tallies.ts'

/** A rebuild places and labels presses by the very code of ingest and labels, so that it can't come to other results than they. */
export function makeRebuildMeans(store: Store): RebuildMeans {
  const currentContext = makeContextSource(store)
  const gaps = makeBurstGaps(store.read)
  return {
    async placesOfNow() {
      const { cells, cloned } = await currentContext()
      const isCloned = (terminal: string) => cloned.has(terminal)
      return (press) => {
        const { utcMs, errorMs } = press
        return utcMs === null || errorMs === null ? press : findNewCell(cells, isCloned, press, { utcMs, errorMs })
      }
    },
    async move(writer, presses) {
      const sheet = makeGroupSheet(writer, await currentContext())
      for (const press of presses) {
        const { utcMs, errorMs } = press
        if (utcMs !== null && errorMs !== null) await moveInTime(sheet, press, { utcMs, errorMs })
      }
      await sheet.write()
    },
    async relabel(writer, stretch) {
      const { changes, labels } = await relabelStretch(writer, { ...stretch, hours: [] }, gaps)
      return { changes, labels: labels.length }
    },
  }
}
