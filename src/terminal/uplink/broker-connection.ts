import { maxPayloadBytes } from '../../contracts/limits.ts'
import { formatMessage } from '../../contracts/parse-message.ts'
import { downLeaves, makeTopic, type UpLeaf } from '../../contracts/topics.ts'
import type { Clock } from '../../shared/clock.ts'
import { endInTime, openMqttClient } from '../../shared/mqtt-client.ts'
import type { ShownCertificate } from '../../shared/pinned-socket.ts'
import { explainFailure, type Failure, type LeaveReason } from './explain-failure.ts'
import { judgeDates, judgeKey } from './judge-certificate.ts'

export type BrokerConnectionOptions = {
  url: string
  /** User name, client id and topic level in one (contracts.md §3). */
  terminal: string
  secret: string
  /** Certificates, as PEM, that alone may have signed that of the broker; absent: those Node trusts. */
  ca?: string
  /** Keys that alone may be the broker's, in place of all that a certificate says otherwise; empty: it has to be good as a whole. */
  pins: readonly string[]
  /** The time as far as anybody told it in this boot, null while nobody did. */
  knownUtcMs: () => number | null
  /** Random name of this connection, so that a late will of another one is told apart. */
  connection: string
  keepaliveSeconds: number
  /** From the start of the attempt to the granted subscriptions. */
  deadlineMs: number
  clock: Pick<Clock, 'wallMs'>
  /** Subscribed and ready to publish. */
  onUp: () => void
  onMessage: (topic: string, payload: Uint8Array) => void
  /** Once, when the attempt failed or the connection ended; not after `close`. */
  onDown: (failure: Failure) => void
  onPublishFailed: () => void
}

export type BrokerConnection = {
  /** @returns false where there is no connection: nothing is ever queued */
  publish(leaf: UpLeaf, text: string): boolean
  /** The central has told the time. @returns whether the broker's certificate is good by it; where it is not, the broker is left */
  noteTime(utcMs: number): boolean
  /** Ends at once, without a goodbye, so that the broker publishes the will. */
  leave(reason: LeaveReason, text: string): void
  /** Says offline, and ends in an orderly way when that takes no longer than `deadlineMs`. */
  close(deadlineMs: number): Promise<void>
}

/** Publishes without a PUBACK, which mqtt.js keeps in memory: many times what an honest broker leaves open, since batches go one by one. */
const maxUnconfirmed = 32

/** Opens one connection to one broker, by a client object of its own; it never comes back by itself. */
export function openBrokerConnection(options: BrokerConnectionOptions): BrokerConnection {
  const { terminal, connection, deadlineMs, clock, onUp, onMessage, onDown, onPublishFailed } = options
  let isOver = false
  let isTaken = false
  let unconfirmed = 0
  let shown: ShownCertificate | null = null
  const client = openMqttClient({
    ...{ url: options.url, clientId: terminal, username: terminal, password: options.secret, ca: options.ca },
    judge: options.pins.length > 0 ? judge : undefined,
    ...{ keepaliveSeconds: options.keepaliveSeconds, connectDeadlineMs: deadlineMs, maxPayloadBytes, onBreach: leave },
    writeCache: false,
    will: {
      topic: makeTopic(terminal, 'status'),
      payload: Buffer.from(formatMessage({ status: 'offline', connection })),
      ...{ qos: 1, retain: false },
    },
  })
  const deadline = setTimeout(() => {
    const missing = isTaken ? 'granted no subscription' : 'took us not at all'
    leave('connect-timeout', `the broker ${missing} within ${deadlineMs} ms`)
  }, deadlineMs)

  function end(): void {
    isOver = true
    clearTimeout(deadline)
  }

  function fail(failure: Failure): void {
    if (isOver) return
    end()
    client.end(true)
    onDown(failure)
  }

  function leave(reason: LeaveReason, text: string): void {
    fail({ reason, text })
  }

  /** Once the time is known a certificate out of its time is refused before it gets a name or a secret; until then the key must do. */
  function judge(certificate: ShownCertificate): boolean {
    const utcMs = options.knownUtcMs()
    const failure = judgeKey(certificate, options.pins) ?? (utcMs === null ? null : judgeDates(certificate, utcMs))
    if (failure) fail(failure)
    else shown = certificate
    return failure === null && !isOver
  }

  function noteTime(utcMs: number): boolean {
    const failure = shown && judgeDates(shown, utcMs)
    if (failure) fail(failure)
    return failure === null
  }

  function subscribe(): void {
    isTaken = true
    const topics = downLeaves.map((leaf) => makeTopic(terminal, leaf))
    client.subscribe(topics, { qos: 1 }, (error, granted = []) => {
      if (isOver) return
      // MQTT-3.8.4: 0x80 in a SUBACK is a refusal; a terminal that hears no acks is not connected.
      if (error || granted.length < topics.length || granted.some(({ qos }) => qos >= 128)) {
        leave(
          'subscribe-refused',
          'the broker does not let this terminal read its own topics; look at its access rules',
        )
        return
      }
      clearTimeout(deadline)
      onUp()
    })
  }

  function publish(leaf: UpLeaf, text: string): boolean {
    if (isOver || !client.connected) return false
    if (unconfirmed >= maxUnconfirmed) {
      leave('unconfirmed', `the broker has not confirmed the last ${maxUnconfirmed} publishes`)
      return false
    }
    unconfirmed += 1
    client.publish(makeTopic(terminal, leaf), text, { qos: 1 }, (error) => {
      unconfirmed -= 1
      if (error && !isOver) onPublishFailed()
    })
    return true
  }

  client.on('connect', subscribe)
  client.on('message', (topic, payload) => {
    if (!isOver) onMessage(topic, payload)
  })
  // None of mqtt.js's errors leaves a connection worth keeping, and after some it would wait for a broker that holds the socket open.
  client.on('error', (error) => fail(explainFailure(error, clock.wallMs())))
  client.on('close', () => {
    const hint = isTaken ? '' : ' before it took us; some do so for a wrong name or secret, or where they expect TLS'
    leave('closed', `the broker closed the connection${hint}`)
  })

  return {
    publish,
    noteTime,
    leave,
    close(closeDeadlineMs) {
      publish('status', formatMessage({ status: 'offline', connection }))
      end()
      return endInTime(client, closeDeadlineMs)
    },
  }
}
