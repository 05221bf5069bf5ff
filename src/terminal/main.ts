/**
 * The terminal's daemon: wires box, outbox, uplink, touch page and timekeeping.
 *
 * A press, of the box or of the glass, is answered for only after the outbox has committed it; delivering it is the uplink's matter
 * and never holds a press up. Starts against the direction of the data, so that whoever may hand a press on finds its
 * taker there, and stops along it, so that nothing is taken that could not be kept.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { type BoxLink, openBoxLink } from '../../firmware-bridge/serial/box-link.ts'
import type { PortOpener } from '../../firmware-bridge/serial/box-port.ts'
import type { BoxPress } from '../../firmware-bridge/serial/box-session.ts'
import { makeSerialPortOpener } from '../../firmware-bridge/serial/serial-port.ts'
import type { Desired } from '../contracts/messages.ts'
import type { NewRecord } from '../contracts/records.ts'
import { type Clock, systemClock } from '../shared/clock.ts'
import { makeCounters } from '../shared/counters.ts'
import { AppError } from '../shared/errors.ts'
import type { Logger } from '../shared/logger.ts'
import { findPackageRoot } from '../shared/package-root.ts'
import { readVersion } from '../shared/package-version.ts'
import { type StopStep, stopInOrder } from '../shared/stop-in-order.ts'
import { makeBoxWatch } from './box-watch.ts'
import type { TerminalConfig } from './config.ts'
import { readBootId } from './health/boot-id.ts'
import { makeHealthGatherer } from './health/gather-health.ts'
import { makeMachine } from './health/machine.ts'
import { openTimekeeper } from './health/timekeeper.ts'
import { buildKioskApp, type KioskCounter } from './kiosk-api/kiosk-app.ts'
import { openOutbox } from './outbox/outbox.ts'
import { makeBoxPressRecord, makeTouchPressRecord } from './press-record.ts'
import { makeSurveyInForce } from './survey-in-force.ts'
import { trimRegularly } from './trim-regularly.ts'
import { usualTiming } from './uplink/timing.ts'
import { openUplink, type Uplink } from './uplink/uplink.ts'

export type TerminalOptions = {
  config: TerminalConfig
  logger: Logger
  clock?: Clock
  /** In place of `config.serial.device`: the in-process box of the demo and of tests. */
  openPort?: PortOpener
}

export type Terminal = {
  kioskUrl: string
  /** The central has greeted this terminal on its present connection. */
  isConnected(): boolean
  /** Records the central has not acknowledged yet. */
  undelivered(): number
  counters(): { serial: Record<string, number>; uplink: Record<string, number>; kiosk: Record<string, number> }
  /** @throws AppError `stop-deadline` */
  stop(): Promise<void>
}

const stopDeadlineMs = 5_000
const goodbyeDeadlineMs = 1_000
const randomHex = (digits: number) =>
  randomBytes(Math.ceil(digits / 2))
    .toString('hex')
    .slice(0, digits)
/** The desired configuration speaks of people's evenings, the line of the box's lights (PROTOCOL.md §6). */
const lightModes = { normal: 'normal', dim: 'dim', dark: 'quiet' } as const

/** @throws AppError when the database, or the address of the touch page, can't be had */
export async function startTerminal(options: TerminalOptions): Promise<Terminal> {
  const steps: StopStep[] = []
  try {
    return await wire(options, steps)
  } catch (error) {
    await stopInOrder(steps, stopDeadlineMs, options.logger)
    throw error
  }
}

