import { afterEach } from 'vitest'
import type { Desired, Health } from '../../../src/contracts/messages.ts'
import { type Clock, systemClock } from '../../../src/shared/clock.ts'
import type { Logger } from '../../../src/shared/logger.ts'
import type { Outbox } from '../../../src/terminal/outbox/outbox.ts'
import { type UplinkTiming, usualTiming } from '../../../src/terminal/uplink/timing.ts'
import { openUplink, type Uplink } from '../../../src/terminal/uplink/uplink.ts'
import { type FaultProxy, openFaultProxy } from '../../support/fault-proxy.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { boot, openTestOutbox, randomHex } from '../outbox/open-outbox.ts'
import { openScriptedBroker, type Script, type ScriptedBroker } from './scripted-broker.ts'
import { openScriptedCentral, type ScriptedCentral } from './scripted-central.ts'

export const terminal = 'exit-1'
const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A machine that is busy with other things takes its time; for tests of up to 2 min. */
export const generousMs = 100_000
/** Deadlines that only something dead runs into. */
export const patience: Partial<UplinkTiming> = {
  ...{ connectDeadlineMs: generousMs, welcomeDeadlineMs: generousMs, silenceDeadlineMs: generousMs },
  ...{ ackTimeoutMs: generousMs, maxAckTimeoutMs: generousMs, keepaliveSeconds: 100 },
}

const quickTiming: UplinkTiming = {
  ...usualTiming,
  ...{ outageSpreadMs: 30, firstDelayMs: 20, maxDelayMs: 60, ackTimeoutMs: 150, maxAckTimeoutMs: 400 },
  ...{ connectDeadlineMs: 2_000, keepaliveSeconds: 30, helloEveryMs: 60_000, healthEveryMs: 60_000, healthGapMs: 20 },
}

export async function openTestCentral(port?: number): Promise<ScriptedCentral> {
  const central = await openScriptedCentral(terminal, port)
  closers.push(central.stop)
  return central
}

export async function openTestBroker(
  script: Script,
  options: Parameters<typeof openScriptedBroker>[1] = {},
): Promise<ScriptedBroker> {
  const broker = await openScriptedBroker(script, options)
  closers.push(broker.stop)
  return broker
}

export async function openTestProxy(targetPort: number): Promise<FaultProxy> {
  const proxy = await openFaultProxy(targetPort)
  closers.push(proxy.stop)
  return proxy
}

type LogLine = { fields: Record<string, unknown>; text: string }

export function makeLogKeeper(): { lines: LogLine[]; logger: Logger } {
  const lines: LogLine[] = []
  const keep = (fields: object, text: string) => void lines.push({ fields: fields as Record<string, unknown>, text })
  const logger: Logger = { debug: keep, info: keep, warn: keep, error: keep, child: () => logger }
  return { lines, logger }
}

export type TestUplink = {
  uplink: Uplink
  outbox: Outbox
  desired: Desired[]
  append: Outbox['append']
  timing: UplinkTiming
}

type TestUplinkOptions = {
  outbox?: Outbox
  timing?: Partial<UplinkTiming>
  ca?: string
  pins?: string[]
  knownUtcMs?: () => number | null
  logger?: Logger
  clock?: Clock
  random?: () => number
}

/** An uplink on a real outbox. */
export function openTestUplink(
  brokers: string[],
  {
    outbox = openTestOutbox(),
    timing = {},
    ca,
    pins = [],
    knownUtcMs = () => null,
    logger = silentLogger,
    clock = systemClock,
    random = Math.random,
  }: TestUplinkOptions = {},
): TestUplink {
  const desired: Desired[] = []
  // What a test changes in it counts from the next connection.
  const timingInForce = { ...quickTiming, ...timing }
  const gatherHealth = async (): Promise<Omit<Health, 'nonce'>> => ({
    ...{
      epoch: outbox.epoch(),
      boot,
      monoMs: 1,
      rev: 0,
      unacknowledged: outbox.undelivered().count,
      oldestAgeMs: null,
    },
    ...{ box: null, touchIssued: 0, diskFreeBytes: null, databaseBytes: 0, walBytes: 0, cpuTemperatureC: null },
    ...{ undervoltage: null, clock: 'unsynchronised', serial: {}, boxResets: 0, stuckButtons: [] },
    versions: { terminal: '0.1.0' },
  })
  const uplink = openUplink({
    ...{ brokers, terminal, secret: 'secret', custody: outbox, clock, logger },
    ...{ random, randomHex, gatherHealth, timing: timingInForce },
    ...(ca !== undefined && { ca }),
    ...{ pins, knownUtcMs },
    helloParts: () => ({ versions: { terminal: '0.1.0' }, boot, box: null }),
    onDesired: (one) => void desired.push(one),
    onConnected: () => {},
  })
  closers.push(() => uplink.close(500))
  return {
    ...{ uplink, outbox, desired, timing: timingInForce },
    append(record) {
      const appended = outbox.append(record)
      uplink.wake()
      return appended
    },
  }
}
