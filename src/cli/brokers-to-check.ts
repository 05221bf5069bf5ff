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
export type CheckOptions = {
  config?: string
  accounts?: string
  probe?: Credentials[]
  witness?: Credentials
  ca?: string
}
type Environment = Record<string, string | undefined>

/** @throws InvalidArgumentError, without the text, which may hold a password */
export function parseAccount(text: string): Credentials {
  const [username = '', ...rest] = text.split(':')
  const password = rest.join(':')
  if (username === '' || password === '') throw new InvalidArgumentError('an account is written name:password.')
  return { username, password }
}

async function readCa(path: string | undefined): Promise<{ ca?: string }> {
  if (path === undefined) return {}
  const { readCertificates } = await import('../central/external-broker-config.ts')
  const ca = readCertificates(path)
  if (ca === null) throw new AppError('file-failed', `${path} is no readable file of PEM certificates`)
  return { ca }
}

type Accounts = Pick<BrokerToCheck, 'witness' | 'probes'>

/** From a file, the command line, or else the environment: only what is in the first two hides the third, and they exclude each other. */
async function takeAccounts(
  { accounts, probe = [], witness }: CheckOptions,
  environment: Environment,
): Promise<Accounts> {
  const isTyped = probe.length > 0 || witness !== undefined
  if (accounts !== undefined && isTyped)
    throw new InvalidArgumentError('--accounts FILE holds all accounts: no --probe and no --witness beside it')
  if (accounts !== undefined) return readAccounts(accounts)
  const probes = probe.length > 0 ? probe : fromEnvironment(environment, ['SMILEPOST_PROBE_1', 'SMILEPOST_PROBE_2'])
  const [alsoWitness = null] = fromEnvironment(environment, ['SMILEPOST_WITNESS'])
  return { probes: takeProbes(probes), witness: witness ?? alsoWitness }
}

async function readAccounts(path: string): Promise<Accounts> {
  const { CheckAccounts } = await import('../central/external-broker-config.ts')
  const { loadConfigFile } = await import('../shared/config-file.ts')
  const { probes, witness = null } = loadConfigFile<typeof CheckAccounts>(CheckAccounts, path)
  return { probes: takeProbes(probes), witness }
}

function fromEnvironment(environment: Environment, names: readonly string[]): Credentials[] {
  return names.flatMap((name) => {
    const text = environment[name]
    if (!text) return []
    try {
      return [parseAccount(text)]
    } catch (error) {
      throw new InvalidArgumentError(`${name}: ${(error as Error).message}`)
    }
  })
}

function takeProbes(probes: readonly Credentials[]): readonly [Credentials, Credentials] {
  const [first, second] = probes
  if (!first || !second || probes.length > 2 || first.username === second.username)
    throw new InvalidArgumentError(
      'two accounts of different names are needed: SMILEPOST_PROBE_1=NAME:PASSWORD and SMILEPOST_PROBE_2=NAME:PASSWORD in the environment, or --accounts FILE',
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

/**
 * @param environment SMILEPOST_PROBE_1, SMILEPOST_PROBE_2 and SMILEPOST_WITNESS, each name:password, where no option names accounts
 * @throws InvalidArgumentError for options that do not say what to check; ConfigError and AppError `file-failed` for files
 */
export async function listBrokersToCheck(
  urls: string[],
  options: CheckOptions,
  environment: Environment = process.env,
): Promise<BrokerToCheck[]> {
  if ((options.config === undefined) === (urls.length === 0))
    throw new InvalidArgumentError('either URLs or --config FILE must say which brokers to check')
  if (options.config !== undefined) return readConfig(options.config)
  // Not repeated: what is wrong with it may be the password in it.
  const bad = urls.findIndex((url) => !isBrokerUrl(url))
  if (bad >= 0) throw new InvalidArgumentError(`URL ${bad + 1} is not ${brokerUrlExpected}`)
  const [accounts, ca] = [await takeAccounts(options, environment), await readCa(options.ca)]
  return urls.map((url) => ({ url, ...ca, ...accounts }))
}
