/**
 * Who may do what on the embedded broker. One identity in three places: topic level = user name = client id. A terminal publishes its
 * own up topics and reads its own down topics, each by its full name; everything else is refused.
 */
import { maxPayloadBytes } from '../../contracts/limits.ts'
import { isDownLeaf, isUpLeaf, parseTopic, type UpLeaf } from '../../contracts/topics.ts'

export type Refusal =
  | 'protocol-version'
  | 'session-not-clean'
  | 'bad-client-id'
  | 'id-is-not-username'
  | 'secret-missing'
  | 'foreign-will'
  | 'wrong-secret'
  | 'foreign-publish'
  | 'qos-2'
  | 'retained'
  | 'payload-too-large'
  | 'foreign-subscribe'

type Will = { topic: string; payload: Uint8Array | string; qos?: number | undefined; retain?: boolean | undefined }
export type Connecting = {
  clientId: string
  username?: string | undefined
  password?: Uint8Array | string | undefined
  clean?: boolean | undefined
  protocolId?: string | undefined
  protocolVersion?: number | undefined
  will?: Will | undefined
}

const terminalPattern = /^[a-z0-9][a-z0-9-]{0,39}$/
const maxSecretBytes = 256

/**
 * @returns why a CONNECT can't be let in, before its secret is looked at.
 * Sessions must be clean: aedes stores all topics of a SUBSCRIBE for a kept session, the denied ones too, and delivers them later.
 */
export function refuseConnect(packet: Connecting): Refusal | null {
  if (packet.protocolId !== 'MQTT' || packet.protocolVersion !== 4) return 'protocol-version'
  if (!terminalPattern.test(packet.clientId)) return 'bad-client-id'
  if (packet.username !== packet.clientId) return 'id-is-not-username'
  if (packet.clean !== true) return 'session-not-clean'
  const secretLength = packet.password?.length ?? 0
  if (secretLength === 0 || secretLength > maxSecretBytes) return 'secret-missing'
  return packet.will && refuseWill(packet.clientId, packet.will) ? 'foreign-will' : null
}

/** A will is authorised by aedes only when it is fired, long after the CONNECT that brought it. */
function refuseWill(terminal: string, will: Will): boolean {
  const isOwnStatus = parseTopic(will.topic)?.terminal === terminal && parseTopic(will.topic)?.leaf === 'status'
  return !isOwnStatus || will.payload.length > maxPayloadBytes || (will.qos ?? 0) > 1 || will.retain === true
}

/** @returns the leaf when a terminal may publish to a topic */
export function findUpLeaf(terminal: string, topic: string): UpLeaf | null {
  const parsed = parseTopic(topic)
  return parsed && parsed.terminal === terminal && isUpLeaf(parsed.leaf) ? parsed.leaf : null
}

/** The same rule for a subscription and for each message on its way to a subscriber. Wildcards and `$SYS` are no topics of ours. */
export function mayRead(terminal: string, topic: string): boolean {
  const parsed = parseTopic(topic)
  return parsed !== null && parsed.terminal === terminal && isDownLeaf(parsed.leaf)
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}
