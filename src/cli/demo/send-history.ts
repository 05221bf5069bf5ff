/**
 * Delivers a history the way a terminal delivers its backlog: by the terminal's own uplink, in batches of 200, one in flight, the
 * next on the ack that the central gives after its COMMIT.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Health } from '../../contracts/messages.ts'
import type { NewRecord, TerminalRecord } from '../../contracts/records.ts'
import { AppError } from '../../shared/errors.ts'
import { makeLogger } from '../../shared/logger.ts'
import { randomHex } from '../../shared/random-hex.ts'
import { usualTiming } from '../../terminal/uplink/timing.ts'
import { openUplink, type UplinkOptions } from '../../terminal/uplink/uplink.ts'
import { type HistoryCustody, makeHistoryCustody } from './history-custody.ts'

export type HistorySource = {
  terminal: string
  secret: string
  records: readonly NewRecord[]
  box: string
  boot: string
  bootedAtMs: number
}

const versions = { terminal: 'demo-history' }
/** The last report, that nothing waits any more, follows soon. */
const timing = { ...usualTiming, healthGapMs: 100 }
/** Without any progress for so long, nobody is there. */
const patienceMs = 30_000

function makeHealth(
  source: HistorySource,
  custody: HistoryCustody,
  box: Health['box'],
  monoMs: number,
): Omit<Health, 'nonce'> {
  return {
    ...{ epoch: custody.epoch(), boot: source.boot, monoMs, rev: 0, touchIssued: 0, box, versions },
    ...{ unacknowledged: custody.undelivered(), oldestAgeMs: null, clock: 'kernel' },
    ...{ diskFreeBytes: null, databaseBytes: 0, walBytes: 0, cpuTemperatureC: null, undervoltage: null },
    ...{ serial: {}, boxResets: 0, stuckButtons: [] },
  }
}

function makeUplinkOptions(
  brokerUrl: string,
  source: HistorySource,
  custody: HistoryCustody,
  onReport: () => void,
): UplinkOptions {
  const presses = source.records.filter(({ kind }) => kind === 'press').length
  const box = { id: source.box, next: presses + 1, pending: 0, dropped: 0 }
  const clock = { wallMs: () => Date.now(), monoMs: () => Date.now() - source.bootedAtMs }
  return {
    ...{ brokers: [brokerUrl], terminal: source.terminal, secret: source.secret, custody, clock },
    ...{ logger: makeLogger('error'), random: Math.random, randomHex, timing },
    helloParts: () => ({ versions, boot: source.boot, box }),
    async gatherHealth() {
      onReport()
      return makeHealth(source, custody, box, clock.monoMs())
    },
    onDesired: () => {},
    onConnected: () => {},
  }
}

/**
 * @param onProgress called with the number of records that were acknowledged since the last call
 * @throws AppError when the central stops acknowledging
 */
export async function sendHistory(
  brokerUrl: string,
  source: HistorySource,
  onProgress: (records: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const records = source.records.map((record, i) => ({ ...record, sequence: i + 1 }) as TerminalRecord)
  let lastProgressMs = Date.now()
  const custody = makeHistoryCustody(randomHex(16), records, (count) => {
    lastProgressMs = Date.now()
    onProgress(count)
  })
  let isDrainTold = false
  const noteReport = () => {
    isDrainTold = custody.undelivered() === 0
  }
  const uplink = openUplink(makeUplinkOptions(brokerUrl, source, custody, noteReport))
  try {
    while (!isDrainTold && !signal.aborted) {
      if (Date.now() - lastProgressMs > patienceMs) {
        throw new AppError(
          'broker-unreachable',
          `${source.terminal}: nothing was acknowledged for ${patienceMs / 1000} s`,
        )
      }
      await delay(50)
    }
  } finally {
    await uplink.close(1_000)
  }
}
