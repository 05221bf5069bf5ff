/**
 * A terminal's daemon in this process, its touch page pressed over HTTP, behind a line that can be made bad; central and broker are
 * processes of their own. Truth is the list of touch ids that the page was thanked for, with when each was sent and answered.
 */
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import { countTallyFaults } from '../../../src/cli/simulate/check-tallies.ts'
import { makeHourOracle } from '../../../src/cli/simulate/local-hour-oracle.ts'
import type { Clock } from '../../../src/shared/clock.ts'
import { parseTerminalConfig } from '../../../src/terminal/config.ts'
import { startTerminal, type Terminal } from '../../../src/terminal/main.ts'
import { type FaultProxy, openFaultProxy } from '../../support/fault-proxy.ts'
import { type BrokerKind, type Installation, openInstallation } from '../../support/installation.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { runSmilepost, type SmilepostProcess, waitFor } from '../../support/smilepost-process.ts'
import type { FaultRow } from './fault-row.ts'
import { fetchSettledLedger } from './read-ledger.ts'

type Pressed = { id: string; value: number; earliestMs: number; latestMs: number }
type Row = { touch_id: string; value: number; utc_ms: number; error_ms: number; cell: string }
/** `silenceDeadlineMs`: a line without an answer for so long is given up. */
type DaemonOptions = { clock?: Clock; silenceDeadlineMs?: number }
/** `isOffline`: without network until the proxy lets it through. */
type PressedOptions = DaemonOptions & { isOffline?: boolean }
export type PressedTerminal = {
  installation: Installation
  account: { username: string; password: string }
  central: SmilepostProcess
  proxy: FaultProxy
  terminal(): Terminal
  restart(own?: DaemonOptions): Promise<void>
  /** Each on its own, answered before the next. */
  press(count: number): Promise<void>
  pressed: readonly Pressed[]
  /**
   * Presses made until now happened so much longer ago: the terminal's monoMs was put forward. Only for a terminal that has not heard the
   * time yet: the central's own clock goes on as it did, and would contradict what it said before.
   */
  age(ms: number): void
  stored(): number
  /**
   * Every fault is over: waits until all has arrived, checks set and tally equality by plain SQL and times by their bounds and
   * by a second, and closes the row.
   */
  finish(row: FaultRow, faults: Readonly<Record<string, number>>, deadlineMs?: number): Promise<void>
  close(): Promise<void>
}

const id = 'kiosk-2'
const zone = 'Europe/Prague'

async function createTerminal({ folder, brokers }: Installation): Promise<string> {
  const config = join(folder, 'central.toml')
  const passwords = brokers.flatMap((broker) => ['--mosquitto-passwd', broker.passwords])
  const created = await runSmilepost(['terminals', 'create', id, '--config', config, '--json', ...passwords])
  for (const broker of brokers) broker.reload()
  const places = join(folder, 'kiosk-2.toml')
  writeFileSync(
    places,
    `[[placements]]\nterminal = "${id}"\ntouchpoint = "exit"\nfrom = "${new Date(Date.now() - 7 * 86_400_000).toISOString()}"\n`,
  )
  const applied = await runSmilepost(['places', 'apply', places, '--config', config])
  if (applied.code !== 0) throw new Error(applied.stderr)
  return (JSON.parse(created.stdout) as { secret: string }).secret
}

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

export async function openPressedTerminal(
  kind: BrokerKind = 'embedded',
  own: PressedOptions = {},
): Promise<PressedTerminal> {
  const installation = await openInstallation(kind)
  const secret = await createTerminal(installation)
  const central = await installation.startCentral()
  const [, url = ''] = await central.waitForOutput(/^broker (\S+)$/m)
  const proxy = await openFaultProxy(Number(new URL(url).port))
  proxy.faults.isMute = own.isOffline ?? false
  const start = ({ clock, silenceDeadlineMs = 3_000 }: DaemonOptions) => {
    const config = makeConfig(secret, installation.folder, proxy.port, silenceDeadlineMs)
    return startTerminal({ config, logger: silentLogger, ...(clock && { clock }) })
  }
  let terminal = await start(own)
  const pressed: Pressed[] = []

  async function pressOnce(value: number): Promise<void> {
    const touch = { id: randomUUID(), question: 'service', surveyRevision: 1, value, ageMs: 0 }
    const earliestMs = Date.now()
    const response = await fetch(new URL('/api/presses', terminal.kioskUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(touch),
    })
    if (!response.ok) throw new Error(`press refused: ${response.status} ${await response.text()}`)
    pressed.push({ id: touch.id, value, earliestMs, latestMs: Date.now() })
  }
  const count = (sql: string) => installation.readCentral<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`)[0]?.n ?? 0

  async function waitForDelivery(deadlineMs = 60_000): Promise<void> {
    await waitFor('everything to be acknowledged', deadlineMs, () => terminal.undelivered() === 0)
    await waitFor(
      'every press to have a time',
      10_000,
      () => count('press WHERE class IS NULL AND is_repeat = 0') === 0,
    )
    await waitFor('every press to be labelled', 20_000, () => count('dirty_hour') === 0)
  }

  function expectCustody(): void {
    const rows = installation.readCentral<Row>(`SELECT touch_id, value, utc_ms, error_ms,
      local_date || ' ' || hour || ' ' || offset_minutes AS cell FROM press WHERE is_repeat = 0`)
    const keys = rows.map(({ touch_id: touchId, value }) => `${touchId} ${value}`)
    expect(new Set(keys)).toEqual(new Set(pressed.map((press) => `${press.id} ${press.value}`)))
    expect(keys).toHaveLength(pressed.length)
    const truth = new Map(pressed.map((press) => [press.id, press]))
    const hourOf = makeHourOracle(zone)
    for (const { touch_id: touchId, utc_ms: utcMs, error_ms: errorMs, cell } of rows) {
      const { earliestMs = 0, latestMs = 0 } = truth.get(touchId) ?? {}
      expect(utcMs + errorMs).toBeGreaterThanOrEqual(earliestMs)
      expect(utcMs - errorMs).toBeLessThanOrEqual(latestMs)
      // Not only within the bounds that the central states: those of a good line are good. A busy machine widens them honestly.
      expect(Math.abs(utcMs - earliestMs)).toBeLessThan(Math.max(1_000, errorMs) + latestMs - earliestMs)
      expect(cell).toBe(hourOf(utcMs))
    }
    const db = new Database(join(installation.folder, 'central/central.sqlite'), { readonly: true })
    try {
      expect(countTallyFaults(db)).toEqual(new Map())
    } finally {
      db.close()
    }
  }

  return {
    ...{ installation, central, proxy, pressed, account: { username: id, password: secret } },
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
    async finish(row, faults, deadlineMs) {
      await waitForDelivery(deadlineMs)
      expectCustody()
      const ledger = await fetchSettledLedger(installation.httpUrl, id)
      row.close({ pressed: pressed.length, faults, ledgers: [ledger] })
    },
    async close() {
      await terminal.stop()
      await proxy.stop()
      await installation.close()
    },
  }
}
