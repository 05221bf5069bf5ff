import { hash } from 'node:crypto'
import type { Health, Hello, Status } from '../../contracts/messages.ts'
import { type Batch, parseBatch } from '../../contracts/parse-batch.ts'
import { parseHealth, parseHello, parseStatus } from '../../contracts/parse-message.ts'

/** A message that could be read. `unreadable` is a record that could not, but is alone in its batch and can be named. */
export type Arrival = { terminal: string; receivedAtMs: number } & (
  | { kind: 'batch'; batch: Batch }
  | { kind: 'unreadable'; epoch: string; sequence: number; reason: string }
  | { kind: 'hello'; hello: Hello }
  | { kind: 'health'; health: Health }
  | { kind: 'status'; status: Status }
)
/** `fault`: what may be told to the terminal, so that it sends less at a time. */
export type Refusal = { reason: string; detail: string; fault?: { epoch: string; expect: number; fault: string } }

const hashText = (text: string) => hash('sha256', text, 'hex').slice(0, 16)
const refuse = (leaf: string, reason: string, detail: string) => ({ refusal: { reason: `${leaf}-${reason}`, detail } })

function refuseSeveral({ epoch, first }: { epoch: string; first: number }, fault: string, detail: string): Refusal {
  return { reason: `batch-${fault}`, detail, fault: { epoch, expect: first, fault } }
}

type Read = { arrival: Arrival } | { refusal: Refusal }
type From = { terminal: string; receivedAtMs: number }

/** Reads the payload of a topic's leaf. Never throws: whatever can't be read is a refusal with its reason. */
export function readArrival(from: From, leaf: string, payload: Uint8Array): Read {
  switch (leaf) {
    case 'batch': {
      const parsed = parseBatch(payload, hashText)
      if (parsed.ok) return { arrival: { ...from, kind: 'batch', batch: parsed.batch } }
      if (parsed.several) return { refusal: refuseSeveral(parsed.several, parsed.reason, parsed.detail) }
      if (!parsed.only) return refuse(leaf, parsed.reason, parsed.detail)
      return { arrival: { ...from, kind: 'unreadable', ...parsed.only, reason: parsed.reason } }
    }
    case 'hello': {
      const parsed = parseHello(payload)
      if (!parsed.ok) return refuse(leaf, parsed.reason, parsed.detail)
      return { arrival: { ...from, kind: 'hello', hello: parsed.value } }
    }
    case 'health': {
      const parsed = parseHealth(payload)
      if (!parsed.ok) return refuse(leaf, parsed.reason, parsed.detail)
      return { arrival: { ...from, kind: 'health', health: parsed.value } }
    }
    case 'status': {
      const parsed = parseStatus(payload)
      if (!parsed.ok) return refuse(leaf, parsed.reason, parsed.detail)
      return { arrival: { ...from, kind: 'status', status: parsed.value } }
    }
    default:
      return { refusal: { reason: 'unknown-leaf', detail: leaf.slice(0, 40) } }
  }
}
