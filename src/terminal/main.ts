/**
 * The terminal's daemon: wires box, outbox, uplink, touch page and timekeeping.
 *
 * A press, of the box or of the glass, is answered for only after the outbox has committed it; delivering it is the uplink's matter
 * and never holds a press up. Starts against the direction of the data, so that whoever may hand a press on finds its
 * taker there, and stops along it, so that nothing is taken that could not be kept.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { type BoxLink, openBoxLink } from '../../firmware-bridge/serial/box-link.ts'
import type { PortOpener } from '../../firmware-bridge/serial/box-port.ts'
import { makeSerialPortOpener } from '../../firmware-bridge/serial/serial-port.ts'
import type { Desired } from '../contracts/messages.ts'
import type { NewRecord } from '../contracts/records.ts'
import { type Clock, systemClock } from '../shared/clock.ts'
import { makeCounters } from '../shared/counters.ts'
import { AppError } from '../shared/errors.ts'
import type { Logger } from '../shared/logger.ts'
import { findPackageRoot } from '../shared/package-root.ts'
import { randomHex } from '../shared/random-hex.ts'
import { type StopStep, stopInOrder } from '../shared/stop-in-order.ts'
import { explainTzData } from '../shared/tz-data.ts'
import { makeBoxWatch } from './box-watch.ts'
import type { TerminalConfig } from './config.ts'
import { makeDaemonState } from './daemon-state.ts'
import { describeStorage } from './describe-storage.ts'
import { openGuardedOutbox } from './guarded-outbox.ts'
import { readBootId } from './health/boot-id.ts'
import { makeHealthGatherer } from './health/gather-health.ts'
import { makeMachine } from './health/machine.ts'
import { openTimekeeper } from './health/timekeeper.ts'
import { buildKioskApp, type KioskCounter } from './kiosk-api/kiosk-app.ts'
import { makeLineWatch } from './kiosk-api/line-watch.ts'
import { makeLightsInForce } from './lights-in-force.ts'
import { listVersions } from './list-versions.ts'
import { makeBallast } from './outbox/ballast.ts'
import { keepRoom } from './outbox/keep-room.ts'
import { makePressIntake } from './press-intake.ts'
import { makeSurveyInForce } from './survey-in-force.ts'
import { tellKioskUrl } from './tell-kiosk-url.ts'
import { orderBrokers } from './uplink/broker-choice.ts'
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

/** @param steps gets what has been started put at its front, so that it is in stopping order at every moment */
async function wire(options: TerminalOptions, steps: StopStep[]): Promise<Terminal> {
  const { config, logger, clock = systemClock } = options
  const boot = readBootId(randomHex)
  const outboxLogger = logger.child({ room: 'outbox' })
  const ballast = makeBallast({
    ...{ path: join(config.terminal.data, 'ballast'), bytes: config.disk.ballastMb * 2 ** 20, logger: outboxLogger },
  })
  const { outbox, close: closeOutbox } = openGuardedOutbox({
    ...{ path: join(config.terminal.data, 'outbox.sqlite'), clock, randomHex, logger: outboxLogger, reserve: ballast },
    onTurn: () => onOutboxTurn(),
  })
  steps.unshift({ name: 'outbox', stop: closeOutbox })
  const survey = makeSurveyInForce(outbox.desired(), config.survey, config.kiosk.languages)
  const watch = makeBoxWatch()
  const line = makeLineWatch({ clock, device: options.openPort ? null : config.serial.device || null })
  const kioskCounters = makeCounters<KioskCounter>(['foreign-host', 'foreign-origin', 'press-refused'])
  let link: BoxLink | null = null

  const uplink: Uplink = openUplink({
    brokers: orderBrokers(config.broker.urls, config.terminal.id, config.broker.order),
    ...{ terminal: config.terminal.id, secret: config.terminal.secret },
    ...(config.broker.ca && { ca: readFileSync(config.broker.ca, 'utf8') }),
    ...{ pins: config.broker.pins, knownUtcMs: () => timekeeper.utcMs() },
    ...{ custody: { ...outbox, append: appendAnchor }, clock, random: Math.random, randomHex },
    logger: logger.child({ room: 'uplink' }),
    helloParts: () => ({ versions: listVersions(watch.firmware()), boot, box: watch.state() }),
    gatherHealth: makeHealthGatherer(
      { machine: makeMachine(config.terminal.data), clock, boot },
      {
        ...{
          epoch: outbox.epoch,
          undelivered: outbox.undelivered,
          waiting: outbox.waiting,
          touchIssued: outbox.touchIssued,
        },
        storage: () => describeStorage(outbox.storage(), ballast.state()),
        ...{ sizes: outbox.sizes, rev: survey.rev, box: watch.state, stuckButtons: watch.stuckButtons },
        versions: () => listVersions(watch.firmware()),
        clockState: () => timekeeper.clockState(),
        serial: () => link?.counters() ?? {},
        boxResets: () => link?.counters()['box-reboot'] ?? 0,
      },
    ),
    onDesired: setDesired,
    onConnected: () => kiosk.noteState(),
    timing: { ...usualTiming, ...config.reconnect },
  })
  steps.unshift({ name: 'uplink', stop: () => uplink.close(goodbyeDeadlineMs) })

  function noteAppended<Answer extends 'stored' | 'repeat' | 'reused' | 'full'>(appended: Answer): Answer {
    if (appended === 'stored') uplink.wake()
    if (appended === 'full') uplink.noteHealthChange()
    return appended
  }
  const append = (record: NewRecord) => noteAppended(outbox.append(record))

  /** Also a configuration that could not be read at the start may be readable now. */
  function onOutboxTurn(): void {
    const saved = outbox.desired()
    if (saved && saved.rev > survey.rev()) setDesired(saved)
    uplink.wake()
    uplink.noteHealthChange()
  }

  const room = { outbox, ballast, folder: config.terminal.data, trimBelowBytes: config.disk.trimBelowMb * 2 ** 20 }
  steps.unshift({ name: 'room', stop: keepRoom(room) })
  const timekeeper = openTimekeeper({ append, clock, boot, ...(clock !== systemClock && { kernelClock: null }) })
  steps.unshift({ name: 'timekeeper', stop: timekeeper.close })
  const lights = makeLightsInForce({
    ...{ initial: outbox.desired()?.lights, utcMs: timekeeper.utcMs },
    onMode: (mode) => link?.setLights(mode),
  })
  steps.unshift({ name: 'lights', stop: lights.close })

  function setDesired(desired: Desired): void {
    survey.set(desired)
    lights.set(desired.lights)
    kiosk.noteState()
  }

  /** The central's time is not only a record: this terminal tells quiet hours by it. */
  function appendAnchor(record: NewRecord): 'stored' | 'repeat' | 'full' {
    if (record.kind === 'anchor') timekeeper.noteExchange(record)
    daemon.noteRecord(record)
    lights.review()
    return outbox.append(record)
  }

  const daemon = makeDaemonState({
    ...{ terminal: config.terminal.id, dataFolder: config.terminal.data, clock, epoch: outbox.epoch, uplink },
    ...{ clockState: timekeeper.clockState, storage: () => describeStorage(outbox.storage(), ballast.state()) },
  })
  const intake = makePressIntake({
    ...{ append, survey, watch, context: { clock, boot } },
    appendBoxPress: (record) => noteAppended(outbox.appendBoxPress(record)),
    onBoxPress: (value) => kiosk.notePress(value),
    onButtonChange: uplink.noteHealthChange,
  })
  const kiosk = buildKioskApp({
    pagesFolder: join(findPackageRoot(import.meta.url), 'dist/kiosk-ui'),
    state: () => ({ survey: survey.shown(), connected: uplink.isConnected() }),
    line: () => line.read({ counters: link?.counters() ?? {}, stuckButtons: watch.stuckButtons() }),
    daemon: daemon.read,
    scaleOf: (question, revision) => outbox.scaleOf(question, revision) ?? survey.scaleOf(question, revision),
    store: intake.takeTouchPress,
    ...{ logger: logger.child({ room: 'kiosk-api' }), counters: kioskCounters },
  })
  steps.unshift({ name: 'kiosk-api', stop: () => kiosk.app.close() })
  const kioskUrl = await listen(kiosk.app, config.kiosk.port)
  if (config.kiosk.port === 0) steps.unshift({ name: 'kiosk-url', stop: tellKioskUrl(config.terminal.data, kioskUrl) })

  const openPort =
    options.openPort ?? (config.serial.device ? makeSerialPortOpener({ path: config.serial.device }) : null)
  link =
    openPort &&
    openBoxLink({
      ...{ openPort, clock, random: Math.random, logger: logger.child({ room: 'serial' }) },
      onPress: intake.takeBoxPress,
      saveBoxId: outbox.saveBoxId,
      lastStoredOf: outbox.lastBoxSeq,
      reuseStore: { read: outbox.readReused, save: outbox.saveReused },
      onHello(hello) {
        line.noteHello(hello)
        if (watch.noteHello(hello)) uplink.noteHealthChange()
      },
      onState: line.noteState,
      lights: lights.mode(),
    })
  if (link) steps.unshift({ name: 'serial', stop: link.close })
  logger.info(
    { kioskUrl, boot, terminal: config.terminal.id, versions: listVersions(watch.firmware()) },
    'terminal started',
  )
  const tzFault = explainTzData(process.versions.tz, clock.wallMs())
  if (tzFault) logger.warn({ tz: process.versions.tz }, tzFault)

  let stopping: Promise<void> | null = null
  return {
    kioskUrl,
    isConnected: uplink.isConnected,
    undelivered: () => outbox.undelivered().count,
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
    const message = `the touch page's port ${port} is taken; set kiosk.port to another`
    throw new AppError('address-taken', message, { cause: error })
  }
}
