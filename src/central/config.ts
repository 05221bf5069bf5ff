/** The central's configuration: TOML, every key with a default, unknown keys refused. `config/central.toml` explains each. */
import { join } from 'node:path'
import Type, { type Static } from 'typebox'
import { ConfigError, loadConfigFile, parseConfig } from '../shared/config-file.ts'
import {
  addMailPassword,
  addOidcSecret,
  findMailFaults,
  findOidcFaults,
  MailConfig,
  OidcConfig,
} from './account-config.ts'
import { addPasswords, type Environment, ExternalBrokerConfig, findMissing } from './external-broker-config.ts'

const loopbackNames = ['127.0.0.1', '::1', 'localhost']
const loopbackExpected = `expected one of ${loopbackNames.join(', ')}: without accounts and TLS the central listens on this machine only`

/**
 * Until there are accounts and TLS, whoever reaches these ports may read everything and press for any terminal, so that any
 * other address is refused (architecture.md, "Errors, config, wiring").
 */
const LoopbackHost = Type.Refine(
  Type.String({ default: '127.0.0.1' }),
  (host) => loopbackNames.includes(host),
  () =>
    `expected one of ${loopbackNames.join(', ')}: without accounts and TLS the central listens on this machine only`,
)
/** Others reach the central through a proxy on this machine, which has the certificate; plain HTTP would show their passwords. */
const PublicUrl = Type.Refine(
  Type.String(),
  (text) => parsePublicUrl(text) !== null,
  () =>
    'expected the address that people open, such as https://smilepost.example.org; no path, and https unless it is this machine',
)

function parsePublicUrl(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null
  const isBare = url !== null && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopbackNames.includes(url.hostname))
  return isBare && isSafe ? url : null
}

/** 0 takes a free port. */
const port = (number: number) => Type.Integer({ minimum: 0, maximum: 65_535, default: number })
const strict = { additionalProperties: false }
const section = { ...strict, default: {} }

export const CentralConfig = Type.Object(
  {
    /** Folder of the database; created when missing. Relative paths count from the working directory. */
    data: Type.String({ minLength: 1, default: 'smilepost-data' }),
    http: Type.Object({ host: LoopbackHost, port: port(8080), publicUrl: Type.Optional(PublicUrl) }, section),
    broker: Type.Object(
      {
        /** The built-in broker, on `host` and `port`. */
        embedded: Type.Boolean({ default: true }),
        host: LoopbackHost,
        port: port(1883),
        /** Brokers of others, beside or instead of the built-in one. */
        external: Type.Array(ExternalBrokerConfig, { maxItems: 16, default: [] }),
      },
      section,
    ),
    mail: Type.Optional(MailConfig),
    oidc: Type.Optional(OidcConfig),
    log: Type.Object(
      {
        level: Type.Refine(
          Type.Unsafe<'debug' | 'info' | 'warn' | 'error' | 'silent'>(Type.String({ default: 'info' })),
          (level) => ['debug', 'info', 'warn', 'error', 'silent'].includes(level),
          () => 'expected debug, info, warn, error or silent',
        ),
      },
      section,
    ),
  },
  strict,
)
export type CentralConfig = Static<typeof CentralConfig>

/**
 * @param path of a TOML file; without one the defaults hold
 * @param environment passwords of external brokers, the mail server and the OpenID provider, which win over the file's
 * @throws ConfigError listing every fault
 */
export function loadCentralConfig(path?: string, environment: Environment = process.env): CentralConfig {
  if (path === undefined) return parseCentralConfig('', 'defaults', environment)
  return complete(loadConfigFile<typeof CentralConfig>(CentralConfig, path), path, environment)
}

/** @throws ConfigError listing every fault */
export function parseCentralConfig(text: string, source: string, environment: Environment = {}): CentralConfig {
  return complete(parseConfig<typeof CentralConfig>(CentralConfig, text, source), source, environment)
}

function complete(config: CentralConfig, source: string, environment: Environment): CentralConfig {
  const { embedded, external } = config.broker
  const faults: string[] = []
  if (!embedded && external.length === 0)
    faults.push('broker: no broker at all; expected embedded = true or at least one [[broker.external]]')
  if (new Set(external.map(({ url }) => url)).size < external.length)
    faults.push('broker.external: a URL stands there twice')
  if (faults.length > 0) throw new ConfigError(source, faults)
  const mail = config.mail && { mail: addMailPassword(config.mail, environment) }
  const oidc = config.oidc && { oidc: addOidcSecret(config.oidc, environment) }
  return { ...config, ...mail, ...oidc, broker: { ...config.broker, external: addPasswords(external, environment) } }
}

/** The database file of a configuration; the command line opens it too. */
export function centralDatabase({ data }: CentralConfig): string {
  return join(data, 'central.sqlite')
}

/**
 * What only a running central needs, and what a configuration that did not come through `parseCentralConfig` may hold.
 *
 * @throws ConfigError naming each address that is not of this machine, and each external broker without a password or its certificates
 */
export function refuseUnusable({ http, broker, mail, oidc }: CentralConfig): void {
  const faults = Object.entries({ http, broker })
    .filter(([, { host }]) => !loopbackNames.includes(host))
    .map(([name]) => `${name}.host: ${loopbackExpected}`)
  faults.push(
    ...findMissing(broker.external),
    ...(mail ? findMailFaults(mail) : []),
    ...(oidc ? findOidcFaults(oidc) : []),
  )
  if (faults.length > 0) throw new ConfigError('configuration', faults)
}
