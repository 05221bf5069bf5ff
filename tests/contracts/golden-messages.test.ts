/** The vectors of WIRE.md §10, and the example of §6.4, against the product's own readers and writer. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatBatch } from '../../src/contracts/format-batch.ts'
import { type Batch, parseBatch } from '../../src/contracts/parse-batch.ts'
import {
  parseAck,
  parseDesired,
  parseHealth,
  parseHello,
  parseStatus,
  parseWelcome,
} from '../../src/contracts/parse-message.ts'
import { type GoldenMessage, goldenBytes, readGoldenMessages } from '../support/golden-messages.ts'
import { hashText } from '../support/record-arbitraries.ts'

const parsers = {
  hello: parseHello,
  welcome: parseWelcome,
  ack: parseAck,
  desired: parseDesired,
  health: parseHealth,
  status: parseStatus,
}
const vectors = readGoldenMessages()

function read(vector: GoldenMessage): { verdict: string; reads?: unknown } {
  const bytes = goldenBytes(vector)
  if (vector.leaf === 'batch') {
    const parsed = parseBatch(bytes, hashText)
    return parsed.ok ? { verdict: 'ok', reads: parsed.batch } : { verdict: parsed.reason }
  }
  const parsed = parsers[vector.leaf](bytes)
  return parsed.ok ? { verdict: 'ok', reads: parsed.value } : { verdict: parsed.reason }
}

describe('golden messages', () => {
  it('are all of them there, with good and bad ones of every leaf', () => {
    expect(vectors.length).toBeGreaterThan(150)
    for (const leaf of ['batch', ...Object.keys(parsers)]) {
      const verdicts = vectors.filter((vector) => vector.leaf === leaf).map(({ verdict }) => verdict === 'ok')
      expect(verdicts).toContain(true)
      expect(verdicts).toContain(false)
    }
  })

  it.each(vectors.map((vector) => [vector.leaf, vector.name, vector] as const))('%s: %s', (_, __, vector) => {
    expect(read(vector)).toEqual({ verdict: vector.verdict, ...('reads' in vector && { reads: vector.reads }) })
  })

  it('are written byte for byte by the product', () => {
    // What only a sender of another kind would write: members unknown to us, other forms of numbers, white space, empty columns.
    const others = /nobody knows|other forms|white space|empty column/
    const batches = vectors.filter(
      ({ leaf, verdict, name }) => leaf === 'batch' && verdict === 'ok' && !others.test(name),
    )
    expect(batches.length).toBeGreaterThan(10)
    for (const { payload, reads } of batches) expect(formatBatch(reads as Batch, hashText)).toBe(payload)
  })

  it('has the example of WIRE.md among them', () => {
    const text = readFileSync(join(import.meta.dirname, '../../src/contracts/WIRE.md'), 'utf8')
    const example = /^\{"epoch":.*\}$/m.exec(text)?.[0]
    expect(vectors.find(({ payload }) => payload === example)).toMatchObject({ verdict: 'ok', leaf: 'batch' })
  })
})
