/**
 * The main job on one machine: a central in a process of its own, ten weeks of history through its broker, one live terminal whose
 * box is the real firmware image in a simulator. Everything lives in a temporary folder that goes when the demo ends.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPackageRoot } from '../../shared/package-root.ts'
import { buildBoxServer } from './box-server.ts'
import { makeDemoConfig, startDemoCentral } from './demo-central.ts'
import { sendDemoHistory } from './demo-history.ts'
import { findFreePort } from './free-port.ts'
import { openLiveTerminal } from './live-terminal.ts'
import { provisionDemo } from './provision-demo.ts'

export type Demo = { press(button: 1 | 2 | 3 | 4): void; close(): Promise<void> }
export type DemoOptions = { seed: number; signal: AbortSignal; print: (line: string) => void }

/** Closes what was opened, last first; what is still opened after that is closed at once. */
function makeClosing() {
  const steps: (() => Promise<void> | void)[] = []
  let isClosed = false
  return {
    async add(step: () => Promise<void> | void) {
      if (isClosed) await step()
      else steps.push(step)
    },
    async close() {
      isClosed = true
      for (let step = steps.pop(); step; step = steps.pop()) await step()
    },
  }
}

/** @returns null when `signal` aborted it; nothing is left running or lying about then, nor when it throws */
export async function openDemo({ seed, signal, print }: DemoOptions): Promise<Demo | null> {
  const closing = makeClosing()
  const aborted = new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }))
  try {
    const demo = await Promise.race([startDemo(seed, print, closing, signal), aborted])
    if (!demo) await closing.close()
    return demo
  } catch (error) {
    await closing.close()
    if (signal.aborted) return null
    throw error
  }
}

/** A demo without its central shows nothing. */
function giveUp(): void {
  process.stderr.write('smilepost: the central of the demo has stopped; so does the demo\n')
  process.exitCode = 1
  process.kill(process.pid, 'SIGTERM')
}

async function startDemo(
  seed: number,
  print: (line: string) => void,
  closing: ReturnType<typeof makeClosing>,
  signal: AbortSignal,
): Promise<Demo> {
  const startedAtMs = Date.now()
  const folder = mkdtempSync(join(tmpdir(), 'smilepost-demo-'))
  await closing.add(() => rmSync(folder, { recursive: true, force: true }))
  const ports = { http: await findFreePort(8080), broker: await findFreePort(1883) }
  const config = makeDemoConfig(folder, ports)
  const { history, live } = await provisionDemo(config, startedAtMs, randomBytes)
  const central = startDemoCentral(folder, ports, config, giveUp)
  await closing.add(central.close)
  await central.waitUntilReady()
  signal.throwIfAborted()
  const presses = await sendDemoHistory(central.brokerUrl, history, seed, startedAtMs, signal)
  signal.throwIfAborted()
  // Asked for when they are needed: another program may have taken them meanwhile.
  const terminal = await openLiveTerminal({
    ...live,
    folder: join(folder, 'terminal'),
    brokerUrl: central.brokerUrl,
    kioskPort: await findFreePort(8081),
  })
  await closing.add(terminal.close)
  const boxServer = buildBoxServer(terminal.box, join(findPackageRoot(import.meta.url), 'dist/box-ui'))
  await closing.add(() => boxServer.close())
  const boxUrl = await boxServer.listen({ host: '127.0.0.1', port: await findFreePort(8082) })
  const looked = central.waitUntilLabelled().then(central.waitUntilLookedAt)
  await Promise.all([looked, terminal.waitUntilConnected()])
  process.stderr.write(
    `${presses} presses of history came in through MQTT; ready after ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s\n`,
  )
  print(`dashboard ${central.httpUrl}/`)
  print(`kiosk ${terminal.kioskUrl}`)
  print(`box ${boxUrl}/`)
  print(`api ${central.httpUrl}/api/v1`)
  print(`broker ${central.brokerUrl}`)
  print('ready')
  return { press: terminal.box.press, close: closing.close }
}
