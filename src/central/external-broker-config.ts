/** `[[broker.external]]` of the central's configuration: a broker that somebody else runs, and the central's account there. */
import { readFileSync } from 'node:fs'
import Type, { type Static } from 'typebox'
import { brokerUrlExpected, isBrokerUrl } from '../shared/broker-url.ts'

const strict = { additionalProperties: false }
const leaves = ['hello', 'batch', 'health', 'status']
const Account = Type.Object(
  { username: Type.String({ minLength: 1, maxLength: 100 }), password: Type.String({ minLength: 1, maxLength: 200 }) },
  strict,
)
const BrokerUrl = Type.Refine(Type.String(), isBrokerUrl, () => `expected ${brokerUrlExpected}`)
const Filters = Type.Refine(
  Type.Array(
    Type.String({ pattern: '^(\\$share/[^/+#]+/)?smilepost/v1/[a-z0-9+-]{1,40}/(hello|batch|health|status)$' }),
    {
      maxItems: 100,
      default: leaves.map((leaf) => `smilepost/v1/+/${leaf}`),
    },
  ),
  (filters) => leaves.every((leaf) => filters.some((filter) => filter.endsWith(`/${leaf}`))),
  () => `expected a filter for each of ${leaves.join(', ')}, such as smilepost/v1/+/batch`,
)

export const ExternalBrokerConfig = Type.Object(
  {
    url: BrokerUrl,
    username: Type.String({ minLength: 1, maxLength: 100 }),
    /** Empty: from the environment. */
    password: Type.String({ maxLength: 200, default: '' }),
    /** Left out: the user name. */
    clientId: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    /** File of PEM certificates that mqtts trusts instead of the system's. */
    ca: Type.Optional(Type.String({ minLength: 1 })),
    filters: Filters,
    /** Accounts by which the central proves at its connects that this broker keeps terminals apart. */
    check: Type.Optional(Type.Object({ witness: Account, probes: Type.Tuple([Account, Account]) }, strict)),
  },
  strict,
)
export type ExternalBrokerConfig = Static<typeof ExternalBrokerConfig>
export type Environment = Record<string, string | undefined>

/** What `smilepost broker check --accounts` reads: as `[broker.external.check]`, but for the witness, which may be left out. */
export const CheckAccounts = Type.Object(
  { witness: Type.Optional(Account), probes: Type.Tuple([Account, Account]) },
  strict,
)

/** @param environment SMILEPOST_BROKER_PASSWORD_1, _2 … of the brokers in their order win over the file; SMILEPOST_BROKER_PASSWORD is for all that have none */
export function addPasswords(
  brokers: readonly ExternalBrokerConfig[],
  environment: Environment,
): ExternalBrokerConfig[] {
  return brokers.map((broker, i) => ({
    ...broker,
    password: environment[passwordName(i)] || broker.password || environment.SMILEPOST_BROKER_PASSWORD || '',
  }))
}

/** @returns user names and client ids that are no terminal's: the central's own, and those of the check */
export function listAccounts(brokers: readonly ExternalBrokerConfig[]): Set<string> {
  return new Set(
    brokers.flatMap(({ username, clientId = username, check }) => [
      ...[username, clientId],
      ...(check ? [check.witness, ...check.probes].map((account) => account.username) : []),
    ]),
  )
}

const passwordName = (i: number) => `SMILEPOST_BROKER_PASSWORD_${i + 1}`

/**
 * Faults that matter to the running central only: who creates a terminal on the same configuration may know no password of the central's
 * and read no file of its authority.
 */
export function findMissing(brokers: readonly ExternalBrokerConfig[]): string[] {
  return brokers.flatMap(({ password, ca }, i) => [
    ...(password === ''
      ? [`broker.external.${i}.password: missing, also in the environment (${passwordName(i)})`]
      : []),
    ...(ca !== undefined && readCertificates(ca) === null
      ? [`broker.external.${i}.ca: ${ca} is no readable file of PEM certificates`]
      : []),
  ])
}

/** @returns the file's text, or null when it can't be read or holds no certificate */
export function readCertificates(path: string): string | null {
  try {
    const text = readFileSync(path, 'utf8')
    return text.includes('-----BEGIN CERTIFICATE-----') ? text : null
  } catch {
    return null
  }
}
