import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { timeMoment } from '../../../src/central/ingest/press-time.ts'
import { isSameRecord } from '../../../src/central/ingest/same-record.ts'
import { makeSeqSet } from '../../../src/central/ingest/seq-set.ts'
import { passLost, splitBatch } from '../../../src/central/ingest/split-batch.ts'
import type { Anchor } from '../../../src/central/store/port.ts'
import { someRecords } from '../../support/record-arbitraries.ts'
import { pressOf } from './ingest-harness.ts'

describe('ranges of a box', () => {
  it('hold exactly what was added, merged and ascending, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 120 }), fc.nat(100), (seqs, cut) => {
        const early = makeSeqSet([])
        for (const seq of seqs.slice(0, cut)) early.add(seq)
        const set = makeSeqSet(early.ranges())
        const known = new Set(seqs.slice(0, cut))
        for (const seq of seqs.slice(cut)) {
          expect(set.add(seq)).toBe(!known.has(seq))
          known.add(seq)
        }
        const ranges = set.ranges()
        const members = ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i))
        expect(members).toEqual([...known].sort((a, b) => a - b))
        for (const [i, range] of ranges.entries()) {
          const next = ranges[i + 1]
          if (next) expect(next.from).toBeGreaterThan(range.to + 1)
        }
      }),
    )
  })
})

describe('splitting a batch by the mark', () => {
  it('gives every record once, in order, and refuses a hole', () => {
    const first = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(first, fc.nat(20), fc.nat(60), (start, count, mark) => {
        const records = Array.from({ length: count }, (_, i) => pressOf(start + i))
        const parts = splitBatch(mark, records)
        if (count > 0 && start > mark + 1) {
          expect(parts).toBe('gap')
          return
        }
        if (parts === 'gap') throw new Error('gap without a hole')
        expect([...parts.repeats, ...parts.fresh]).toEqual(records)
        expect(parts.repeats.every((record) => record.sequence <= mark)).toBe(true)
        expect(parts.fresh.every((record, i) => record.sequence === mark + 1 + i)).toBe(true)
      }),
    )
  })

  it.each([
    [5, 6, 9, { mark: 9, missing: { from: 6, to: 9 } }],
    [5, 2, 9, { mark: 9, missing: { from: 6, to: 9 } }],
    [5, 2, 5, { mark: 5, missing: null }],
    [5, 7, 9, 'gap'],
    [0, 1, 1, { mark: 1, missing: { from: 1, to: 1 } }],
  ])('mark %i passes lost %i–%i as %o', (mark, from, to, expected) => {
    expect(passLost(mark, { from, to })).toEqual(expected)
  })
})

describe('comparing records', () => {
  it('a record is the same as itself and as its salvaged copy, and differs from any change of content', () => {
    fc.assert(
      fc.property(someRecords, ({ records }) => {
        for (const record of records) {
          expect(isSameRecord(record, { ...record, wallMs: record.wallMs + 1 })).toBe(true)
          expect(isSameRecord(record, { ...record, monoMs: record.monoMs + 1 })).toBe(false)
          expect(isSameRecord(record, { ...record, boot: 'another0' })).toBe(false)
        }
      }),
    )
    expect(isSameRecord(pressOf(1), pressOf(1, { value: 2 }))).toBe(false)
    expect(isSameRecord(pressOf(1), pressOf(1, { boxSeq: 2 }))).toBe(false)
    expect(isSameRecord(pressOf(1), pressOf(1, { surveyRevision: 2 }))).toBe(false)
    expect(isSameRecord(pressOf(1), pressOf(1, { spreadMs: 9, flags: 1 }))).toBe(true)
  })
})

describe('time of a moment', () => {
  const utcMs = Date.parse('2025-03-30T06:00:00Z')
  const anchor = (monoMs: number, errorMs: number, offMs = 0): Anchor => {
    return { boot: 'b007000a', monoMs, utcMs: utcMs + monoMs + offMs, errorMs, clock: 'exchange' }
  }

  it('adds 100 ppm of the distance and the spread to the error of the anchor', () => {
    expect(timeMoment(1_000_000, 5_000, [anchor(0, 20)])).toEqual({
      utcMs: utcMs + 1_000_000,
      errorMs: 20 + 100 + 5_000,
    })
  })

  it('is null without an anchor, without a spread, and where the result is no time of ours', () => {
    expect(timeMoment(5, 0, [])).toBeNull()
    expect(timeMoment(5, null, [anchor(0, 20)])).toBeNull()
    expect(timeMoment(Number.MAX_SAFE_INTEGER, 0, [anchor(0, 20)])).toBeNull()
    expect(timeMoment(5, Number.MAX_SAFE_INTEGER, [anchor(0, 20)])).toBeNull()
  })

  it('takes the anchor with the tightest bound of all', () => {
    const anchors = fc.uniqueArray(fc.tuple(fc.nat(10 ** 9), fc.nat(100_000)), {
      maxLength: 20,
      selector: ([at]) => at,
    })
    fc.assert(
      fc.property(anchors, fc.nat(10 ** 9), (pairs, monoMs) => {
        const sorted = pairs.sort(([a], [b]) => a - b).map(([at, errorMs], i) => anchor(at, errorMs, i))
        const bounds = sorted.map((one) => one.errorMs + Math.abs(monoMs - one.monoMs) / 10_000)
        const best = Math.ceil(Math.min(...bounds))
        expect(timeMoment(monoMs, 0, sorted)?.errorMs ?? null).toBe(sorted.length > 0 ? best : null)
      }),
    )
  })
})
