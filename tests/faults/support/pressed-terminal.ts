/**
 * A terminal's daemon in this process, its touch page pressed over HTTP, behind a line that can be made bad; central and broker are
 * processes of their own. Truth is the list of touch ids that the page was thanked for, with when each was sent and answered.
 */
import { join } from 'node:path'
import type { Clock } from '../../../src/shared/clock.ts'
import { parseTerminalConfig } from '../../../src/terminal/config.ts'
import { startTerminal, type Terminal } from '../../../src/terminal/main.ts'
import { type FaultProxy, openFaultProxy } from '../../support/fault-proxy.ts'
import { type BrokerKind, type Installation, openInstallation } from '../../support/installation.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { waitFor } from '../../support/smilepost-process.ts'
import { expectTouches, type Pressed } from './expect-touches.ts'
import type { FaultRow } from './fault-row.ts'
import { fetchSettledLedger } from './read-ledger.ts'
import { touchPage } from './touch-page.ts'

/** `silenceDeadlineMs`: a line without an answer for so long is given up. */
type DaemonOptions = { clock?: Clock; silenceDeadlineMs?: number }
type PressedOptions = DaemonOptions & {
  /** Without network until the proxy lets it through. */
  isOffline?: boolean
  /** Starts a central of the row's own. @returns the URL of its broker */
  startCentral?: (installation: Installation) => Promise<string>
}
export type PressedTerminal = {
  installation: Installation
  account: { username: string; password: string }
  proxy: FaultProxy
  terminal(): Terminal
  restart(own?: DaemonOptions): Promise<void>
  /** Each on its own, answered before the next. */
  press(count: number): Promise<void>
  pressed: readonly Pressed[]
  /**
   * Presses made until now happened so much longer ago: the terminal's monoMs was put forward, and either the central's clock with it, or
   * it has not told this terminal the time yet, and so does not contradict what it said before.
   */
  age(ms: number): void
  stored(): number
  /** Path of its database. */
  outbox: string
  /**
   * Every fault is over: waits until all has arrived, checks set and tally equality by plain SQL and times by their bounds and
   * by a second, and closes the row.
   *
   * @param gone touch ids of presses that can't be there, and must be said to be missing
   */
  finish(row: FaultRow, faults: Readonly<Record<string, number>>, gone?: ReadonlySet<string>): Promise<void>
  close(): Promise<void>
}

const id = 'kiosk-2'

const makeConfig = (secret: string, folder: string, port: number, silenceDeadlineMs: number) =>
  parseTerminalConfig(
    `
[terminal]
id = "${id}"
secret = "${secret}"
data = ${JSON.stringify(join(folder, id))}
[broker]
urls = ["mqtt://127.0.0.1:${port}"]
[kiosk]
port = 0
[reconnect]
outageSpreadMs = 200
firstDelayMs = 50
maxDelayMs = 400
connectDeadlineMs = 8000
welcomeDeadlineMs = 8000
silenceDeadlineMs = ${silenceDeadlineMs}
`,
    'the test',
  )

async function startCentralProcess(installation: Installation): Promise<string> {
  const central = await installation.startCentral()
  const [, url = ''] = await central.waitForOutput(/^broker (\S+)$/m)
  return url
}

/** Leaves nothing running where it fails. @returns the URL of the central's broker */
async function begin(installation: Installation, start: (installation: Installation) => Promise<string>) {
  try {
    return await start(installation)
  } catch (error) {
    await installation.close()
    throw error
  }
}

export async function openPressedTerminal(
  kind: BrokerKind = 'embedded',
  own: PressedOptions = {},
): Promise<PressedTerminal> {
  const installation = await openInstallation(kind, ['kiosk-1', id])
  const secret = installation.secretOf(id)
  const url = await begin(installation, own.startCentral ?? startCentralProcess)
  const proxy = await openFaultProxy(Number(new URL(url).port))
  proxy.faults.isMute = own.isOffline ?? false
  const start = ({ clock, silenceDeadlineMs = 3_000 }: DaemonOptions) => {
    const config = makeConfig(secret, installation.folder, proxy.port, silenceDeadlineMs)
    return startTerminal({ config, logger: silentLogger, ...(clock && { clock }) })
  }
  let terminal = await start(own)
  const pressed: Pressed[] = []

  async function pressOnce(value: number): Promise<void> {
    const earliestMs = Date.now()
    const touchId = await touchPage(terminal.kioskUrl, value)
    pressed.push({ id: touchId, value, earliestMs, latestMs: Date.now() })
  }
  const count = (sql: string) => installation.readCentral<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`)[0]?.n ?? 0

  async function waitForDelivery(): Promise<void> {
    await waitFor('everything to be acknowledged', 90_000, () => terminal.undelivered() === 0)
    await waitFor(
      'every press to have a time',
      60_000,
      () => count('press WHERE class IS NULL AND is_repeat = 0') === 0,
    )
    await waitFor('every press to be labelled', 60_000, () => count('dirty_hour') === 0)
  }

  return {
    ...{ installation, proxy, pressed, account: { username: id, password: secret } },
    terminal: () => terminal,
    async restart(next = {}) {
      await terminal.stop()
      terminal = await start(next)
    },
    async press(presses) {
      for (let i = 0; i < presses; i += 1) await pressOnce(pressed.length % 4)
    },
    age(ms) {
      for (const press of pressed) {
        press.earliestMs -= ms
        press.latestMs -= ms
      }
    },
    stored: () => count('press'),
    outbox: join(installation.folder, id, 'outbox.sqlite'),
    async finish(row, faults, gone = new Set()) {
      await waitForDelivery()
      const there = pressed.filter((press) => !gone.has(press.id))
      expectTouches(installation, there)
      const ledger = await fetchSettledLedger(installation.httpUrl, id, pressed.length)
      const expected = { stored: there.length, missing: gone.size }
      row.close({ pressed: pressed.length, faults, ledgers: [ledger], expected })
    },
    async close() {
      await terminal.stop()
      await proxy.stop()
      await installation.close()
    },
  }
}
