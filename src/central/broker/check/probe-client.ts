import mqtt, { type IClientOptions, type ISubscriptionGrant, type MqttClient } from 'mqtt'
import { AppError } from '../../../shared/errors.ts'

export type Credentials = { username: string; password: string }
type Heard = { topic: string; text: string; retain: boolean }
/** How the probes reach the broker. */
export type Reach = {
  url: string
  /** PEM certificates that `mqtts` trusts instead of the system's. */
  ca?: string | undefined
  /** Longest wait for any answer. */
  deadlineMs: number
  signal?: AbortSignal | undefined
}
export type ProbeOptions = {
  credentials?: Credentials | undefined
  clientId: string
  clean?: boolean
  will?: { topic: string; text: string; retain?: boolean }
}
/** `silent` is a broker that neither acknowledges nor ends the connection. */
type Outcome = 'acknowledged' | 'cut-off' | 'silent'
type Granted = 'granted' | 'refused'
export type ProbeClient = {
  isOpen(): boolean
  publish(topic: string, text: string, retain?: boolean): Promise<Outcome>
  /** Granted only where every filter is (MQTT 3.1.1 §3.9.3). */
  subscribe(filters: readonly string[]): Promise<Granted>
  unsubscribe(filters: readonly string[]): Promise<void>
  heard: readonly Heard[]
  hears(text: string): Promise<boolean>
  /** Breaks the connection without a goodbye, so that the will is due. */
  drop(): void
  end(): Promise<void>
}

/** An attempt that did not even reach a broker says nothing about its rules. */
const unreachable =
  /ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EAI_AGAIN|certificate|CERT|SSL|TLS|connack timeout/i

function makeOptions({ ca, deadlineMs }: Reach, { credentials, clientId, clean = true, will }: ProbeOptions) {
  return {
    ...{ protocolVersion: 4, clientId, clean, ...credentials, keepalive: 30, connectTimeout: deadlineMs },
    ...{ reconnectPeriod: 0, resubscribe: false, queueQoSZero: false },
    ...(ca === undefined ? {} : { ca }),
    ...(will && { will: { topic: will.topic, payload: Buffer.from(will.text), qos: 1, retain: will.retain ?? false } }),
  } as IClientOptions
}

/** Resolves with null when the broker did not let us in. */
function waitForConnect(client: MqttClient, { url, deadlineMs }: Reach): Promise<MqttClient | null> {
  return new Promise((resolve, reject) => {
    const failed = (reason: string) => reject(new AppError('broker-unreachable', `${url}: ${reason}`))
    const timer = setTimeout(() => failed(`no answer to CONNECT within ${deadlineMs} ms`), deadlineMs)
    const settle = (result: MqttClient | null) => {
      clearTimeout(timer)
      resolve(result)
    }
    client.on('error', (error: Error & { code?: unknown; errors?: Error[] }) => {
      // Node gives an AggregateError without a message when a name has several addresses.
      const text = error.message || error.errors?.map(({ message }) => message).join(', ') || String(error.code)
      if (!unreachable.test(`${text} ${error.code}`)) return settle(null)
      clearTimeout(timer)
      failed(text)
    })
    client.once('connect', () => settle(client))
    client.once('close', () => settle(null))
  })
}

/** Waits for one of several ends of a request; whatever comes first counts. */
function race<T>(client: MqttClient, onClose: T, late: T, deadlineMs: number, ask: (done: (value: T) => void) => void) {
  return new Promise<T>((resolve) => {
    const finish = (value: T) => {
      clearTimeout(timer)
      client.off('close', closed)
      resolve(value)
    }
    const closed = () => finish(onClose)
    const timer = setTimeout(() => finish(late), deadlineMs)
    client.once('close', closed)
    if (client.connected) ask(finish)
    else finish(onClose)
  })
}

/**
 * Connects with a probe's identity.
 *
 * @returns null when the broker refused the connection
 * @throws AppError `broker-unreachable` when there was nobody to refuse it
 */
export async function openProbe(reach: Reach, options: ProbeOptions): Promise<ProbeClient | null> {
  reach.signal?.throwIfAborted()
  const { deadlineMs } = reach
  const client = mqtt.connect(reach.url, makeOptions(reach, options))
  const abort = () => client.end(true)
  reach.signal?.addEventListener('abort', abort, { once: true })
  // Each wait here is for an answer to one small packet; Nagle's algorithm would make it 40 ms.
  if ('setNoDelay' in client.stream && typeof client.stream.setNoDelay === 'function') client.stream.setNoDelay(true)
  const heard: Heard[] = []
  client.on('message', (topic, payload, { retain }) => heard.push({ topic, text: payload.toString(), retain }))
  const leave = () => {
    reach.signal?.removeEventListener('abort', abort)
    client.end(true)
  }
  const isIn = await waitForConnect(client, reach).finally(() => {
    if (!client.connected) leave()
  })
  if (!isIn) return null
  return {
    heard,
    isOpen: () => client.connected,
    publish: (topic, text, retain = false) =>
      race<Outcome>(client, 'cut-off', 'silent', deadlineMs, (done) =>
        client.publish(topic, text, { qos: 1, retain }, (error) => done(error ? 'cut-off' : 'acknowledged')),
      ),
    subscribe: (filters) =>
      race<Granted>(client, 'refused', 'refused', deadlineMs, (done) =>
        client.subscribe([...filters], { qos: 1 }, (error, granted: ISubscriptionGrant[] = []) =>
          done(error || granted.some(({ qos }) => qos >= 128) ? 'refused' : 'granted'),
        ),
      ),
    async unsubscribe(filters) {
      await race<null>(client, null, null, deadlineMs, (done) => client.unsubscribe([...filters], () => done(null)))
    },
    hears: (text) => {
      const isThere = () => heard.some((one) => one.text === text)
      return race<boolean>(client, false, false, deadlineMs, (done) => {
        if (isThere()) done(true)
        client.on('message', () => isThere() && done(true))
      }).then((didHear) => didHear || isThere())
    },
    drop: () => void client.stream.destroy(),
    async end() {
      await race<null>(client, null, null, 1_000, (done) => client.end(false, {}, () => done(null)))
      leave()
    },
  }
}
