import { createHash } from 'node:crypto'
import { formatBatch } from '../../contracts/format-batch.ts'
import { maxPayloadBytes } from '../../contracts/limits.ts'
import type { TerminalRecord } from '../../contracts/records.ts'
import type { PendingBatch } from './custody.ts'

const hashText = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

/** A batch ready to be published, and the sequence whose ack says that all of it is committed. */
export type BatchPayload = {
  text: string
  epoch: string
  first: number
  last: number
  /** Of its records, in their order. */
  kinds: TerminalRecord['kind'][]
  isLost: boolean
  isPoison: boolean
}

function formatLost(batch: PendingBatch, isPoison: boolean): BatchPayload {
  const last = Math.max(...batch.lost.map((range) => range.to))
  return { ...batch, text: formatBatch(batch, hashText), last, kinds: [], isLost: true, isPoison }
}

/**
 * Formats as many of the records as fit into one payload of 32 KiB.
 *
 * A single record that does not fit can never be delivered, so it is given up as `poison` rather than left to hold all
 * later ones back for ever.
 */
export function buildPayload(batch: PendingBatch): BatchPayload {
  const { epoch, first } = batch
  if (batch.records.length === 0) return formatLost(batch, false)
  for (let count = batch.records.length; count >= 1; count = Math.floor(count / 2)) {
    const records = batch.records.slice(0, count)
    const text = formatBatch({ epoch, first, records }, hashText)
    if (Buffer.byteLength(text) <= maxPayloadBytes) {
      const kinds = records.map(({ kind }) => kind)
      return { text, epoch, first, last: first + count - 1, kinds, isLost: false, isPoison: false }
    }
  }
  return formatLost({ ...batch, records: [], lost: [{ epoch, from: first, to: first, cause: 'poison' }] }, true)
}
