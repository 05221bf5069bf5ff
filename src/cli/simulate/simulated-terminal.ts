/**
 * One simulated terminal: the product's own outbox on disk and its own uplink, presses made into records by the daemon's own code. Its box,
 * its clock and its faults are played. Truth is what `issued` says: every press that anybody ever made here.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Health } from '../../contracts/messages.ts'
import type { NewRecord } from '../../contracts/records.ts'
import { systemClock } from '../../shared/clock.ts'
import { AppError } from '../../shared/errors.ts'
import type { Logger } from '../../shared/logger.ts'
import { endInTime, openMqttClient } from '../../shared/mqtt-client.ts'
import { type Outbox, openOutbox } from '../../terminal/outbox/outbox.ts'
import { makeBoxPressRecord, makeTouchPressRecord } from '../../terminal/press-record.ts'
import { usualTiming } from '../../terminal/uplink/timing.ts'
import { openUplink, type Uplink } from '../../terminal/uplink/uplink.ts'
import type { PlannedPress, TerminalPlan } from './plan-terminal.ts'
import { makeSimulatedClock } from './simulated-clock.ts'
import { waitUntil } from './wait-until.ts'

export type SimulatedAccount = { terminal: string; secret: string; touchpoint: string | null }
export type IssuedPress = {
  name: { box: string; boxSeq: number } | { touchId: string }
  value: number
  utcMs: number
}
export type SimulatedTerminalOptions = {
  account: SimulatedAccount
  plan: TerminalPlan
  brokerUrls: readonly string[]
  /** Of its outbox; made when missing. */
  folder: string
  question: string
  logger: Logger
}
export type SimulatedTerminal = Awaited<ReturnType<typeof openSimulatedTerminal>>

const randomHex = (digits: number) =>
  randomBytes(Math.ceil(digits / 2))
    .toString('hex')
    .slice(0, digits)
/** Of NTP over a shop's line. */
const anchorErrorMs = 30
/** As the product's, but a fleet thrown out is back soon, and the last report follows at once. */
const timing = { ...usualTiming, outageSpreadMs: 1_000, firstDelayMs: 200, maxDelayMs: 10_000, healthGapMs: 100 }
const versions = { terminal: 'simulate' }

