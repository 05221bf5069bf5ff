/**
 * The whole road under fire: one box after the other at one terminal, each pressed two hundred times on a bad cable while it loses
 * power in the midst of EEPROM writes, cables are pulled, the daemon is killed, and one of two Mosquittos dies.
 * Truth is the simulator's own log of EEPROM commits against the central's rows by plain SQL.
 */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openBoxPty } from '../../firmware-bridge/simulator/box-pty.ts'
import { makeFaultyCable } from '../../firmware-bridge/simulator/faulty-cable.ts'
import { makeSeededRandom } from '../../firmware-bridge/simulator/seeded-random.ts'
import { hasSocat } from '../support/box-on-pty.ts'
import { listenToBox, openBox } from '../support/box-script.ts'
import { expectCustody } from '../support/expect-custody.ts'
import { type Installation, openInstallation } from '../support/installation.ts'
import { live, liveUntil, pressThroughFire } from '../support/line-fire.ts'
import { hasMosquitto } from '../support/mosquitto.ts'
import type { SmilepostProcess } from '../support/smilepost-process.ts'

const canRun = [hasSocat(), hasMosquitto()].every(Boolean)
const seeds = [101, 202, 303, 404]
const presses = 200
const noise = { drop: 0.002, flip: 0.002, insert: 0.002 }

type Daemon = { running: SmilepostProcess }

/** @returns what the EEPROM of this seed's box has committed */
async function fireAtBox(installation: Installation, daemon: Daemon, seed: number, onPress: (index: number) => void) {
  const box = openBox({ seed })
  const said = listenToBox(box)
  const cable = makeFaultyCable({ box, seed, toHost: noise, toBox: noise })
  const path = join(installation.folder, 'box')
  const pty = await openBoxPty({ end: cable, path })
  const restartHost = async () => {
    await daemon.running.end('SIGKILL')
    daemon.running = await installation.startTerminal(path)
  }
  try {
    await liveUntil(box, () => said.some((line) => line.startsWith('H,')))
    await pressThroughFire(
      { box, cable, pty, restartHost, random: makeSeededRandom(seed), maxSpeed: 8 },
      presses,
      onPress,
    )
    cable.setRates({})
    const held = () => installation.readOutbox('SELECT 1 FROM records WHERE box = ?', box.committed()[0]?.boxId).length
    await liveUntil(box, () => held() >= box.committed().length)
    await live(box, 2_000)
    return box.committed()
  } finally {
    await pty.close()
  }
}

describe.runIf(canRun)('the road under fire', () => {
  it('brings each press to the central once, with one of two brokers killed on the way', async () => {
    const installation = await openInstallation('two mosquittos')
    const [first, second] = installation.brokers
    if (!first || !second) throw new Error('no brokers')
    try {
      await installation.startCentral()
      const daemon = { running: await installation.startTerminal(join(installation.folder, 'box')) }
      const committed = []
      let outages: Promise<void> = Promise.resolve()
      let kills = 0
      for (const [round, seed] of seeds.entries()) {
        const broker = round % 2 === 0 ? first : second
        const strike = (index: number) => {
          if (index === 60) outages = outages.then(broker.kill)
          if (index === 60) kills += 1
          if (index === 140) outages = outages.then(broker.start)
        }
        committed.push(...(await fireAtBox(installation, daemon, seed, strike)))
      }
      await outages
      expect(kills).toBe(seeds.length)
      expect(new Set(committed.map(({ boxId }) => boxId)).size).toBe(seeds.length)
      expect(committed.length).toBeGreaterThan(presses * seeds.length * 0.6)
      await expectCustody(installation, committed)
    } finally {
      await installation.close()
    }
  }, 300_000)
})
