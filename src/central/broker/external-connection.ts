import { maxPayloadBytes } from '../../contracts/limits.ts'
import { endInTime, openMqttClient } from '../../shared/mqtt-client.ts'
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

/** Answers the broker has not acknowledged yet; a broker that takes nothing more must not fill our memory. */
const maxInFlight = 2_000
/** A dead line is noticed after one and a half of these (MQTT-3.1.2-24). */
const keepaliveSeconds = 30

/** Opens one connection as the central, by a client object of its own; it never comes back by itself. */
export function openExternalConnection(options: ExternalConnectionOptions): ExternalConnection {
  const { url, clientId, username, password, ca, filters, deadlineMs } = options
  const { onUp, onDelivery, onDown, onPublishFailed } = options
  let isOver = false
  let inFlight = 0
  const client = openMqttClient({
    ...{ url, clientId, username, password, ca, keepaliveSeconds, connectDeadlineMs: deadlineMs, maxPayloadBytes },
    onBreach: (_reason, text) => fail(text),
  })
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
