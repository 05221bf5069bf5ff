import { randomBytes } from 'node:crypto'
import { applyLayout } from '../../central/fleet/apply-layout.ts'
import { createTerminal } from '../../central/fleet/create-terminal.ts'
import type { LayoutFile } from '../../central/fleet/layout.ts'
import { openSqliteStore } from '../../central/store/sqlite/open-sqlite-store.ts'
import { makeLogger } from '../../shared/logger.ts'
import type { SimulatedAccount } from './simulated-uplink.ts'

export type FleetPlace = { zone: string; fromMs: number }

const dayMs = 86_400_000

function makeLayout(run: string, ids: readonly string[], places: readonly FleetPlace[], question: string): LayoutFile {
  return {
    places: [{ id: run, name: `Simulation ${run}`, kind: 'store' }],
    surveys: [],
    touchpoints: ids.map((id, i) => ({
      ...{ id, place: run, name: id, zone: places[i]?.zone ?? 'UTC', question, hours: [], exceptions: [] },
    })),
  }
}

/**
 * Creates a place of its own in a central's database with one touchpoint and one terminal for each of `places`; a central may run on it
 * and sees them.
 *
 * @param question asked everywhere; made with four faces where the central does not know it
 */
export async function provisionFleet(
  database: string,
  places: readonly FleetPlace[],
  question: string,
): Promise<SimulatedAccount[]> {
  const store = await openSqliteStore({ path: database, logger: makeLogger('warn') })
  const run = `sim-${randomBytes(4).toString('hex')}`
  const ids = places.map((_, i) => `${run}-${i + 1}`)
  try {
    const layout = makeLayout(run, ids, places, question)
    const isKnown = (await store.read.survey(question)) !== null
    const texts = [{ language: 'en', text: 'How was our service today?' }]
    await applyLayout(store, isKnown ? layout : { ...layout, surveys: [{ question, revision: 1, scaleMax: 3, texts }] })
    const accounts: SimulatedAccount[] = []
    for (const [i, id] of ids.entries()) {
      const fromMs = (places[i]?.fromMs ?? 0) - dayMs
      const { secret } = await createTerminal(store, { id, name: id, touchpoint: id, fromMs, randomBytes })
      accounts.push({ terminal: id, secret, touchpoint: id })
    }
    return accounts
  } finally {
    await store.close()
  }
}
