/** The terminal's configuration: TOML, the secret also from the environment, unknown keys refused. `config/terminal.toml` explains each. */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import Type, { type Static } from 'typebox'
import { QuestionId, Sequence, TerminalId } from '../contracts/identities.ts'
import { brokerUrlExpected, isBrokerUrl } from '../shared/broker-url.ts'
import { loadConfigFile, parseConfig } from '../shared/config-file.ts'
import type { LogLevel } from '../shared/logger.ts'
import { isPin } from '../shared/pinned-socket.ts'
import type { BrokerOrder } from './uplink/broker-choice.ts'
import { usualTiming } from './uplink/timing.ts'

const strict = { additionalProperties: false }
const section = { ...strict, default: {} }
const logLevels = ['debug', 'info', 'warn', 'error', 'silent']

const described = <T>(isGood: (value: string) => boolean, message: string, initial?: string) =>
  Type.Refine(
    Type.Unsafe<T>(Type.String(initial === undefined ? {} : { default: initial })),
    (value) => isGood(value as string),
    () => `expected ${message}`,
  )

const BrokerUrl = described<string>(isBrokerUrl, brokerUrlExpected)
const brokerOrders = ['spread', 'listed']

function isCertificateFile(path: string): boolean {
  try {
    return path === '' || new X509Certificate(readFileSync(path)).subject !== undefined
  } catch {
    return false
  }
}

/** A key that is never looked at would be a promise nobody keeps. */
const hasUseForPins = (broker: { urls?: unknown; pins?: unknown }): boolean =>
  ![broker.urls, broker.pins].every(Array.isArray) ||
  (broker.pins as unknown[]).length === 0 ||
  (broker.urls as unknown[]).every((url) => /^(mqtts|wss):/.test(String(url)))

const Secret = Type.String({ minLength: 1, maxLength: 200 })
const delayMs = (initial: number) => Type.Integer({ minimum: 10, maximum: 3_600_000, default: initial })

export const TerminalConfig = Type.Object(
  {
    terminal: Type.Object(
      {
        id: TerminalId,
        secret: Secret,
        /** Folder of the outbox; created when missing. Relative paths count from the working directory. */
        data: Type.String({ minLength: 1, default: 'smilepost-terminal' }),
      },
      section,
    ),
    /** Empty: no box, touch presses only. */
    serial: Type.Object({ device: Type.String({ default: '' }) }, section),
    broker: Type.Refine(
      Type.Object(
        {
          urls: Type.Array(BrokerUrl, { minItems: 1, maxItems: 8, uniqueItems: true }),
          order: described<BrokerOrder>(
            (order) => brokerOrders.includes(order),
            `one of ${brokerOrders.join(', ')}`,
            'spread',
          ),
          /** Empty: the authorities Node trusts. */
          ca: described<string>(isCertificateFile, 'a PEM file of certificates that can be read', ''),
          /** Empty: certificates have to be good as a whole. */
          pins: Type.Array(
            described<string>(isPin, 'sha256/ and the base64 of a SHA-256, as config/terminal.toml says'),
            {
              maxItems: 16,
              uniqueItems: true,
              default: [],
            },
          ),
        },
        section,
      ),
      hasUseForPins,
      () => 'pins are for mqtts:// and wss:// alone, and one of the urls is neither',
    ),
    kiosk: Type.Object(
      {
        /** 0 takes a free port. */
        port: Type.Integer({ minimum: 0, maximum: 65_535, default: 8082 }),
        languages: Type.Array(Type.String({ pattern: '^[A-Za-z0-9-]{2,20}$' }), { maxItems: 20, default: [] }),
      },
      section,
    ),
    /** What a press answers before the central has ever said what to ask. */
    survey: Type.Object(
      {
        question: Type.String({ ...QuestionId, default: 'service' }),
        revision: Type.Integer({ ...Sequence, default: 1 }),
      },
      section,
    ),
    reconnect: Type.Object(
      {
        outageSpreadMs: delayMs(usualTiming.outageSpreadMs),
        firstDelayMs: delayMs(usualTiming.firstDelayMs),
        maxDelayMs: delayMs(usualTiming.maxDelayMs),
        connectDeadlineMs: delayMs(usualTiming.connectDeadlineMs),
        welcomeDeadlineMs: delayMs(usualTiming.welcomeDeadlineMs),
        silenceDeadlineMs: delayMs(usualTiming.silenceDeadlineMs),
        returnAfterMs: Type.Integer({ minimum: 10, maximum: 604_800_000, default: usualTiming.returnAfterMs }),
      },
      section,
    ),
    disk: Type.Object(
      {
        /** Held free for a full disk, at most an eighth of the partition; 0 holds none. */
        ballastMb: Type.Integer({ minimum: 0, maximum: 1024, default: 16 }),
        /** With less free than this, delivered presses go before their 14 days. */
        trimBelowMb: Type.Integer({ minimum: 0, maximum: 65_536, default: 64 }),
      },
      section,
    ),
    log: Type.Object(
      { level: described<LogLevel>((level) => logLevels.includes(level), `one of ${logLevels.join(', ')}`, 'info') },
      section,
    ),
  },
  strict,
)

export type TerminalConfig = Static<typeof TerminalConfig>

type Environment = { SMILEPOST_SECRET?: string | undefined }

const fromEnvironment = ({ SMILEPOST_SECRET: secret }: Environment) => (secret ? { terminal: { secret } } : {})

/**
 * @param environment its SMILEPOST_SECRET wins over the file's `terminal.secret`, so that the file may be world-readable
 * @throws ConfigError listing every fault
 */
export function loadTerminalConfig(path: string, environment: Environment = process.env): TerminalConfig {
  return loadConfigFile<typeof TerminalConfig>(TerminalConfig, path, fromEnvironment(environment))
}

/** @throws ConfigError listing every fault */
export function parseTerminalConfig(text: string, source: string, environment: Environment = {}): TerminalConfig {
  return parseConfig<typeof TerminalConfig>(TerminalConfig, text, source, fromEnvironment(environment))
}
