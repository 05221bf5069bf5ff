import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect as connectTcp } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { DaemonState } from '../../contracts/http/kiosk.ts'
import { systemClock } from '../../shared/clock.ts'
import type { TerminalConfig } from '../../terminal/config.ts'
import { orderBrokers } from '../../terminal/uplink/broker-choice.ts'
import { explainFailure, type Failure } from '../../terminal/uplink/explain-failure.ts'
import { brokerTexts } from './broker-texts.ts'
import { readOutboxAccount } from './check-outbox.ts'
import { type Check, type Facts, type Finding, makeFinding, type ShowStep } from './finding.ts'
import { probeBroker } from './probe-broker.ts'
import type { Scene } from './scene.ts'

const find = (code: keyof typeof brokerTexts, facts: Facts) => makeFinding('broker', code, brokerTexts[code], facts)
const patienceMs = 10_000
/** Health is answered every five minutes. */
const silentMs = 11 * 60_000
const randomHex = (digits: number) =>
  randomBytes(Math.ceil(digits / 2))
    .toString('hex')
    .slice(0, digits)

/**
 * The way to the central. A daemon that runs is asked how it fares: a second client under its name would push it off the broker. Of its
 * other brokers only the door is tried then. Without a daemon doctor goes the whole way itself.
 */
export function makeBrokerCheck(scene: Scene): Check {
  return { name: 'broker', run: (showStep) => checkBrokers(scene, showStep) }
}

async function checkBrokers(scene: Scene, showStep: ShowStep): Promise<Finding[]> {
  const { config, daemon, hasSecret } = scene
  if (daemon.kind === 'silent') return [find('daemon-silent', { pid: daemon.pid, port: daemon.port })]
  if (daemon.kind === 'running') {
    const { url } = daemon.state.broker
    const others = (config?.broker.urls ?? []).filter((other) => other !== url)
    const tried = config ? await Promise.all(others.map((other) => knock(other, config, showStep))) : []
    return [describeDaemon(daemon.state), ...tried]
  }
  if (!config) return []
  const stopped = find('daemon-stopped', {})
  if (!hasSecret) return [stopped, find('no-secret', {})]
  return [stopped, ...(await probeAll(scene, config, showStep))]
}

function describeDaemon({ upMs, broker }: DaemonState): Finding {
  const { url, welcomed, answeredAgoMs, failure } = broker
  const facts = {
    url,
    upMs,
    answeredAgoMs,
    ...(failure && { reason: failure.reason, text: failure.text, failed: failure.url }),
  }
  if (welcomed) return find((answeredAgoMs ?? 0) > silentMs ? 'silent' : 'connected', facts)
  return find(failure ? 'failed' : 'connecting', facts)
}

const readCa = ({ broker }: TerminalConfig) => (broker.ca ? { ca: readFileSync(broker.ca, 'utf8') } : {})

async function probeAll(scene: Scene, config: TerminalConfig, showStep: ShowStep): Promise<Finding[]> {
  const { terminal, broker } = config
  const epochs = readOutboxAccount(scene)?.epochs ?? []
  const findings: Finding[] = []
  for (const url of orderBrokers(broker.urls, terminal.id, broker.order)) {
    showStep(`asking the central over ${url}`)
    const result = await probeBroker({
      ...{ url, terminal: terminal.id, secret: terminal.secret, ...readCa(config), pins: broker.pins },
      ...{ epochs, clock: systemClock, randomHex, deadlineMs: patienceMs },
    })
    if (result.ok) scene.answer ??= result.answer
    findings.push(
      result.ok ? find('works', { url, roundTripMs: result.answer.roundTripMs }) : describeFailure(url, result.failure),
    )
  }
  return findings
}

const describeFailure = (url: string, { reason, text }: Failure) => find('failed', { url, failed: url, reason, text })

/** Whether somebody opens, and with TLS whether it is who it should be; nothing is said, so nobody is pushed off. */
async function knock(url: string, config: TerminalConfig, showStep: ShowStep): Promise<Finding> {
  showStep(`trying ${url}`)
  const { protocol, hostname, port } = new URL(url)
  const isTls = protocol === 'mqtts:' || protocol === 'wss:'
  const usualPort = { 'mqtt:': 1883, 'mqtts:': 8883, 'ws:': 80, 'wss:': 443 }[protocol] ?? 1883
  const host = hostname.replace(/^\[|\]$/g, '')
  const target = { host, port: port === '' ? usualPort : Number(port) }
  // Pins stand in place of authorities; the daemon looks at them when it comes there.
  const tls = { ...readCa(config), servername: host, rejectUnauthorized: config.broker.pins.length === 0 }
  return new Promise((resolve) => {
    const socket = isTls ? connectTls({ ...target, ...tls }) : connectTcp(target)
    const end = (finding: Finding) => {
      socket.destroy()
      resolve(finding)
    }
    socket.setTimeout(patienceMs, () =>
      end(describeFailure(url, { reason: 'connect-timeout', text: 'the host does not answer' })),
    )
    socket.once(isTls ? 'secureConnect' : 'connect', () => end(find('opens', { url })))
    socket.once('error', (error) => end(describeFailure(url, explainFailure(error, systemClock.wallMs()))))
  })
}
