/** Which central a simulation runs against: one of its own in a temporary folder, one whose configuration is at hand, or one far away. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CentralConfig, centralDatabase, loadCentralConfig, parseCentralConfig } from '../../central/config.ts'
import { ConfigError } from '../../shared/config-file.ts'
import { AppError } from '../../shared/errors.ts'
import { makeDemoConfig, startDemoCentral } from '../demo/demo-central.ts'
import { findFreePort } from '../demo/free-port.ts'
import { type FleetPlace, provisionFleet } from './provision-fleet.ts'
import { readAccounts } from './read-accounts.ts'
import { findForeign, type SimulateOptions } from './simulate-options.ts'
import type { SimulatedAccount } from './simulated-uplink.ts'

export type CentralAtHand = {
  accounts: readonly SimulatedAccount[]
  brokerUrls: readonly string[]
  /** Path of its database, where that is on this machine. */
  database: string | null
  httpUrl: string | null
  close(): Promise<void>
}

const nothingToClose = async () => {}

async function openOwn(places: readonly FleetPlace[], question: string, onGone: () => void): Promise<CentralAtHand> {
  const folder = mkdtempSync(join(tmpdir(), 'smilepost-simulate-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const ports = { http: await findFreePort(0), broker: await findFreePort(0) }
    const config = makeDemoConfig(folder, ports)
    const database = centralDatabase(parseCentralConfig(config, 'the simulation'))
    const accounts = await provisionFleet(database, places, question)
    const central = startDemoCentral(folder, ports, config, onGone)
    const close = () => central.close().finally(remove)
    try {
      await central.waitUntilReady()
    } catch (error) {
      await close()
      throw error
    }
    return { accounts, brokerUrls: [central.brokerUrl], database, httpUrl: central.httpUrl, close }
  } catch (error) {
    remove()
    throw error
  }
}

function urlsOf({ broker, http }: CentralConfig, path: string) {
  if (broker.embedded && (broker.port === 0 || http.port === 0))
    throw new ConfigError(path, ['broker.port, http.port: expected the ports of the running central, not 0'])
  const brokerUrls = [
    ...(broker.embedded ? [`mqtt://${broker.host}:${broker.port}`] : []),
    ...broker.external.map(({ url }) => url),
  ]
  return { brokerUrls, httpUrl: `http://${http.host}:${http.port}` }
}

async function openConfigured(
  path: string,
  options: SimulateOptions,
  places: readonly FleetPlace[],
): Promise<CentralAtHand> {
  const config = loadCentralConfig(path)
  const urls = urlsOf(config, path)
  const brokerUrls = options.broker ?? (config.broker.embedded ? urls.brokerUrls.slice(0, 1) : urls.brokerUrls)
  if (!options.accounts && !config.broker.embedded)
    throw new AppError(
      'bad-request',
      'these brokers know accounts of their own: create terminals with smilepost terminals create --mosquitto-passwd, and name them with --accounts',
    )
  refuseForeign(brokerUrls, options)
  const database = centralDatabase(config)
  const accounts = options.accounts
    ? readAccounts(options.accounts).slice(0, options.count)
    : await provisionFleet(database, places, options.question)
  return { accounts, brokerUrls, database, httpUrl: urls.httpUrl, close: nothingToClose }
}

function refuseForeign(urls: readonly string[], { yes }: SimulateOptions): void {
  const foreign = findForeign(urls)
  if (foreign.length > 0 && !yes)
    throw new AppError('address-refused', `${foreign.join(', ')}: not on this machine; add --yes to send presses there`)
}

/**
 * @param places one for each terminal, used where terminals are created
 * @param onGone the simulation's own central has ended by itself
 * @throws AppError, ConfigError where it can't be used
 */
export async function findCentral(
  options: SimulateOptions,
  places: readonly FleetPlace[],
  onGone: () => void,
): Promise<CentralAtHand> {
  if (options.config !== undefined) return openConfigured(options.config, options, places)
  if (!options.broker && !options.accounts) return openOwn(places, options.question, onGone)
  if (!options.broker || !options.accounts || !options.http)
    throw new AppError('bad-request', 'a central far away needs --broker, --accounts and --http')
  refuseForeign([...options.broker, options.http], options)
  const accounts = readAccounts(options.accounts).slice(0, options.count)
  return { accounts, brokerUrls: options.broker, database: null, httpUrl: options.http, close: nothingToClose }
}
