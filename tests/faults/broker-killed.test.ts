/** A Mosquitto between terminal and central dies by SIGKILL under load, again and again, and comes back. */
import { describe, expect, it } from 'vitest'
import { hasMosquitto } from '../support/mosquitto.ts'
import { waitFor } from '../support/smilepost-process.ts'
import { faultScale, faultSeed, makeDraw } from './support/fault-parameters.ts'
import { openPressedTerminal } from './support/pressed-terminal.ts'

describe.runIf(hasMosquitto())('a broker', () => {
  it(`killed under load loses nothing (seed ${faultSeed})`, { timeout: 90_000 * faultScale }, async () => {
    const draw = makeDraw(faultSeed)
    const kiosk = await openPressedTerminal('mosquitto')
    const [broker] = kiosk.installation.brokers
    if (!broker) throw new Error('no broker')
    try {
      const kills = Math.round(2 * faultScale)
      for (let i = 0; i < kills; i += 1) {
        await waitFor('the welcome', 30_000, () => kiosk.terminal().isConnected())
        const pressing = kiosk.press(20 + Math.floor(draw() * 40))
        const stored = kiosk.stored()
        await waitFor('presses to flow', 20_000, () => kiosk.stored() > stored)
        await broker.kill()
        await pressing
        await waitFor('the terminal to notice', 20_000, () => !kiosk.terminal().isConnected())
        await kiosk.press(10)
        expect(kiosk.terminal().undelivered()).toBeGreaterThanOrEqual(10)
        await broker.start()
      }
      expect(kiosk.terminal().counters().uplink['connection-lost']).toBeGreaterThanOrEqual(kills)
      await kiosk.waitForDelivery(60_000)
      kiosk.expectCustody()
    } finally {
      await kiosk.close()
    }
  })
})
