/**
 * The central service: wires store, labels, report, API, ingest and broker.
 *
 * A press comes in at the broker, is committed by ingest, labelled, and shown by report and API. Starts against the direction
 * of the data, so that whoever may hand a press on finds its taker there, and stops along it, so that what was
 * acknowledged is also labelled or marked for labelling before the store closes.
 */
import { join } from 'node:path'
import { type Clock, systemClock } from '../shared/clock.ts'
import type { Logger } from '../shared/logger.ts'
import { findPackageRoot } from '../shared/package-root.ts'
import { type StopStep, stopInOrder } from '../shared/stop-in-order.ts'
import { explainTzData } from '../shared/tz-data.ts'
import { writeLinkMail } from '../words/mail/mail-words.ts'
import type { OidcConfig } from './account-config.ts'
import { openAccounts } from './accounts/open-accounts.ts'
import { buildApp } from './api/build-app.ts'
import { makeLiveFeed } from './api/live-feed.ts'
import { openServer, type Server } from './api/open-server.ts'
import { type Brokers, openBrokers } from './broker/open-brokers.ts'
import { type CentralConfig, centralDatabase, refuseUnusable } from './config.ts'
import { readCertificates } from './external-broker-config.ts'
import { verifySecret } from './fleet/terminal-secret.ts'
import { openFleet } from './open-fleet.ts'
import { type Intake, type IntakeEvents, openIntake } from './open-intake.ts'
import { openIntakeThread } from './open-intake-thread.ts'
import { openReports } from './open-reports.ts'
import { refuseUnknownPlace } from './refuse-unknown-place.ts'
import { holdDataFolder } from './store/backup/hold-data-folder.ts'
import type { Store } from './store/port.ts'
import { openSqliteStore } from './store/sqlite/open-sqlite-store.ts'
import { describeComparison } from './upkeep/describe-comparison.ts'
import { openComparison } from './upkeep/open-comparison.ts'

export type CentralOptions = {
  config: CentralConfig
  logger: Logger
  clock?: Clock
  /**
   * Ingest, labels and the store's writing side on a thread of their own, so that pages and sockets wait for no transaction; and each
   * night on one. They have the system's clock, and run from compiled files only.
   */
  isThreaded?: boolean
}
export type Central = {
  /** Without a slash at its end. */
  httpUrl: string
  /** Of the embedded broker first, then of external ones. */
  brokerUrls: readonly string[]
  /** Resolves when everything received so far is committed and labelled. */
  drain(): Promise<void>
  /** @throws AppError `stop-deadline` */
  stop(): Promise<void>
}

const stopDeadlineMs = 5_000
/** A central that is being restarted may still be closing its database. */
const folderPatienceMs = 2_000

/**
 * @throws ConfigError for an address that is not of this machine, for an external broker that lacks a password or a file, and for
 *   newcomers of an unknown place
 * @throws AppError `address-taken`, `central-running`, `database-failed`, `database-too-new`; nothing is left running then
 */
export async function startCentral(options: CentralOptions): Promise<Central> {
  const { config, logger } = options
  refuseUnusable(config)
  const steps: StopStep[] = []
  try {
    return await wire(options, steps)
  } catch (error) {
    await stopInOrder(steps, stopDeadlineMs, logger)
    throw error
  }
}