async function wire(options: TerminalOptions, steps: StopStep[]): Promise<Terminal> {
  const { config, logger, clock = systemClock } = options
  const boot = readBootId(randomHex)
  const version = readVersion()
  const outbox = openOutbox({
    path: join(config.terminal.data, 'outbox.db'),
    ...{ clock, randomHex, logger: logger.child({ room: 'outbox' }) },
  })
  let isOutboxOpen = true
  steps.unshift({
    name: 'outbox',
    stop() {
      isOutboxOpen = false
      outbox.close()
    },
  })
  const survey = makeSurveyInForce(outbox.desired(), config.survey, config.kiosk.languages)
  const watch = makeBoxWatch()
  const kioskCounters = makeCounters<KioskCounter>(['foreign-host', 'foreign-origin', 'press-refused'])
  let link: BoxLink | null = null

  const versions = () => ({
    terminal: version,
    node: process.versions.node,
    tz: process.versions.tz ?? 'none',
    ...(watch.firmware() !== null && { firmware: watch.firmware() as string }),
  })

  function append(record: NewRecord): 'stored' | 'repeat' | 'full' {
    // A stop that ran into its deadline must not end in a crash; the box keeps what is not acknowledged.
    const appended = isOutboxOpen ? outbox.append(record) : 'full'
    if (appended === 'stored') uplink.wake()
    if (appended === 'full') uplink.noteHealthChange()
    return appended
  }

  function takeDesired(desired: Desired): void {
    survey.set(desired)
    link?.setLights(lightModes[desired.lights ?? 'normal'])
    kiosk.noteState()
  }

  function takeBoxPress(press: BoxPress): 'stored' | 'full' {
    const record = makeBoxPressRecord(press, survey.asked(), { clock, boot })
    const appended = append(record)
    if (watch.notePress(press)) uplink.noteHealthChange()
    // A stuck button is no press (PROTOCOL.md): nobody is thanked for it.
    if (appended === 'stored' && !press.flags.stuck) kiosk.notePress(record.value)
    return appended === 'full' ? 'full' : 'stored'
  }

  const gatherHealth = makeHealthGatherer(
    { machine: makeMachine(config.terminal.data), clock, boot },
    {
      ...{ epoch: outbox.epoch, undelivered: outbox.undelivered, touchIssued: outbox.touchIssued, sizes: outbox.sizes },
      ...{ rev: survey.rev, box: watch.state, stuckButtons: watch.stuckButtons, versions },
      clockState: () => timekeeper.clockState(),
      serial: () => link?.counters() ?? {},
      boxResets: () => link?.counters()['box-reboot'] ?? 0,
    },
  )
  const uplink: Uplink = openUplink({
    ...{ brokers: config.broker.urls, terminal: config.terminal.id, secret: config.terminal.secret },
    ...{ custody: outbox, clock, random: Math.random, randomHex, logger: logger.child({ room: 'uplink' }) },
    helloParts: () => ({ versions: versions(), boot, box: watch.state() }),
    gatherHealth,
    onDesired: takeDesired,
    onConnected(isConnected) {
      if (isConnected) timekeeper.noteExchange()
      kiosk.noteState()
    },
    timing: { ...usualTiming, ...config.reconnect },
  })
  steps.unshift({ name: 'uplink', stop: () => uplink.close(goodbyeDeadlineMs) })
  steps.unshift({ name: 'trim', stop: trimRegularly(outbox.trim) })
  const timekeeper = openTimekeeper({ append, clock, boot })
  steps.unshift({ name: 'timekeeper', stop: timekeeper.close })

  const kiosk = buildKioskApp({
    pagesFolder: join(findPackageRoot(import.meta.url), 'dist/kiosk-ui'),
    state: () => ({ survey: survey.shown(), connected: uplink.isConnected() }),
    scaleOf: (question, revision) => outbox.scaleOf(question, revision) ?? survey.scaleOf(question, revision),
    store: (press) => append(makeTouchPressRecord(press, { clock, boot })),
    ...{ logger: logger.child({ room: 'kiosk-api' }), counters: kioskCounters },
  })
  steps.unshift({ name: 'kiosk-api', stop: () => kiosk.app.close() })
  const kioskUrl = await listen(kiosk.app, config.kiosk.port)

  const opener =
    options.openPort ?? (config.serial.device ? makeSerialPortOpener({ path: config.serial.device }) : null)
  if (opener) {
    link = openBoxLink({
      ...{ openPort: opener, clock, random: Math.random, logger: logger.child({ room: 'serial' }) },
      onPress: takeBoxPress,
      saveBoxId: outbox.saveBoxId,
      onHello: (hello) => watch.noteHello(hello) && uplink.noteHealthChange(),
      lights: lightModes[outbox.desired()?.lights ?? 'normal'],
    })
    steps.unshift({ name: 'serial', stop: link.close })
  }
  logger.info({ kioskUrl, version, boot, terminal: config.terminal.id }, 'terminal started')
  let stopping: Promise<void> | null = null
  return {
    kioskUrl,
    isConnected: uplink.isConnected,
    undelivered: () => (isOutboxOpen ? outbox.undelivered().count : 0),
    counters: () => ({ serial: link?.counters() ?? {}, uplink: uplink.counters(), kiosk: kioskCounters.snapshot() }),
    stop() {
      stopping ??= stopInOrder(steps, stopDeadlineMs, logger)
      return stopping
    },
  }
}

/** @throws AppError `address-taken` */
async function listen(app: FastifyInstance, port: number): Promise<string> {
  try {
    return await app.listen({ host: '127.0.0.1', port })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new AppError('address-taken', `the touch page's port ${port} is taken; set kiosk.port to another`, {
      cause: error,
    })
  }
}
