// A decoder written from WIRE.md alone, against the vectors and against the product's: where the two differ, the
// document is unclear or one of them is wrong.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatBatch } from '../../src/contracts/format-batch.ts'
import { parseBatch } from '../../src/contracts/parse-batch.ts'
import {
  formatMessage,
  parseAck,
  parseDesired,
  parseHealth,
  parseHello,
  parseStatus,
  parseWelcome,
} from '../../src/contracts/parse-message.ts'
import { makeTopic, parseTopic } from '../../src/contracts/topics.ts'
import { goldenBytes, readGoldenMessages } from '../support/golden-messages.ts'
import { epoch, hashText, someRecords } from '../support/record-arbitraries.ts'
import { arbitraryMessages } from './second/arbitrary-messages.ts'
import { damageBytes } from './second/damage-bytes.ts'
import { damageColumns, damageValue, eachFault } from './second/damage-json.ts'
import { type Dice, makeDice } from './second/dice.ts'
import { decodePayload, decodeTopic, type Leaf } from './second/payload.ts'
import { isSameValue } from './second/same-value.ts'
import { writeJson } from './second/write-json.ts'

type Members = Record<string, unknown>

const leaves = ['hello', 'batch', 'health', 'status', 'welcome', 'ack', 'desired'] as const
const parsers = {
  hello: parseHello,
  health: parseHealth,
  status: parseStatus,
  welcome: parseWelcome,
  ack: parseAck,
  desired: parseDesired,
}
const jsonBytes = '{}[]",:0123456789.-+eE\\u aftn\n'
const golden = readGoldenMessages()
const bytes = (text: string) => new TextEncoder().encode(text)

/** What the product reads, in the words of the second decoder. */
function parsePayload(leaf: Leaf, payload: Uint8Array): ReturnType<typeof decodePayload> {
  if (leaf !== 'batch') {
    const parsed = parsers[leaf](payload)
    return parsed.ok ? parsed : { ok: false, reason: parsed.reason }
  }
  const parsed = parseBatch(payload, hashText)
  if (parsed.ok) return { ok: true, value: parsed.batch }
  return { ok: false, reason: parsed.reason, ...(parsed.only && { lone: parsed.only }) }
}

/** Requires that both read a payload alike, and gives the verdict. */
function agreedVerdict(leaf: Leaf, payload: Uint8Array): string {
  const product = parsePayload(leaf, payload)
  const second = decodePayload(leaf, payload)
  if (!isSameValue(product, second)) expect({ payload: Buffer.from(payload).toString(), product }).toEqual({ second })
  return second.ok ? 'ok' : second.reason
}

const lostRange = fc.record({
  epoch,
  from: fc.integer({ min: 1 }),
  to: fc.integer({ min: 1 }),
  cause: fc.constantFrom('trimmed' as const, 'corrupt' as const, 'poison' as const),
})
const arbitraryBatch = fc
  .record({ epoch, some: someRecords, lost: fc.array(lostRange, { maxLength: 3 }) })
  .map(({ some, ...rest }) => ({ ...rest, ...some }))

/** Payloads that are good: the vectors and what the product formats. */
function goodPayload(leaf: Leaf): fc.Arbitrary<string> {
  const vectors = golden.filter((each) => each.leaf === leaf && each.verdict === 'ok' && each.payload !== undefined)
  const formatted =
    leaf === 'batch'
      ? arbitraryBatch.map((batch) => formatBatch(batch, hashText))
      : arbitraryMessages[leaf].map((message) => formatMessage(message as Parameters<typeof formatMessage>[0]))
  return fc.oneof(fc.constantFrom(...vectors.map((each) => each.payload ?? '')), formatted)
}

/** WIRE.md §6.3 anew, so that damage gets past the hash. */
function writeHashed({ hash: _, ...members }: Members, dice: Dice, noise: number): string {
  const body = writeJson(members, dice, noise).trimEnd().slice(0, -1)
  return `${body},"hash":"${hashText(body)}"}`
}

function damagePayload(leaf: Leaf, payload: string, dice: Dice): Uint8Array {
  const value = JSON.parse(payload) as Members
  if (leaf === 'batch' && dice.chance(0.4)) damageColumns(value, dice)
  else if (dice.chance(0.7)) damageValue(value, dice)
  const noise = dice.pick([0, 0, 0.05, 0.3])
  const said = dice.chance(0.03) ? dice.pick(Object.values(value)) : value
  const isHashed = leaf === 'batch' && said === value && dice.chance(0.9)
  const text = isHashed ? writeHashed(value, dice, noise) : writeJson(said, dice, noise)
  const padding = dice.chance(0.05) ? 32_768 + dice.below(2) - Buffer.byteLength(text) : 0
  const whole = bytes(`${' '.repeat(Math.max(0, padding))}${text}`)
  if (!dice.chance(0.15)) return whole
  const hit = dice.chance(0.3) ? Math.max(0, whole.length - 30) : 0
  return Buffer.concat([whole.subarray(0, hit), damageBytes(whole.subarray(hit), dice, jsonBytes)])
}