export function openSimulatedTerminal(options: SimulatedTerminalOptions) {
  const { account, plan, brokerUrls, folder, logger } = options
  const { terminal, secret } = account
  const clock = makeSimulatedClock(plan.fromMs, plan.clock, plan.driftPpm)
  const box = randomHex(8)
  const asked = { question: options.question, revision: 1, scaleMax: 3 }
  const issued: IssuedPress[] = []
  const held: { press: PlannedPress; name: IssuedPress['name'] }[] = []
  const done = { offline: 0, restart: 0, reboot: 0, duplicate: 0, handedTwice: 0, heldByBox: 0 }
  let boxSeq = 0
  let boot = randomHex(32)
  let isDrainTold = false
  let outbox: Outbox | null = null
  let uplink: Uplink | null = null

  function openStorage(): Outbox {
    const path = join(folder, 'outbox.sqlite')
    return openOutbox({ path, clock, randomHex, logger })
  }
  const storage = (): Outbox => {
    outbox ??= openStorage()
    return outbox
  }

  function append(record: NewRecord): void {
    check(storage().append(record))
  }
  function check(appended: string): void {
    if (appended === 'stored') uplink?.wake()
    if (appended === 'full') throw new AppError('file-failed', `${folder}: the disk is full`)
  }

  const boxState = () => ({ id: box, next: boxSeq + 1, pending: held.length, dropped: 0 })
  async function gatherHealth(): Promise<Omit<Health, 'nonce'>> {
    const { count, oldestAgeMs } = storage().undelivered()
    isDrainTold = count === 0
    return {
      // As in the hello, whose clock is the uplink's own; nothing of the simulated days is timed by reports.
      ...{ epoch: storage().epoch(), boot, monoMs: systemClock.monoMs(), rev: 0, unacknowledged: count, oldestAgeMs },
      ...{ box: boxState(), touchIssued: storage().touchIssued(), versions, ...storage().sizes() },
      ...{ diskFreeBytes: null, cpuTemperatureC: null, undervoltage: null },
      ...{ clock: clock.isRight() ? 'kernel' : 'unsynchronised', serial: {}, boxResets: 0, stuckButtons: [] },
    }
  }

  function goOnline(): void {
    const stored = storage()
    uplink ??= openUplink({
      ...{ brokers: brokerUrls, terminal, secret, logger, random: Math.random, randomHex, timing, gatherHealth },
      // The central's clock is not that of the simulated days: their time is told by anchors of their own.
      custody: { ...stored, append: () => 'repeat' },
      clock: systemClock,
      helloParts: () => ({ versions, boot, box: boxState() }),
      onDesired: () => {},
      onConnected: () => {},
    })
  }
  async function goOffline(): Promise<void> {
    const leaving = uplink
    uplink = null
    await leaving?.close(1_000)
  }

  function tellTime(): void {
    const at = { boot, monoMs: clock.monoMs(), wallMs: clock.wallMs() }
    append({ ...at, kind: 'anchor', utcMs: clock.utcMs(), errorMs: anchorErrorMs, clock: 'kernel' })
  }

  /** Moves the clock; what the daemon does by itself in between, it does now. */
  function advance(utcMs: number): void {
    clock.set(utcMs)
    if (!outbox || !clock.isDue()) return
    clock.learn()
    tellTime()
  }

  function handOn({ press, name }: (typeof held)[number]): void {
    const context = { clock, boot }
    for (let times = press.isHandedTwice ? 2 : 1; times > 0; times -= 1) {
      if ('touchId' in name) {
        const touch = { id: name.touchId, question: asked.question, surveyRevision: 1, value: press.value }
        append(makeTouchPressRecord({ ...touch, ageMs: clock.monoMs() - clock.monoAt(press.utcMs) }, context))
        continue
      }
      const button = (4 - press.value) as 1 | 2 | 3 | 4
      const flags = { stuck: false, chord: false }
      const monoMs = clock.monoAt(press.utcMs)
      const from = { boxId: box, sequence: name.boxSeq, button, monoMs, spreadMs: 0, flags }
      check(storage().appendBoxPress({ ...makeBoxPressRecord(from, asked, context), button }))
    }
    if (press.isHandedTwice) done.handedTwice += 1
  }

  return {
    account,
    plan,
    box,
    issued: (): readonly IssuedPress[] => issued,
    faultsDone: () => ({ ...done }),
    counters: () => uplink?.counters() ?? {},
    undelivered: () => storage().undelivered().count,
    isOnline: () => uplink !== null,
    advance,
    goOnline,
    press(press: PlannedPress): void {
      advance(press.utcMs)
      const name = press.source === 'touch' ? { touchId: randomHex(32) } : { box, boxSeq: ++boxSeq }
      issued.push({ name, value: press.value, utcMs: press.utcMs })
      if (outbox) handOn({ press, name })
      else held.push({ press, name })
    },
    /** Once an hour. */
    hour(utcMs: number): void {
      advance(utcMs)
      if (!outbox) return
      if (clock.isRight()) tellTime()
      append({ kind: 'alive', boot, monoMs: clock.monoMs(), wallMs: clock.wallMs(), coveredMs: 3_600_000 })
    },
    async stopNetwork(): Promise<void> {
      await goOffline()
      done.offline += 1
    },
    /** The daemon ends, as its service manager ends it; presses wait at the box and on the page. */
    async stopDaemon(kind: 'restart' | 'reboot'): Promise<void> {
      await goOffline()
      outbox?.close()
      outbox = null
      done[kind] += 1
    },
    startDaemon(utcMs: number, kind: 'restart' | 'reboot'): void {
      clock.set(utcMs)
      if (kind === 'reboot') {
        clock.boot()
        boot = randomHex(32)
      }
      storage()
      if (clock.isRight()) tellTime()
      done.heldByBox += held.length
      for (const waiting of held.splice(0)) handOn(waiting)
      goOnline()
    },
    /** The last of the simulated time: the daemon is there, whatever was going on, and has learnt what time it is. */
    finish(): void {
      storage()
      for (const waiting of held.splice(0)) handOn(waiting)
      if (!clock.isRight()) {
        clock.set(clock.utcMs() + (plan.clock?.anchorAfterMs ?? 0))
        clock.learn()
        tellTime()
      }
      goOnline()
    },
    /** Somebody else connects under this name; the broker must end our connection (MQTT 3.1.4), which has to come back. */
    async duplicate(signal: AbortSignal): Promise<void> {
      if (!(await waitUntil(() => uplink?.isConnected() ?? false, 30_000, signal))) return
      const url = brokerUrls[0] as string
      const names = { url, clientId: terminal, username: terminal, password: secret }
      const other = openMqttClient({
        ...{ ...names, keepaliveSeconds: 60, connectDeadlineMs: 10_000, maxPayloadBytes: 65_536, onBreach() {} },
      })
      other.on('error', () => {})
      const isThrownOut = await waitUntil(() => !uplink?.isConnected(), 10_000, signal)
      await endInTime(other, 200)
      if (isThrownOut) done.duplicate += 1
    },
    /** @returns whether the central has acknowledged everything and been told that nothing waits */
    async drain(signal: AbortSignal): Promise<boolean> {
      goOnline()
      isDrainTold = false
      uplink?.noteHealthChange()
      return waitUntil(() => isDrainTold && storage().undelivered().count === 0, Number.POSITIVE_INFINITY, signal)
    },
    async close(): Promise<void> {
      await goOffline()
      outbox?.close()
      outbox = null
    },
  }
}
