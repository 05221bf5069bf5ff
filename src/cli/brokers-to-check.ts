import { InvalidArgumentError } from 'commander'
import type { Credentials } from '../central/broker/check/probe-client.ts'
import { brokerUrlExpected, isBrokerUrl } from '../shared/broker-url.ts'
import { AppError } from '../shared/errors.ts'

export type BrokerToCheck = {
  url: string
  ca?: string | undefined
  witness: Credentials | null
  probes: readonly [Credentials, Credentials]
}
export type CheckOptions = { config?: string; probe?: Credentials[]; witness?: Credentials; ca?: string }

async function readCa(path: string | undefined): Promise<{ ca?: string }> {
  if (path === undefined) return {}
  const { readCertificates } = await import('../central/external-broker-config.ts')
  const ca = readCertificates(path)
  if (ca === null) throw new AppError('file-failed', `${path} is no readable file of PEM certificates`)
  return { ca }
}

function takeProbes(probes: readonly Credentials[] = []): readonly [Credentials, Credentials] {
  const [first, second] = probes
  if (!first || !second || probes.length > 2 || first.username === second.username)
    throw new InvalidArgumentError(
      'two accounts of different names are needed: --probe NAME:PASSWORD --probe NAME:PASSWORD',
    )
  return [first, second]
}

async function readConfig(path: string): Promise<BrokerToCheck[]> {
  const { loadCentralConfig } = await import('../central/config.ts')
  const { ConfigError } = await import('../shared/config-file.ts')
  const { external } = loadCentralConfig(path).broker
  const faults = external.flatMap(({ check }, i) =>
    check ? [] : [`broker.external.${i}.check: missing; it holds the probes' accounts`],
  )
  if (external.length === 0) faults.push('broker.external: there is none; the built-in broker is checked by its URL')
  if (faults.length > 0) throw new ConfigError(path, faults)
  return Promise.all(
    external.flatMap(({ url, ca, check }) => (check ? [readCa(ca).then((read) => ({ url, ...read, ...check }))] : [])),
  )
}

/** @throws InvalidArgumentError for options that do not say what to check; ConfigError and AppError `file-failed` for files */
export async function listBrokersToCheck(urls: string[], options: CheckOptions): Promise<BrokerToCheck[]> {
  if ((options.config === undefined) === (urls.length === 0))
    throw new InvalidArgumentError('either URLs or --config FILE must say which brokers to check')
  if (options.config !== undefined) return readConfig(options.config)
  // Not repeated: what is wrong with it may be the password in it.
  const bad = urls.findIndex((url) => !isBrokerUrl(url))
  if (bad >= 0) throw new InvalidArgumentError(`URL ${bad + 1} is not ${brokerUrlExpected}`)
  const [probes, ca] = [takeProbes(options.probe), await readCa(options.ca)]
  return urls.map((url) => ({ url, ...ca, probes, witness: options.witness ?? null }))
}
