import { maxPayloadBytes } from '../../contracts/limits.ts'
import { isUpLeaf, parseTopic, type UpLeaf } from '../../contracts/topics.ts'

export type Delivery = { topic: string; payload: Uint8Array; retain: boolean }
type DeliveryRefusal = 'retained' | 'foreign-topic' | 'payload-too-large'
type Read = { ok: true; terminal: string; leaf: UpLeaf } | { ok: false; reason: DeliveryRefusal }

/**
 * Whether what an external broker delivers may go to ingest. The topic's level is the sender's name, which only the broker can vouch for.
 * A retained message is old news of nobody knows when: brokers hold nothing that matters (architecture.md, "Custody").
 */
export function readDelivery({ topic, payload, retain }: Delivery): Read {
  if (retain) return { ok: false, reason: 'retained' }
  const parsed = parseTopic(topic)
  if (!parsed || !isUpLeaf(parsed.leaf)) return { ok: false, reason: 'foreign-topic' }
  if (payload.byteLength > maxPayloadBytes) return { ok: false, reason: 'payload-too-large' }
  return { ok: true, terminal: parsed.terminal, leaf: parsed.leaf }
}