async function wire(options: CentralOptions, steps: StopStep[]): Promise<Central> {
  const { config, logger, clock = systemClock } = options
  const room = (name: string) => logger.child({ room: name })
  const stopLater = (name: string, { close }: { close: StopStep['stop'] }) => steps.unshift({ name, stop: close })
  const folder = holdDataFolder(config.data, folderPatienceMs)
  // Whoever is late may still write; the system gives the folder back when this process ends.
  stopLater('data folder', { close: (late) => (late.length === 0 ? folder.release() : undefined) })
  const store = await openSqliteStore({ path: centralDatabase(config), logger: room('store') })
  stopLater('store', store)
  await refuseUnknownPlace(config.oidc, store.read)

  const tzFault = explainTzData(process.versions.tz, clock.wallMs())
  if (tzFault) logger.warn({ tz: process.versions.tz }, tzFault)

  let intake: Intake | null = null
  const beside: Store = {
    ...store,
    transact: (work) => (intake ? intake.exclusively(() => store.transact(work)) : store.transact(work)),
  }
  const path = options.isThreaded ? centralDatabase(config) : null
  const reports = openReports({ store: beside, clock, logger: room('nights'), path })
  stopLater('nights', reports)
  const { report } = reports

  // Nothing deletes presses yet, so all of them can be compared.
  const comparison = openComparison({ store: beside, clock, logger: room('upkeep'), retainedFromMs: () => null })
  stopLater('upkeep', comparison)

  const fleet = openFleet({ store: beside, clock, logger: room('fleet') })
  stopLater('fleet', fleet)

  let server: Server | null = null
  const { publicUrl } = config.http
  const mail = config.mail && { mail: { ...config.mail, write: writeLinkMail } }
  const oidc = config.oidc && { oidc: { ...config.oidc, newcomers: newcomersOf(config.oidc) } }
  const accounts = openAccounts({
    ...{ store: beside, clock, logger: room('accounts'), ...mail, ...oidc },
    baseUrl: () => (publicUrl === undefined ? (server?.url ?? '') : new URL(publicUrl).origin),
  })
  const live = makeLiveFeed({ readLive: report.readLive, logger: room('api') })
  let brokers: Brokers | null = null
  const app = await buildApp({
    accounts,
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...{ store: store.read, report, live, logger: room('api') },
    counters: async () => ({
      ...{
        upkeep: comparison.counters.snapshot(),
        fleet: fleet.counters(),
        nights: reports.counters(),
        accounts: accounts.counters.snapshot(),
      },
      ...{ ...(await intake?.counters()), broker: brokers?.counters() ?? {} },
    }),
    brokers: () => brokers?.states() ?? [],
    ...fleet.reader,
    gauges: async () => ({
      ...fleet.gauges(),
      ...describeComparison(await store.read.compared()),
      ...reports.gauges(),
    }),
    dashboardFolder: join(findPackageRoot(import.meta.url), 'dist/dashboard'),
  })
  server = await openServer(app, config.http)
  stopLater('api', server)

  intake = await startIntake(options, store, {
    publish: (terminal, leaf, text) => brokers?.publish(terminal, leaf, text),
    onCommitted({ touchpoints, terminals, counted }) {
      counted.forEach(report.noteTallies)
      live.changed(touchpoints)
      fleet.noteChanged(terminals)
    },
    onRelabelled: (changed) => changed.forEach(report.noteTallies),
  })
  stopLater('intake', intake)

  const { embedded, host, port, external } = config.broker
  brokers = await openBrokers({
    ...{ clock, random: Math.random, logger: room('broker') },
    embedded: embedded ? { host, port } : null,
    external: external.map(({ ca, ...rest }) => ({
      ...rest,
      ca: ca === undefined ? ca : (readCertificates(ca) ?? ''),
    })),
    authenticate: (terminal, secret) => verifySecret(store.read, terminal, secret),
    isKnown: async (terminal) => (await store.read.terminal(terminal)) !== null,
    onMessage: intake.receive,
  })
  stopLater('broker', brokers)

  const { urls: brokerUrls } = brokers
  logger.info({ httpUrl: server.url, brokerUrls }, 'central started')
  let stopping: Promise<void> | null = null
  return {
    httpUrl: server.url,
    brokerUrls,
    drain: intake.drain,
    stop() {
      stopping ??= stopInOrder(steps, stopDeadlineMs, logger)
      return stopping
    },
  }
}

const newcomersOf = ({ newcomers }: OidcConfig) =>
  newcomers ? { role: newcomers.role, place: newcomers.place ?? null } : null

/** Presses and their labels come in here, in this thread or in one of their own. */
async function startIntake(options: CentralOptions, store: Store, events: IntakeEvents): Promise<Intake> {
  const { config, logger, clock = systemClock, isThreaded = false } = options
  if (!isThreaded) return openIntake({ ...events, store, clock, logger })
  return openIntakeThread({ ...events, path: centralDatabase(config), logLevel: config.log.level })
}
