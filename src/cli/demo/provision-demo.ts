/** Sets the demo's chain up in the central's own store: places, question, terminals and where they stood. */

import { centralDatabase, parseCentralConfig } from '../../central/config.ts'
import { applyLayout } from '../../central/fleet/apply-layout.ts'
import { createTerminal } from '../../central/fleet/create-terminal.ts'
import { openSqliteStore } from '../../central/store/sqlite/open-sqlite-store.ts'
import { makeLogger } from '../../shared/logger.ts'
import { demoShops, demoWeeks, slumpShop } from './demo-chain.ts'
import type { HistoryTerminal } from './demo-history.ts'
import { makeDemoLayout } from './demo-layout.ts'

const dayMs = 86_400_000
const liveTerminal = 'kamppi-live'

export type Provisioned = { history: HistoryTerminal[]; live: { id: string; secret: string } }

/**
 * The live terminal takes the place of the one that stood at the slump's touchpoint until `nowMs`: the touchpoint's history survives the swap.
 */
export async function provisionDemo(
  configText: string,
  nowMs: number,
  randomBytes: (size: number) => Buffer,
): Promise<Provisioned> {
  const store = await openSqliteStore({
    path: centralDatabase(parseCentralConfig(configText, 'the demo')),
    logger: makeLogger('warn'),
  })
  const fromMs = nowMs - (demoWeeks * 7 + 3) * dayMs
  try {
    await applyLayout(store, makeDemoLayout(new Date(fromMs).toISOString().slice(0, 10)))
    const history: HistoryTerminal[] = []
    for (const { touchpoint, store: place } of demoShops) {
      const { id, secret } = await createTerminal(store, {
        id: `${place}-1`,
        name: `${place} 1`,
        touchpoint,
        fromMs,
        randomBytes,
      })
      history.push({ terminal: id, secret, touchpoint })
      const toMs = touchpoint === slumpShop ? nowMs : null
      if (toMs !== null)
        await store.transact((writer) => writer.putPlacement({ terminal: id, touchpoint, fromMs, toMs }))
    }
    const live = await createTerminal(store, {
      id: liveTerminal,
      name: 'Kamppi, live',
      touchpoint: slumpShop,
      fromMs: nowMs,
      randomBytes,
    })
    return { history, live }
  } finally {
    await store.close()
  }
}
