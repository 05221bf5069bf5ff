import type { Ack, Desired, Welcome } from '../../contracts/messages.ts'
import { type Parsed, parseAck, parseDesired, parseWelcome } from '../../contracts/parse-message.ts'
import { parseTopic } from '../../contracts/topics.ts'
import type { UplinkCounters } from './uplink-counters.ts'

export type MessageTakers = {
  takeWelcome(welcome: Welcome): void
  takeAck(ack: Ack): void
  takeDesired(desired: Desired): void
}

/** Hands a message from the broker to whom it concerns; anything else is counted by its reason. Never throws on bad input. */
export function takeMessage(
  { topic, payload, terminal }: { topic: string; payload: Uint8Array; terminal: string },
  takers: MessageTakers,
  counters: UplinkCounters,
): void {
  function hand<T>(parsed: Parsed<T>, take: (value: T) => void): void {
    if (parsed.ok) take(parsed.value)
    else counters.add(`down-${parsed.reason}`)
  }
  const address = parseTopic(topic)
  const leaf = address?.terminal === terminal ? address.leaf : null
  if (leaf === 'welcome') hand(parseWelcome(payload), takers.takeWelcome)
  else if (leaf === 'ack') hand(parseAck(payload), takers.takeAck)
  else if (leaf === 'desired') hand(parseDesired(payload), takers.takeDesired)
  else counters.add('topic-unknown')
}
