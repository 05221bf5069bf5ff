/**
 * One simulated terminal: the product's own outbox on disk and its own uplink, presses made into records by the daemon's own code. Its box,
 * its clock and its faults are played. Truth is what `issued` says: every press that anybody ever made here.
 */
import { join } from 'node:path'
import type { Logger } from '../../shared/logger.ts'
import { randomHex } from '../../shared/random-hex.ts'
import { type Outbox, openOutbox } from '../../terminal/outbox/outbox.ts'
import type { PlannedPress, TerminalPlan } from './plan-terminal.ts'
import { makeSimulatedClock } from './simulated-clock.ts'
import { type IssuedPress, type MadePress, makeSimulatedRecords } from './simulated-records.ts'
import { makeSimulatedUplink, type SimulatedAccount } from './simulated-uplink.ts'

export type SimulatedTerminalOptions = {
  account: SimulatedAccount
  plan: TerminalPlan
  brokerUrls: readonly string[]
  /** Of its outbox; made when missing. */
  folder: string
  question: string
  logger: Logger
}
export type SimulatedTerminal = ReturnType<typeof openSimulatedTerminal>

export function openSimulatedTerminal({
  account,
  plan,
  brokerUrls,
  folder,
  question,
  logger,
}: SimulatedTerminalOptions) {
  const clock = makeSimulatedClock(plan.fromMs, plan.clock, plan.driftPpm)
  const box = randomHex(8)
  const issued: IssuedPress[] = []
  /** Of the box, or of the page, while the daemon is not there. */
  const held: MadePress[] = []
  const done = { offline: 0, restart: 0, reboot: 0, duplicate: 0, handedTwice: 0, heldByBox: 0 }
  let boxSeq = 0
  let boot = randomHex(32)
  let outbox: Outbox | null = null

  const storage = (): Outbox => {
    outbox ??= openOutbox({ path: join(folder, 'outbox.sqlite'), clock, randomHex, logger })
    return outbox
  }
  const boxState = () => ({ id: box, next: boxSeq + 1, pending: held.length, dropped: 0 })
  const uplink = makeSimulatedUplink({
    ...{ account, brokerUrls, storage, logger },
    state: () => ({ boot, box: boxState(), isClockRight: clock.isRight() }),
  })
  const records = makeSimulatedRecords({
    ...{ clock, boot: () => boot, storage, folder, question, onStored: uplink.wake },
  })

  /** Moves the clock; what the daemon does by itself in between, it does now. */
  function advance(utcMs: number): void {
    clock.set(utcMs)
    if (!outbox || !clock.isDue()) return
    clock.learn()
    records.tellTime()
  }

  function handOn(made: MadePress): void {
    records.handOn(made)
    if (made.press.isHandedTwice) done.handedTwice += 1
  }

  return {
    account,
    plan,
    box,
    issued: (): readonly IssuedPress[] => issued,
    faultsDone: () => ({ ...done }),
    undelivered: () => storage().undelivered().count,
    isOnline: uplink.isOnline,
    advance,
    goOnline: uplink.goOnline,
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
      if (clock.isRight()) records.tellTime()
      records.noteAlive()
    },
    async stopNetwork(): Promise<void> {
      await uplink.goOffline()
      done.offline += 1
    },
    /** The daemon ends, as its service manager ends it; presses wait at the box and on the page. */
    async stopDaemon(kind: 'restart' | 'reboot'): Promise<void> {
      await uplink.goOffline()
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
      if (clock.isRight()) records.tellTime()
      done.heldByBox += held.length
      for (const waiting of held.splice(0)) handOn(waiting)
      uplink.goOnline()
    },
    /** The last of the simulated time: the daemon is there, whatever was going on, and has learnt what time it is. */
    finish(): void {
      storage()
      for (const waiting of held.splice(0)) handOn(waiting)
      if (!clock.isRight()) {
        clock.set(clock.utcMs() + (plan.clock?.anchorAfterMs ?? 0))
        clock.learn()
        records.tellTime()
      }
      uplink.goOnline()
    },
    /** Somebody else connects under this name and throws it out; it has to come back. */
    async duplicate(signal: AbortSignal): Promise<void> {
      if (await uplink.duplicate(signal)) done.duplicate += 1
    },
    drain: uplink.drain,
    async close(): Promise<void> {
      await uplink.goOffline()
      outbox?.close()
      outbox = null
    },
  }
}
