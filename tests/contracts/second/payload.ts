// A second decoder of every MQTT payload, written from WIRE.md alone. It imports nothing of the product, so that a
// test in which both agree is evidence about the document and not about one piece of code.

import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { hasBatchShape, readColumns } from './batch.ts'
import * as form from './forms.ts'
import { readJsonText } from './json-text.ts'
import { MESSAGES } from './messages.ts'

export type Leaf = keyof typeof MESSAGES | 'batch'
type Reason = 'too-large' | 'not-json' | 'bad-hash' | 'bad-shape' | 'bad-columns'
/** `lone` names the record of a faulty batch of one (WIRE.md §7.2). */
type Reading =
  | { ok: true; value: unknown }
  | { ok: false; reason: Reason; lone?: { epoch: unknown; sequence: unknown } }

const MOST_BYTES = 32_768
const HASH_BYTES = ',"hash":"'.length + 16 + '"}'.length

/** Reads a payload in the order of WIRE.md §7.1; never throws. */
export function decodePayload(leaf: Leaf, payload: Uint8Array): Reading {
  if (payload.length > MOST_BYTES) return { ok: false, reason: 'too-large' }
  const value = isUtf8(payload) ? readJsonText(Buffer.from(payload).toString('utf8')) : undefined
  if (value === undefined) return { ok: false, reason: 'not-json' }
  if (leaf !== 'batch') {
    const message = MESSAGES[leaf]
    return message(value) ? { ok: true, value: form.readBy(message, value) } : { ok: false, reason: 'bad-shape' }
  }
  if (!hashHolds(payload)) return { ok: false, reason: 'bad-hash' }
  if (!hasBatchShape(value)) return { ok: false, reason: 'bad-shape', ...loneRecord(value) }
  const columns = readColumns(value)
  return columns === undefined
    ? { ok: false, reason: 'bad-columns', ...loneRecord(value) }
    : { ok: true, value: columns }
}

function hashHolds(payload: Uint8Array): boolean {
  const covered = payload.subarray(0, Math.max(0, payload.length - HASH_BYTES))
  const end = Buffer.from(payload.subarray(covered.length)).toString('latin1')
  const digits = createHash('sha256').update(covered).digest('hex').slice(0, 16)
  return end === `,"hash":"${digits}"}`
}

function loneRecord(value: unknown) {
  if (!form.isObject(value) || !form.epoch(value.epoch) || value.count !== 1 || !form.sequence(value.first)) return {}
  return { lone: { epoch: value.epoch, sequence: value.first } }
}

/** The terminal and leaf of a topic of WIRE.md §1.2; undefined where it is none. */
export function decodeTopic(topic: string): { terminal: string; leaf: Leaf } | undefined {
  const [product, version, terminal, leaf, ...rest] = topic.split('/')
  if (product !== 'smilepost' || version !== 'v1' || rest.length > 0) return undefined
  if (terminal === undefined || !form.shortName(terminal)) return undefined
  return leaf !== undefined && (leaf === 'batch' || Object.hasOwn(MESSAGES, leaf))
    ? { terminal, leaf: leaf as Leaf }
    : undefined
}
