import { hashSecret } from '../../../src/central/fleet/terminal-secret.ts'
import type { Store } from '../../../src/central/store/port.ts'
import { nameOf, question, secretOf } from './load-plan.ts'

/** A touchpoint for each terminal, in one transaction: what `smilepost terminals create` does would take a flush for each. */
export async function provisionTerminals(store: Store, terminals: number): Promise<void> {
  await store.transact(async (writer) => {
    await writer.putPlace({ id: 'shop', parent: null, name: 'Harbour Street', kind: 'store' })
    await writer.putSurvey({ question, revision: 1, scaleMax: 3, texts: [{ language: 'en', text: 'How were we?' }] })
    for (let terminal = 0; terminal < terminals; terminal += 1) {
      const id = nameOf(terminal)
      const touchpoint = { id, place: 'shop', name: id, zone: 'Europe/Copenhagen', question }
      await writer.putTouchpoint({ ...touchpoint, openingHours: [], exceptions: [], lights: null })
      await writer.putTerminal({ id, secretHash: hashSecret(secretOf(terminal)), createdAtMs: 0, name: id })
      await writer.putPlacement({ terminal: id, touchpoint: id, fromMs: 0, toMs: null })
    }
  })
}
