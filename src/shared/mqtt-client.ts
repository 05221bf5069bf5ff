import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { openPinnedSocket, type ShownCertificate } from './pinned-socket.ts'

export type MqttClientOptions = {
  /** Without credentials in it. */
  url: string
  clientId: string
  username: string
  password: string
  /** PEM certificates that `mqtts` trusts instead of the system's. */
  ca?: string | undefined
  /** For `mqtts` and `wss`: decides by what the broker shows, in place of authorities, name and dates, and before anything is sent. */
  judge?: ((shown: ShownCertificate) => boolean) | undefined
  keepaliveSeconds: number
  /** From the start of the attempt to the CONNACK. */
  connectDeadlineMs: number
  will?: NonNullable<IClientOptions['will']>
  /** mqtt.js makes the bytes of all 65,536 packet ids beforehand: 8 MB for a little speed. Off, it is for the whole process. */
  writeCache?: boolean
  /** Largest payload an honest broker has for us. */
  maxPayloadBytes: number
  /** The broker sends what mqtt.js would take into memory without end; perhaps more than once, and the client must be ended then. */
  onBreach(reason: 'flooded' | 'not-mqtt', text: string): void
}

/**
 * A client of an MQTT 3.1.1 broker for one connection with a clean session: it never comes back by itself, queues nothing while
 * disconnected, and takes in a bounded amount. It subscribes with QoS 0 or 1 only.
 */
export function openMqttClient(options: MqttClientOptions): MqttClient {
  const { url, clientId, username, password, ca, judge, keepaliveSeconds, connectDeadlineMs, will } = options
  const client = connect(url, judge, {
    ...{ protocolVersion: 4, clean: true, clientId, username, password },
    writeCache: options.writeCache ?? true,
    ...{ keepalive: keepaliveSeconds, connectTimeout: connectDeadlineMs },
    // mqtt.js reconnects at a fixed interval without jitter, and sends again what it remembers. A fresh client for each connection also
    // begins with packet ids anew.
    ...{ reconnectPeriod: 0, resubscribe: false, queueQoSZero: false },
    ...(ca === undefined ? {} : { ca }),
    ...(will && { will }),
  })
  sendAtOnce(client)
  boundIncoming(client, options)
  return client
}

function connect(url: string, judge: MqttClientOptions['judge'], options: IClientOptions): MqttClient {
  const { protocol, hostname, port } = new URL(url)
  if (!judge || !['mqtts:', 'wss:'].includes(protocol)) return mqtt.connect(url, options)
  // The brackets of an IPv6 address belong to the URL.
  const host = hostname.replace(/^\[|\]$/g, '')
  const open = () =>
    openPinnedSocket({ host, port: port === '' ? (protocol === 'wss:' ? 443 : 8883) : Number(port), judge })
  if (protocol === 'wss:') return mqtt.connect(url, { ...options, wsOptions: { createConnection: open } })
  const client = new mqtt.MqttClient(open, options)
  // As mqtt.connect does: an error that comes after the last listener has gone must not end the process.
  client.on('error', () => undefined)
  return client
}

/** With Nagle's algorithm a packet waits for the broker's delayed TCP acknowledgement of the one before it: 40 ms. */
function sendAtOnce({ stream }: MqttClient): void {
  if ('setNoDelay' in stream && typeof stream.setNoDelay === 'function') stream.setNoDelay(true)
}

/** Against a packet that never ends, since MQTT 3.1.1 has no way to tell a broker our ceiling, and QoS 2 messages never released. */
function boundIncoming(client: MqttClient, { maxPayloadBytes, onBreach }: MqttClientOptions): void {
  let unparsedBytes = 0
  client.on('packetreceive', (packet) => {
    unparsedBytes = 0
    // MQTT-3.8.4-6: never above the QoS that was granted.
    if (packet.cmd === 'publish' && packet.qos === 2)
      onBreach('not-mqtt', 'the broker sends with a QoS it did not grant')
  })
  client.stream.on('data', (chunk: Uint8Array) => {
    unparsedBytes += chunk.byteLength
    if (unparsedBytes > 4 * maxPayloadBytes) onBreach('flooded', 'the broker sends more than any packet for us has')
  })
}

/** Ends in an orderly way, or by force when that takes longer than `deadlineMs` or there is no connection. */
export function endInTime(client: MqttClient, deadlineMs: number): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => client.end(true, {}, () => resolve()), deadlineMs)
    client.end(!client.connected, {}, () => {
      clearTimeout(force)
      resolve()
    })
  })
}
