import { readFileSync } from 'node:fs'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { DaemonState } from '../../contracts/http/kiosk.ts'
import { systemClock } from '../../shared/clock.ts'
import { openPinnedSocket } from '../../shared/pinned-socket.ts'
import { randomHex } from '../../shared/random-hex.ts'
import type { TerminalConfig } from '../../terminal/config.ts'
import { orderBrokers } from '../../terminal/uplink/broker-choice.ts'
import { explainFailure, type Failure } from '../../terminal/uplink/explain-failure.ts'
import { judgeKey } from '../../terminal/uplink/judge-certificate.ts'
import { brokerTexts } from './broker-texts.ts'
import { readOutboxAccount } from './check-outbox.ts'
import { type Check, type Facts, type Finding, makeFinding, type ShowStep } from './finding.ts'
import { probeBroker } from './probe-broker.ts'
import type { Scene } from './scene.ts'

const find = (code: keyof typeof brokerTexts, facts: Facts) => makeFinding('broker', code, brokerTexts[code], facts)
const patienceMs = 10_000
/** Health is answered every five minutes. */
const silentMs = 11 * 60_000

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
  return new Promise((resolve) => {
    const socket = openDoor(url, config, (failure) => end(describeFailure(url, failure)))
    const end = (finding: Finding) => {
      socket.destroy()
      resolve(finding)
    }
    socket.setTimeout(patienceMs, () =>
      end(describeFailure(url, { reason: 'connect-timeout', text: 'the host does not answer' })),
    )
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => end(find('opens', { url })))
    socket.once('error', (error) => end(describeFailure(url, explainFailure(error, systemClock.wallMs()))))
    socket.once('close', () => end(describeFailure(url, { reason: 'closed', text: 'the connection was closed' })))
  })
}

/** @param refuse is told of a key that is none of `broker.pins`, before anything else happens */
function openDoor(url: string, config: TerminalConfig, refuse: (failure: Failure) => void): Socket {
  const { protocol, hostname, port } = new URL(url)
  const usualPort = { 'mqtt:': 1883, 'mqtts:': 8883, 'ws:': 80, 'wss:': 443 }[protocol] ?? 1883
  const host = hostname.replace(/^\[|\]$/g, '')
  const target = { host, port: port === '' ? usualPort : Number(port) }
  if (protocol !== 'mqtts:' && protocol !== 'wss:') return connectTcp(target)
  const { pins } = config.broker
  // RFC 6066 §3: an address is no server name.
  if (pins.length === 0)
    return connectTls({ ...target, ...readCa(config), ...(isIP(host) === 0 && { servername: host }) })
  return openPinnedSocket({
    ...target,
    judge(shown) {
      const failure = judgeKey(shown, pins)
      if (failure) refuse(failure)
      return failure === null
    },
  })
}
