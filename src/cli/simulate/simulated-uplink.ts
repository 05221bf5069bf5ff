import type { Health } from '../../contracts/messages.ts'
import { systemClock } from '../../shared/clock.ts'
import type { Logger } from '../../shared/logger.ts'
import { endInTime, openMqttClient } from '../../shared/mqtt-client.ts'
import { randomHex } from '../../shared/random-hex.ts'
import type { Outbox } from '../../terminal/outbox/outbox.ts'
import { usualTiming } from '../../terminal/uplink/timing.ts'
import { openUplink, type Uplink } from '../../terminal/uplink/uplink.ts'
import { waitUntil } from './wait-until.ts'

export type SimulatedAccount = { terminal: string; secret: string; touchpoint: string | null }
export type SimulatedUplinkOptions = {
  account: SimulatedAccount
  brokerUrls: readonly string[]
  storage: () => Outbox
  /** What reports tell of the machine and its box. */
  state: () => { boot: string; box: Health['box']; isClockRight: boolean }
  logger: Logger
}

/** As the product's, but a fleet thrown out is back soon, and the last report follows at once. */
const timing = { ...usualTiming, outageSpreadMs: 1_000, firstDelayMs: 200, maxDelayMs: 10_000, healthGapMs: 100 }
const versions = { terminal: 'simulate' }

/** The product's own uplink of a simulated terminal; there is none while it is offline. */
export function makeSimulatedUplink({ account, brokerUrls, storage, state, logger }: SimulatedUplinkOptions) {
  const { terminal, secret } = account
  let isDrainTold = false
  let uplink: Uplink | null = null

  async function gatherHealth(): Promise<Omit<Health, 'nonce'>> {
    const { count, oldestAgeMs } = storage().undelivered()
    isDrainTold = count === 0
    const { boot, box, isClockRight } = state()
    return {
      // As in the hello, whose clock is the uplink's own; nothing of the simulated days is timed by reports.
      ...{ epoch: storage().epoch(), boot, monoMs: systemClock.monoMs(), rev: 0, unacknowledged: count, oldestAgeMs },
      ...{ box, touchIssued: storage().touchIssued(), versions, ...storage().sizes() },
      ...{ diskFreeBytes: null, cpuTemperatureC: null, undervoltage: null },
      ...{ clock: isClockRight ? 'kernel' : 'unsynchronised', serial: {}, boxResets: 0, stuckButtons: [] },
    }
  }

  function goOnline(): void {
    const stored = storage()
    uplink ??= openUplink({
      ...{ brokers: brokerUrls, terminal, secret, logger, random: Math.random, randomHex, timing, gatherHealth },
      // The central's clock is not that of the simulated days: their time is told by anchors of their own.
      custody: { ...stored, append: () => 'repeat' },
      clock: systemClock,
      helloParts() {
        const { boot, box } = state()
        return { versions, boot, box }
      },
      onDesired: () => {},
      onConnected: () => {},
    })
  }

  return {
    goOnline,
    async goOffline(): Promise<void> {
      const leaving = uplink
      uplink = null
      await leaving?.close(1_000)
    },
    isOnline: () => uplink !== null,
    /** A record was appended. */
    wake: () => uplink?.wake(),
    /** Somebody else connects under this name; the broker must end our connection (MQTT 3.1.4). @returns whether it did */
    async duplicate(signal: AbortSignal): Promise<boolean> {
      if (!(await waitUntil(() => uplink?.isConnected() ?? false, 30_000, signal))) return false
      const url = brokerUrls[0] as string
      const names = { url, clientId: terminal, username: terminal, password: secret }
      const other = openMqttClient({
        ...{ ...names, keepaliveSeconds: 60, connectDeadlineMs: 10_000, maxPayloadBytes: 65_536, onBreach() {} },
      })
      other.on('error', () => {})
      const isThrownOut = await waitUntil(() => !uplink?.isConnected(), 10_000, signal)
      await endInTime(other, 200)
      return isThrownOut
    },
    /** @returns whether the central has acknowledged everything and been told that nothing waits */
    async drain(signal: AbortSignal): Promise<boolean> {
      goOnline()
      isDrainTold = false
      uplink?.noteHealthChange()
      return waitUntil(() => isDrainTold && storage().undelivered().count === 0, Number.POSITIVE_INFINITY, signal)
    },
  }
}
