/** A Mosquitto between terminal and central dies by SIGKILL under load, again and again, and comes back. */
import { expect } from 'vitest'
import { hasMosquitto } from '../support/mosquitto.ts'
import { waitFor } from '../support/smilepost-process.ts'
import { faultScale } from './support/fault-parameters.ts'
import { faultRow } from './support/fault-row.ts'
import { openPressedTerminal } from './support/pressed-terminal.ts'

const kills = Math.max(1, Math.round(2 * faultScale))

faultRow(
  'broker killed under load',
  300,
  async (row) => {
    const kiosk = await openPressedTerminal('mosquitto')
    const [broker] = kiosk.installation.brokers
    if (!broker) throw new Error('no broker')
    const faults = { kills: 0, 'pressed while it was dead': 0 }
    try {
      for (let i = 0; i < kills; i += 1) {
        await waitFor('the welcome', 60_000, () => kiosk.terminal().isConnected())
        const stored = kiosk.stored()
        const pressing = kiosk.press(20 + Math.floor(row.draw() * 40))
        await waitFor('presses to flow', 60_000, () => kiosk.stored() > stored)
        await broker.kill()
        faults.kills += 1
        await pressing
        await waitFor('the terminal to notice', 60_000, () => !kiosk.terminal().isConnected())
        await kiosk.press(10)
        expect(kiosk.terminal().undelivered()).toBeGreaterThanOrEqual(10)
        faults['pressed while it was dead'] += 10
        await broker.start()
      }
      expect(kiosk.terminal().counters().uplink['connection-lost']).toBeGreaterThanOrEqual(kills)
      await kiosk.finish(row, faults)
    } finally {
      await kiosk.close()
    }
  },
  hasMosquitto(),
)
