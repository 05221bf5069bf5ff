/** The demo's live terminal: the daemon as it runs on a Pi, its box the committed firmware image on a cable in memory. */
import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { readBoxHex } from '../../../firmware-bridge/simulator/box-hex.ts'
import { runInRealTime } from '../../../firmware-bridge/simulator/run-in-real-time.ts'
import { openSimulatedBox } from '../../../firmware-bridge/simulator/simulated-box.ts'
import { makeSimulatedPortOpener } from '../../../firmware-bridge/simulator/simulated-port.ts'
import { AppError } from '../../shared/errors.ts'
import { makeLogger } from '../../shared/logger.ts'
import { parseTerminalConfig } from '../../terminal/config.ts'
import { startTerminal } from '../../terminal/main.ts'
import type { BoxFront, BoxLights } from './box-server.ts'
import { demoQuestion } from './demo-chain.ts'

export type LiveTerminalOptions = { id: string; secret: string; folder: string; brokerUrl: string; kioskPort: number }
export type LiveTerminal = {
  kioskUrl: string
  box: BoxFront
  waitUntilConnected(): Promise<void>
  close(): Promise<void>
}

/** A finger's push, and how long cheap contacts flutter. */
const pushShape = { holdMs: 120, bounceMs: 4 }
const connectDeadlineMs = 15_000

function makeConfig({ id, secret, folder, brokerUrl, kioskPort }: LiveTerminalOptions) {
  const lines = [
    '[terminal]',
    `id = ${JSON.stringify(id)}`,
    `secret = ${JSON.stringify(secret)}`,
    `data = ${JSON.stringify(folder)}`,
    '[broker]',
    `urls = [${JSON.stringify(brokerUrl)}]`,
    '[kiosk]',
    `port = ${kioskPort}`,
    '[survey]',
    `question = ${JSON.stringify(demoQuestion)}`,
    '[reconnect]',
    'outageSpreadMs = 2000',
    'maxDelayMs = 5000',
  ]
  return parseTerminalConfig(lines.join('\n'), 'the demo')
}

function openBoxFront() {
  const listeners = new Set<(lights: BoxLights) => void>()
  const box = openSimulatedBox({
    hex: readBoxHex(),
    seed: randomInt(1, 2 ** 31),
    onLights: (lights) => {
      for (const listener of listeners) listener(lights)
    },
  })
  const front: BoxFront = {
    press: (button) => void box.press(button, pushShape),
    lights: () => box.lights(),
    onLights: (listener) => void listeners.add(listener),
  }
  return { box, front }
}

export async function openLiveTerminal(options: LiveTerminalOptions): Promise<LiveTerminal> {
  const { box, front } = openBoxFront()
  const config = makeConfig(options)
  const terminal = await startTerminal({ config, logger: makeLogger('error'), openPort: makeSimulatedPortOpener(box) })
  const stopTime = runInRealTime(box)
  return {
    kioskUrl: terminal.kioskUrl,
    box: front,
    async waitUntilConnected() {
      const endMs = Date.now() + connectDeadlineMs
      while (!terminal.isConnected()) {
        if (Date.now() > endMs)
          throw new AppError('broker-unreachable', 'the live terminal could not reach the central')
        await delay(50)
      }
    },
    async close() {
      await terminal.stop()
      stopTime()
    },
  }
}
