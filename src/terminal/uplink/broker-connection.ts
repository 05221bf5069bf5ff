import mqtt, { type MqttClient } from 'mqtt'
import { maxPayloadBytes } from '../../contracts/limits.ts'
import { formatMessage } from '../../contracts/parse-message.ts'
import { downLeaves, makeTopic, type UpLeaf } from '../../contracts/topics.ts'

export type BrokerConnectionOptions = {
  url: string
  /** User name, client id and topic level in one (contracts.md §3). */
  terminal: string
  secret: string
  /** Random name of this connection, so that a late will of another one is told apart. */
  connection: string
  keepaliveSeconds: number
  /** From the start of the attempt to the granted subscriptions. */
  deadlineMs: number
  /** Subscribed and ready to publish. */
  onUp: () => void
  onMessage: (topic: string, payload: Uint8Array) => void
  /** Once, when the attempt failed or the connection ended; not after `close`. */
  onDown: (reason: string) => void
  onPublishFailed: () => void
}

export type BrokerConnection = {
  /** @returns false where there is no connection: nothing is ever queued */
  publish(leaf: UpLeaf, text: string): boolean
  /** Says offline, and ends in an orderly way when that takes no longer than `deadlineMs`. */
  close(deadlineMs: number): Promise<void>
}

/** Bytes taken in without one whole packet among them; MQTT 3.1.1 has no way to tell a broker our ceiling. */
const maxUnparsedBytes = 4 * maxPayloadBytes

function connect({ url, terminal, secret, connection, keepaliveSeconds, deadlineMs }: BrokerConnectionOptions) {
  return mqtt.connect(url, {
    protocolVersion: 4,
    clean: true,
    clientId: terminal,
    username: terminal,
    password: secret,
    keepalive: keepaliveSeconds,
    connectTimeout: deadlineMs,
    // mqtt.js reconnects at a fixed interval without jitter; we open a fresh client for each connection instead, which
    // also rids us of its in-memory queue and of packet ids that begin again.
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    will: {
      topic: makeTopic(terminal, 'status'),
      payload: Buffer.from(formatMessage({ status: 'offline', connection })),
      qos: 1,
      retain: false,
    },
  })
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

/** Opens one connection to one broker, by a client object of its own; it never comes back by itself. */
export function openBrokerConnection(options: BrokerConnectionOptions): BrokerConnection {
  const { terminal, connection, deadlineMs, onUp, onMessage, onDown, onPublishFailed } = options
  let isOver = false
  let lastError = ''
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
    const topics = downLeaves.map((leaf) => makeTopic(terminal, leaf))
    client.subscribe(topics, { qos: 1 }, (error, granted = []) => {
      if (isOver) return
      // MQTT-3.8.4: 0x80 in a SUBACK is a refusal; a terminal that hears no acks is not connected.
      if (error || granted.some(({ qos }) => qos >= 128)) {
        fail(`subscription refused: ${error?.message ?? ''}`)
        return
      }
      clearTimeout(deadline)
      onUp()
    })
  }

  function publish(leaf: UpLeaf, text: string): boolean {
    if (isOver || !client.connected) return false
    client.publish(makeTopic(terminal, leaf), text, { qos: 1 }, (error) => {
      if (error && !isOver) onPublishFailed()
    })
    return true
  }

  boundIncoming(client, () => fail('the broker sends more than any packet of ours has'))
  client.on('connect', subscribe)
  client.on('message', (topic, payload) => {
    if (!isOver) onMessage(topic, payload)
  })
  client.on('error', (error) => {
    lastError = error.message
    // A broker that refused us may keep the socket open; mqtt.js would wait with it.
    if (!client.connected) fail(lastError)
  })
  client.on('close', () => fail(lastError || 'connection closed'))

  return {
    publish,
    close(closeDeadlineMs) {
      publish('status', formatMessage({ status: 'offline', connection }))
      isOver = true
      clearTimeout(deadline)
      return endInTime(client, closeDeadlineMs)
    },
  }
}

function endInTime(client: MqttClient, deadlineMs: number): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => client.end(true, {}, () => resolve()), deadlineMs)
    const finish = () => {
      clearTimeout(force)
      resolve()
    }
    client.end(!client.connected, {}, finish)
  })
}
