// A decoder written from PROTOCOL.md alone, against the vectors and against the host's: where the two differ, the
// document is unclear or one of them is wrong.

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type BoxLine,
  type HostLine,
  lightModes,
  refusalReasons,
  resetCauses,
} from '../../../firmware-bridge/line/box-line.ts'
import { formatLine } from '../../../firmware-bridge/line/format-line.ts'
import { parseBoxLine, parseHostLine } from '../../../firmware-bridge/line/parse-line.ts'
import { makeLineSplitter } from '../../../firmware-bridge/serial/line-splitter.ts'
import { damageLine, faultyLines } from '../../contracts/second/damage-line.ts'
import { makeDice } from '../../contracts/second/dice.ts'
import { crcDigits, cutIntoLines, decodeLine, type From } from '../../contracts/second/serial-line.ts'
import { arbitraryBoxLine, arbitraryHostLine } from '../../support/arbitrary-lines.ts'

/** The rows of PROTOCOL.md §16, lines as bytes. */
function readVectors() {
  const text = readFileSync(new URL('../../../firmware-bridge/line/golden-lines.tsv', import.meta.url), 'utf8')
  const rows = text.split('\n').filter((row) => row !== '' && !row.startsWith('#'))
  return rows.map((row) => {
    const [from = '', line = '', verdict = '', fields = ''] = row.split('\t')
    const latin1 = line.replace(/\\x([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    return { from: from as From, line, bytes: Buffer.from(latin1, 'latin1'), verdict, fields }
  })
}

/** A line of the product under the names and codes of PROTOCOL.md §5 and §6. */
function nameFields(line: BoxLine | HostLine): Record<string, string | number> {
  switch (line.type) {
    case 'hello': {
      const {
        boxId: id,
        bootNumber: boot,
        nextSequence: next,
        pending,
        dropped,
        bad,
        boxNowMs: now,
        firmware: fw,
      } = line
      const cause = resetCauses.indexOf(line.resetCause)
      return { type: 'H', version: 1, id, boot, cause, next, pending, dropped, bad, now, fw }
    }
    case 'press': {
      const { boxId: id, sequence: seq, button, flags } = line
      return {
        type: 'E',
        id,
        seq,
        button,
        age: line.ageMs ?? '-',
        flags: Number(flags.stuck) + 2 * Number(flags.chord),
      }
    }
    case 'no-identity':
      return { type: 'N' }
    case 'wake':
      return { type: 'W' }
    case 'ack':
      return { type: 'A', id: line.boxId, seq: line.sequence, status: line.status === 'committed' ? 0 : 2 }
    case 'set-identity':
      return { type: 'S', id: line.boxId }
    case 'lights':
      return { type: 'L', mode: lightModes.indexOf(line.mode) }
  }
}

const told = (fields: Record<string, string | number>) =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')

/** Requires that both read a line alike, and gives the verdict. */
function agreedVerdict(from: From, line: Uint8Array): string {
  const text = Buffer.from(line).toString('latin1')
  const product = from === 'box' ? parseBoxLine(text) : parseHostLine(text)
  const second = decodeLine(from, line)
  const verdictOfProduct = product.ok
    ? `ok ${told(nameFields(product.line))}`
    : `${product.reason} ${product.field ?? ''}`
  const verdictOfSecond = second.ok ? `ok ${told(second.fields)}` : `${second.reason} ${second.field ?? ''}`
  if (verdictOfProduct !== verdictOfSecond) expect({ text, verdictOfProduct }).toEqual({ verdictOfSecond })
  return second.ok ? 'ok' : second.reason === 'field' ? `field ${second.field}` : second.reason
}

const lines = { box: arbitraryBoxLine, host: arbitraryHostLine } as const
const fields = {
  box: [
    'version',
    'id',
    'boot',
    'cause',
    'next',
    'pending',
    'dropped',
    'bad',
    'now',
    'fw',
    'seq',
    'button',
    'age',
    'flags',
  ],
  host: ['id', 'seq', 'status', 'mode'],
}

describe('the decoder written from PROTOCOL.md alone', () => {
  it.each(readVectors())('reads $from: $line', ({ from, bytes, verdict, fields }) => {
    const reading = decodeLine(from, bytes)
    expect(reading.ok ? 'ok' : reading.reason).toBe(verdict)
    expect(reading.ok ? told(reading.fields) : (reading.field ?? '')).toBe(fields)
  })

  it('finds the check value of PROTOCOL.md §3', () => {
    expect(crcDigits(Buffer.from('123456789'))).toBe('29B1')
  })

  it.each(['box', 'host'] as const)('reads every line of the %s as it was meant', (from) => {
    fc.assert(
      fc.property(lines[from], (line) => {
        const reading = decodeLine(from, Buffer.from(formatLine(line).slice(0, -1)))
        expect(reading.ok && told(reading.fields)).toBe(told(nameFields(line)))
      }),
      { numRuns: 500 },
    )
  })

  it('agrees with the product about every line with each field wrong in turn', () => {
    const verdicts = new Set<string>()
    for (const { from, line } of readVectors().filter(({ verdict }) => verdict === 'ok')) {
      for (const faulty of faultyLines(line)) verdicts.add(`${from} ${agreedVerdict(from, faulty)}`)
    }
    for (const from of ['box', 'host'] as const) {
      for (const name of fields[from]) expect(verdicts).toContain(`${from} field ${name}`)
    }
  })

  it.each(['box', 'host'] as const)('agrees with the product about lines of the %s, damaged in any way', (from) => {
    const counts = new Map<string, number>()
    const anyLine: fc.Arbitrary<BoxLine | HostLine> = fc.oneof(
      { weight: 12, arbitrary: lines[from] },
      { weight: 1, arbitrary: lines[from === 'box' ? 'host' : 'box'] },
    )
    fc.assert(
      fc.property(anyLine, fc.integer(), (line, seed) => {
        const verdict = agreedVerdict(from, damageLine(formatLine(line).slice(0, -1), makeDice(seed)))
        counts.set(verdict, (counts.get(verdict) ?? 0) + 1)
      }),
      { numRuns: 3_000 },
    )
    const reasons = refusalReasons.filter(
      (reason) => reason !== 'field' && reason !== 'empty' && (reason !== 'version' || from === 'box'),
    )
    for (const verdict of ['ok', ...reasons]) {
      expect(counts.get(verdict) ?? 0, verdict).toBeGreaterThan(0)
    }
  })

  it.each(['box', 'host'] as const)('agrees with the product about any bytes sent by the %s', (from) => {
    const printable = fc.integer({ min: 0x20, max: 0x7e })
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 110 }),
      fc.array(printable, { maxLength: 110 }).map((each) => Uint8Array.from(each)),
      fc
        .array(printable, { maxLength: 100 })
        .map((each) => Buffer.concat([Buffer.from(each), Buffer.from(`*${crcDigits(Uint8Array.from(each))}`)])),
    )
    fc.assert(
      fc.property(anything, (line) => {
        expect(agreedVerdict(from, line)).toMatch(/^[a-z]/)
      }),
      { numRuns: 500 },
    )
  })

  it('cuts a stream into the same lines, however it comes in pieces', () => {
    const piece = fc.oneof(
      lines.box.map((line) => Buffer.from(formatLine(line))),
      fc.uint8Array({ maxLength: 40 }),
      fc.nat(200).map((length) => Buffer.alloc(length, 'x')),
      fc.constant(Buffer.from('\n')),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.integer(), (pieces, seed) => {
        const stream = Buffer.concat(pieces)
        const verdicts: string[] = []
        const splitter = makeLineSplitter({
          onLine: (text) => verdicts.push(agreedVerdict('box', Buffer.from(text, 'latin1'))),
          onTooLong: () => verdicts.push('too-long'),
        })
        const dice = makeDice(seed)
        for (let at = 0; at < stream.length; ) {
          const to = at + 1 + dice.below(60)
          splitter.push(stream.subarray(at, to))
          at = to
        }
        expect(verdicts).toEqual(cutIntoLines(stream).map((line) => agreedVerdict('box', line)))
      }),
      { numRuns: 300 },
    )
  })
})
