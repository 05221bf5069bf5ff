import mqtt, { type MqttClient } from 'mqtt'
import { maxPayloadBytes } from '../../contracts/limits.ts'
import type { Delivery } from './read-delivery.ts'

export type ExternalConnectionOptions = {
  url: string
  username: string
  password: string
  clientId: string
  /** PEM certificates that `mqtts` trusts instead of the system's. */
  ca?: string | undefined
  filters: readonly string[]
  /** From the start of the attempt to the granted subscriptions. */
  deadlineMs: number
  onUp(): void
  onDelivery(delivery: Delivery): void
  /** Once, when the attempt failed or the connection ended; not after `close`. */
  onDown(reason: string): void
  onPublishFailed(): void
}
export type ExternalConnection = {
  /** @returns why nothing was sent: nothing is ever queued for later */
  publish(topic: string, payload: string): 'sent' | 'disconnected' | 'busy'
  close(deadlineMs: number): Promise<void>
}

/** Bytes taken in without one whole packet among them; MQTT 3.1.1 has no way to tell a broker our ceiling. */
const maxUnparsedBytes = 4 * maxPayloadBytes
/** Answers the broker has not acknowledged yet; a broker that takes nothing more must not fill our memory. */
const maxInFlight = 2_000
/** A dead line is noticed after one and a half of these (MQTT-3.1.2-24). */
const keepaliveSeconds = 30

function connect({ url, username, password, clientId, ca, deadlineMs }: ExternalConnectionOptions): MqttClient {
  return mqtt.connect(url, {
    ...{ protocolVersion: 4, clean: true, clientId, username, password },
    ...{ keepalive: keepaliveSeconds, connectTimeout: deadlineMs },
    ...(ca === undefined ? {} : { ca }),
    // mqtt.js comes back at a fixed interval and repeats its memory then; every connection has a client of its own instead.
    ...{ reconnectPeriod: 0, resubscribe: false, queueQoSZero: false },
  })
}

/** With Nagle's algorithm an answer waits for the broker's delayed TCP acknowledgement of the PUBACK before it: 40 ms. */
function sendAtOnce({ stream }: MqttClient): void {
  if ('setNoDelay' in stream && typeof stream.setNoDelay === 'function') stream.setNoDelay(true)
}

function boundIncoming(client: MqttClient, onTooMuch: () => void): void {
  let unparsedBytes = 0
  client.on('packetreceive', () => {
    unparsedBytes = 0
  })
  client.stream.on('data', (chunk: Uint8Array) => {
    unparsedBytes += chunk.byteLength
    if (unparsedBytes > maxUnparsedBytes) onTooMuch()
  })
}

/** Opens one connection as the central, by a client object of its own; it never comes back by itself. */
export function openExternalConnection(options: ExternalConnectionOptions): ExternalConnection {
  const { deadlineMs, filters, onUp, onDelivery, onDown, onPublishFailed } = options
  let isOver = false
  let inFlight = 0
  const client = connect(options)
  const deadline = setTimeout(() => fail(`not subscribed within ${deadlineMs} ms`), deadlineMs)

  function fail(reason: string): void {
    if (isOver) return
    isOver = true
    clearTimeout(deadline)
    client.end(true)
    onDown(reason)
  }

  function subscribe(): void {
    client.subscribe([...filters], { qos: 1 }, (error, granted = []) => {
      if (isOver) return
      // 0x80 in a SUBACK is a refusal (MQTT-3.9.3-2); a central that hears no terminal is not connected.
      const refused = granted.filter(({ qos }) => qos >= 128).map(({ topic }) => topic)
      if (error || refused.length > 0 || granted.length === 0)
        return fail(`subscription refused: ${refused.join(', ') || error?.message || 'none granted'}`)
      clearTimeout(deadline)
      onUp()
    })
  }

  sendAtOnce(client)
  boundIncoming(client, () => fail('the broker sends more than any packet of ours has'))
  client.on('connect', subscribe)
  // mqtt.js sends the PUBACK by itself after this: the terminal counts on the central's own ack, not on the broker's.
  client.on('message', (topic, payload, { retain }) => {
    if (!isOver) onDelivery({ topic, payload, retain })
  })
  // A broker that refused us may keep the socket open, and so does mqtt.js after bytes that are no MQTT, deaf from then on.
  client.on('error', (error) => fail(error.message))
  client.on('close', () => fail('connection closed'))

  return {
    publish(topic, payload) {
      if (isOver || !client.connected) return 'disconnected'
      if (inFlight >= maxInFlight) return 'busy'
      inFlight += 1
      client.publish(topic, payload, { qos: 1 }, (error) => {
        inFlight -= 1
        if (error && !isOver) onPublishFailed()
      })
      return 'sent'
    },
    close(closeDeadlineMs) {
      isOver = true
      clearTimeout(deadline)
      return endInTime(client, closeDeadlineMs)
    },
  }
}

function endInTime(client: MqttClient, deadlineMs: number): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => client.end(true, {}, () => resolve()), deadlineMs)
    client.end(!client.connected, {}, () => {
      clearTimeout(force)
      resolve()
    })
  })
}
