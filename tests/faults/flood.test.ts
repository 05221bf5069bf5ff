/**
 * A terminal with good credentials and no manners: thousands of full batches in a burst, and payloads that no packet of ours has, over a
 * real broker. Another terminal's presses come through meanwhile, the central's memory stays where it is, what was dropped is counted, and
 * once the flooder waits for its acks its ledger is exact. Truth is its own list of presses.
 */
import { join } from 'node:path'
import { connect, type MqttClient } from 'mqtt'
import { expect } from 'vitest'
import { formatBatch } from '../../src/contracts/format-batch.ts'
import type { TerminalRecord } from '../../src/contracts/records.ts'
import { type Installation, listBrokerKinds, openInstallation } from '../support/installation.ts'
import { meterProcess } from '../support/process-usage.ts'
import { hashText } from '../support/record-arbitraries.ts'
import { runSmilepost, waitFor } from '../support/smilepost-process.ts'
import { faultScale } from './support/fault-parameters.ts'
import { faultRow } from './support/fault-row.ts'
import { feedCentral } from './support/feed-central.ts'
import { fetchSettledLedger } from './support/read-ledger.ts'
import { touchPage } from './support/touch-page.ts'

const flooder = 'flooder'
const epoch = 'f100df100df100d0'
const records = 4_000
const batches = Math.round(5_000 * faultScale)
const oversized = 10
const oversizedBytes = 200_000
/** What waits at the central is some 30 MB at most, and a message is read before it is judged. Kept whole, a burst would take over 500. */
const mostGrownMb = 160

function makeRecord(utcMs: number, sequence: number): TerminalRecord {
  const common = { sequence, boot: 'f100df10', monoMs: sequence * 10, wallMs: 0 }
  if (sequence === 1) return { ...common, kind: 'anchor', utcMs, errorMs: 20, clock: 'exchange' }
  const shown = { question: 'service', surveyRevision: 1, value: sequence % 4, spreadMs: 0, flags: 0 }
  return { ...common, kind: 'press', ...shown, source: 'box', box: '0000f100', boxSeq: sequence - 1 }
}

async function createFlooder({ folder, brokers }: Installation): Promise<string> {
  const passwords = brokers.flatMap((broker) => ['--mosquitto-passwd', broker.passwords])
  const config = join(folder, 'central.toml')
  const args = ['terminals', 'create', flooder, '--touchpoint', 'exit', '--config', config, '--json', ...passwords]
  const { secret } = JSON.parse((await runSmilepost(args)).stdout) as { secret: string }
  for (const broker of brokers) broker.reload()
  return secret
}

const connected = (client: MqttClient) => waitFor('a connection', 20_000, () => client.connected)

/** @returns how many were published; each full, in order, and none waited for */
async function flood(url: string, secret: string, startedAtMs: number): Promise<number> {
  const client = connect(url, { clientId: flooder, username: flooder, password: secret, reconnectPeriod: 50 })
  client.on('error', () => {})
  await connected(client)
  const texts = Array.from({ length: records / 200 }, (_, i) => {
    const window = Array.from({ length: 200 }, (_, at) => makeRecord(startedAtMs, i * 200 + at + 1))
    return formatBatch({ epoch, first: i * 200 + 1, records: window }, hashText)
  })
  let acknowledged = 0
  for (let i = 0; i < batches; i += 1)
    client.publish(`smilepost/v1/${flooder}/batch`, texts[i % texts.length] ?? '', { qos: 1 }, () => {
      acknowledged += 1
    })
  await waitFor('the broker to take the burst', 120_000, () => acknowledged === batches)
  await client.endAsync(true)
  return batches
}

/** @returns how often the broker cut the line */
async function sendOversized(url: string, secret: string): Promise<number> {
  let cut = 0
  for (let i = 0; i < oversized; i += 1) {
    const client = connect(url, { clientId: flooder, username: flooder, password: secret, reconnectPeriod: 0 })
    client.on('error', () => {})
    client.on('close', () => {
      cut += 1
    })
    await connected(client)
    client.publish(`smilepost/v1/${flooder}/batch`, 'x'.repeat(oversizedBytes), { qos: 1 })
    await waitFor('the line to be cut', 20_000, () => cut > i)
    await client.endAsync(true)
  }
  return cut
}

async function countDropped(httpUrl: string): Promise<number> {
  const text = await (await fetch(`${httpUrl}/metrics`)).text()
  const found = text.matchAll(/^smilepost_ingest_events_total\{event="dropped-(?:rate|share|full)"\} (\d+)$/gm)
  return [...found].reduce((sum, [, count]) => sum + Number(count), 0)
}

for (const kind of listBrokerKinds()) {
  faultRow(`a terminal floods, by way of ${kind}`, 300, async ({ close }) => {
    const installation = await openInstallation(kind)
    const { httpUrl, readCentral } = installation
    try {
      const secret = await createFlooder(installation)
      const central = await installation.startCentral()
      const [, url = ''] = await central.waitForOutput(/^broker (\S+)$/m)
      const { kioskUrl } = await installation.startTerminal()
      const startedAtMs = Date.now()
      const touched = new Set<string>()
      const isStored = () => {
        const rows = readCentral<{ id: string }>("SELECT touch_id AS id FROM press WHERE source = 'touch'")
        return new Set(rows.map(({ id }) => id)).size === touched.size
      }
      const touch = async () => touched.add(await touchPage(kioskUrl, touched.size % 4))
      await touch()
      await waitFor('a first press', 60_000, isStored)

      const measure = meterProcess(central.pid)
      const faults = { 'batches in a burst': 0, 'oversized payloads': 0, dropped: 0, 'pressed meanwhile': 0 }
      let isOver = false
      const flooding = flood(url, secret, startedAtMs).finally(() => {
        isOver = true
      })
      while (!isOver || faults['pressed meanwhile'] < 5) {
        await touch()
        await waitFor('a press beside the flood', 60_000, isStored)
        faults['pressed meanwhile'] += 1
      }
      faults['batches in a burst'] = await flooding
      faults['oversized payloads'] = await sendOversized(url, secret)
      faults.dropped = await countDropped(httpUrl)
      const { grownMb, rssMb } = measure()
      process.stderr.write(`flood by way of ${kind}: ${grownMb.toFixed(0)} MB more, ${rssMb.toFixed(0)} MB\n`)
      expect(grownMb).toBeLessThan(mostGrownMb)

      const account = { terminal: flooder, secret, epoch }
      const feeder = feedCentral(url, account, (sequence) => makeRecord(startedAtMs, sequence), records)
      await waitFor('the flooder to be rid of all', 60_000, () => feeder.acknowledged() === records)
      await feeder.close()
      const stored = readCentral<{ boxSeq: number; value: number }>(
        "SELECT box_seq AS boxSeq, value FROM press WHERE is_repeat = 0 AND source = 'box' ORDER BY box_seq",
      )
      expect(stored).toEqual(Array.from({ length: records - 1 }, (_, i) => ({ boxSeq: i + 1, value: (i + 2) % 4 })))
      const ledgers = [
        await fetchSettledLedger(httpUrl, 'kiosk-1', touched.size),
        await fetchSettledLedger(httpUrl, flooder, records - 1),
      ]
      expect(ledgers[1]).toMatchObject({ pressed: records - 1, stored: records - 1, repeated: 0 })
      close({ pressed: touched.size + records - 1, faults, ledgers })
    } finally {
      await installation.close()
    }
  })
}