describe('the decoder written from WIRE.md alone', () => {
  it.each(golden)('reads the vector: $name', (vector) => {
    const reading = decodePayload(vector.leaf, goldenBytes(vector))
    expect(reading.ok ? 'ok' : reading.reason).toBe(vector.verdict)
    if (reading.ok) expect(reading.value).toEqual(vector.reads)
  })

  it.each(leaves.filter((leaf) => leaf !== 'batch'))('reads every %s as it was meant', (leaf) => {
    fc.assert(
      fc.property(arbitraryMessages[leaf], (message) => {
        const text = formatMessage(message as Parameters<typeof formatMessage>[0])
        const reading = decodePayload(leaf, bytes(text))
        expect(isSameValue(reading, { ok: true, value: message }), text).toBe(true)
        expect(agreedVerdict(leaf, bytes(text))).toBe('ok')
      }),
      { numRuns: 100 },
    )
  })

  it('reads every batch as it was meant', () => {
    fc.assert(
      fc.property(arbitraryBatch, (batch) => {
        const reading = decodePayload('batch', bytes(formatBatch(batch, hashText)))
        expect(reading).toEqual({ ok: true, value: batch })
      }),
      { numRuns: 100 },
    )
  })

  it.each([
    ...['hello with all', 'welcome with retryAfter', 'ack with retryAfter', 'ack of a gap', 'ack that rejects'],
    ...[
      'desired with lights',
      'health in full',
      'health with a disk in trouble',
      'status',
      'every kind',
      'lost ranges alone',
    ],
  ])('agrees with the product about "%s" with each place wrong in turn', (name) => {
    const vector = golden.find((each) => each.name === name)
    if (vector?.payload === undefined) throw new Error(`no such vector: ${name}`)
    const isBatch = vector.leaf === 'batch'
    const verdicts = new Set<string>()
    const plain = makeDice(0)
    for (const fault of eachFault(JSON.parse(vector.payload) as Members)) {
      const text = isBatch ? writeHashed(fault, plain, 0) : writeJson(fault, plain, 0)
      verdicts.add(agreedVerdict(vector.leaf, bytes(text)))
    }
    for (const verdict of ['ok', 'bad-shape', ...(isBatch ? ['bad-columns'] : [])]) expect(verdicts).toContain(verdict)
  })

  it.each(leaves)('agrees with the product about %s, damaged in any way', (leaf) => {
    const counts = new Map<string, number>()
    fc.assert(
      fc.property(goodPayload(leaf), fc.integer(), (payload, seed) => {
        const verdict = agreedVerdict(leaf, damagePayload(leaf, payload, makeDice(seed)))
        counts.set(verdict, (counts.get(verdict) ?? 0) + 1)
      }),
      { numRuns: 500 },
    )
    const ofBatch = leaf === 'batch' ? ['bad-hash', 'bad-columns'] : []
    for (const verdict of ['ok', 'too-large', 'not-json', 'bad-shape', ...ofBatch]) {
      expect(counts.get(verdict) ?? 0, verdict).toBeGreaterThan(0)
    }
  })

  it('agrees with the product about any bytes and any JSON', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.json({ maxDepth: 4 }).map(bytes),
      fc.string({ unit: fc.constantFrom(...jsonBytes), maxLength: 12 }).map(bytes),
      fc.json({ maxDepth: 3 }).map((json) => bytes(`${json.slice(0, -1)},"hash":"${hashText(json.slice(0, -1))}"}`)),
    )
    fc.assert(
      fc.property(fc.constantFrom(...leaves), anything, (leaf, payload) => {
        expect(agreedVerdict(leaf, payload)).not.toBe('ok')
      }),
      { numRuns: 1_000 },
    )
  })

  it('reads a member that nobody knows at any depth', () => {
    const text = `{"status":"online","connection":"0123abcd","later":${'['.repeat(16_000)}${']'.repeat(16_000)}}`
    expect(agreedVerdict('status', bytes(text))).toBe('ok')
    expect(agreedVerdict('status', bytes(text.replace(']', '}')))).toBe('not-json')
  })

  it('agrees with the product about topics', () => {
    const level = fc.constantFrom(
      'smilepost',
      'v1',
      'v2',
      'a',
      't-1',
      '-t',
      'T',
      '',
      '#',
      'x'.repeat(40),
      'x'.repeat(41),
      'é',
    )
    const topic = fc.oneof(
      fc.tuple(level, fc.constantFrom(...leaves)).map(([terminal, leaf]) => makeTopic(terminal, leaf)),
      fc.array(fc.oneof(level, fc.constantFrom(...leaves)), { maxLength: 6 }).map((levels) => levels.join('/')),
      fc
        .tuple(fc.constantFrom(...leaves), fc.integer())
        .map(([leaf, seed]) => damageBytes(bytes(makeTopic('mall-3', leaf)), makeDice(seed), 'a/-#+\n'))
        .map((damaged) => Buffer.from(damaged).toString()),
    )
    fc.assert(
      fc.property(topic, (each) => {
        expect(parseTopic(each)).toEqual(decodeTopic(each) ?? null)
      }),
      { numRuns: 1_000 },
    )
  })
})
