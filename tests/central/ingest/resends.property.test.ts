/** However a terminal repeats, overlaps and reorders its batches, and whatever of it the central forgets to hear: each press counts once. */
import Sqlite from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TerminalRecord } from '../../../src/contracts/records.ts'
import { anchorOf, type Harness, minuteMs, openHarness, pressOf } from './ingest-harness.ts'

type Stream = { terminal: string; epoch: string; records: TerminalRecord[] }

/** Two terminals with two epochs each; the second epoch of a terminal repeats the box presses of the first from some point on. */
function makeStreams(length: number): Stream[] {
  return ['till-1', 'till-2'].flatMap((terminal, t) =>
    [0, 1].map((e) => ({
      terminal,
      epoch: `${t}${e}`.padStart(16, 'e'),
      records: Array.from({ length }, (_, i) => {
        if (i === 0) return anchorOf(1, 0)
        const boxSeq = i + e * Math.floor(length / 2)
        return pressOf(i + 1, { box: `0000000${t}`, boxSeq, monoMs: boxSeq * 7 * minuteMs, value: boxSeq % 4 })
      }),
    })),
  )
}

const slices = (streams: number, length: number) =>
  fc.array(
    fc.record({ stream: fc.nat(streams - 1), from: fc.nat(length - 1), count: fc.integer({ min: 1, max: 9 }) }),
    {
      minLength: 5,
      maxLength: 40,
    },
  )

function readDistinct(harness: Harness): unknown[] {
  const db = new Sqlite(harness.path, { readonly: true })
  const rows = db.prepare('SELECT box, box_seq, value FROM press WHERE is_repeat = 0 ORDER BY box, box_seq').all()
  db.close()
  return rows
}

describe('resends', () => {
  it('random overlapping, doubled and reordered batches give the distinct set and equal tallies', async () => {
    const length = 24
    const streams = makeStreams(length)
    let seenRepeats = 0
    const expected = new Map<string, object>()
    for (const { records } of streams) {
      for (const record of records) {
        if (record.kind !== 'press' || record.source !== 'box') continue
        expected.set(`${record.box} ${record.boxSeq}`, { box: record.box, box_seq: record.boxSeq, value: record.value })
      }
    }
    await fc.assert(
      fc.asyncProperty(
        slices(streams.length, length),
        fc.array(fc.boolean(), { minLength: 1 }),
        async (sent, waits) => {
          const harness = await openHarness()
          try {
            for (const [i, { stream, from, count }] of sent.entries()) {
              const { terminal, epoch, records } = streams[stream] as Stream
              harness.sendBatch({ terminal, epoch, records: records.slice(from, from + count) })
              if (waits[i % waits.length]) await harness.ingest.idle()
            }
            for (const { terminal, epoch, records } of streams) harness.sendBatch({ terminal, epoch, records })
            await harness.ingest.idle()
            const rows = readDistinct(harness)
            expect(rows).toHaveLength(expected.size)
            expect(new Set(rows.map((row) => JSON.stringify(row)))).toEqual(
              new Set([...expected.values()].map((row) => JSON.stringify(row))),
            )
            const counts = (await harness.tallies()).flatMap((line) =>
              (line.split(': ')[1] ?? '').split(' ').map(Number),
            )
            expect(counts.reduce((sum, count) => sum + count, 0)).toBe(expected.size)
            const ledgers = [
              await harness.store.read.ledgerCounters('till-1'),
              await harness.store.read.ledgerCounters('till-2'),
            ]
            expect(ledgers.reduce((sum, ledger) => sum + ledger.stored, 0)).toBe(expected.size)
            seenRepeats += ledgers.reduce((sum, ledger) => sum + ledger.repeated, 0)
            expect(await harness.store.read.quarantined('till-1')).toEqual([])
          } finally {
            await harness.close()
          }
        },
      ),
      { numRuns: 25 },
    )
    expect(seenRepeats).toBeGreaterThan(0)
  })
})
