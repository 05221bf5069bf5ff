/** Whatever boots there were, however they were delivered: no press is said to lie where it did not. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { TerminalRecord } from '../../../src/contracts/records.ts'
import { anchorOf, hourMs, minuteMs, openHarness, pressOf } from './ingest-harness.ts'

const startMs = Date.parse('2025-04-01T00:00:00Z')

/** What happened in a boot: how long before it the machine was off, when the daemon's first record came, and the records after that. */
const aBoot = fc.record({
  offMs: fc.integer({ min: 10_000, max: 30 * hourMs }),
  daemonAfterMs: fc.integer({ min: 0, max: hourMs }),
  isTold: fc.constantFrom(true, false, false),
  ppm: fc.integer({ min: -80, max: 80 }),
  steps: fc.array(
    fc.record({
      afterMs: fc.integer({ min: 1, max: 8 * hourMs }),
      kind: fc.constantFrom('press', 'press', 'tick', 'anchor'),
      spreadMs: fc.constantFrom(0, 0, 200, 40 * minuteMs, null),
      isOtherBox: fc.constantFrom(false, false, true),
    }),
    { maxLength: 12 },
  ),
})

type Told = { records: TerminalRecord[]; truth: Map<number, number>; endMs: number }

function play(boots: readonly (typeof aBoot extends fc.Arbitrary<infer B> ? B : never)[]): Told {
  const records: TerminalRecord[] = []
  const truth = new Map<number, number>()
  let nowMs = startMs
  for (const [i, { offMs, daemonAfterMs, isTold, ppm, steps }] of boots.entries()) {
    const boot = `b007${String(i).padStart(4, '0')}`
    const begunMs = nowMs + offMs
    nowMs = begunMs + daemonAfterMs
    for (const { afterMs, kind, spreadMs, isOtherBox } of [
      { afterMs: 0, kind: 'tick', spreadMs: 0, isOtherBox: false },
      ...steps,
    ]) {
      const beforeMs = nowMs
      nowMs += afterMs
      const sequence = records.length + 1
      const monoMs = Math.round((nowMs - begunMs) * (1 + ppm / 1_000_000))
      if (kind === 'anchor' && !isTold) continue
      if (kind === 'anchor') records.push(anchorOf(sequence, monoMs, { boot, utcMs: nowMs + 300, errorMs: 500 }))
      else if (kind === 'tick') records.push({ kind: 'tick', sequence, boot, monoMs, wallMs: 1 })
      else {
        const box = isOtherBox ? '0000cafe' : '0000beef'
        records.push(pressOf(sequence, { boot, monoMs, spreadMs, box }))
        // A box that kept a press for long: since it was last heard, for all that the daemon knows.
        const pressedMs = spreadMs === null ? nowMs - Math.min(afterMs, 1) : Math.max(beforeMs, nowMs - spreadMs)
        truth.set(sequence, pressedMs)
      }
    }
  }
  return { records, truth, endMs: nowMs }
}

it('the bounds of every press hold, and more records only narrow them', async () => {
  let [bounded, presses] = [0, 0]
  await fc.assert(
    fc.asyncProperty(
      fc.array(aBoot, { minLength: 1, maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 6 }),
      async (boots, sizes) => {
        const { records, truth, endMs } = play(boots)
        const harness = await openHarness({ nowMs: endMs + 1_000 })
        const widths = new Map<number, number>()
        try {
          for (let at = 0, turn = 0; at < records.length; turn += 1) {
            const size = sizes[turn % sizes.length] as number
            harness.sendBatch({ records: records.slice(at, at + size) })
            await harness.acks()
            at += size
            for (const { record, utcMs, errorMs } of await harness.store.read.pressesBetween('till-1', 0, 1e15)) {
              const pressedMs = truth.get(record.sequence) ?? Number.NaN
              expect(Math.abs(pressedMs - (utcMs ?? 0))).toBeLessThanOrEqual((errorMs ?? 0) + 1)
              expect(errorMs).toBeLessThanOrEqual(widths.get(record.sequence) ?? Number.POSITIVE_INFINITY)
              widths.set(record.sequence, errorMs ?? 0)
            }
          }
          presses += truth.size
          bounded += Number(harness.ingest.counters().bounded)
          const timed = await harness.store.read.pressesBetween('till-1', 0, 1e15)
          // From the first boot that learnt the time on nothing is without any, but presses of unknown age with no press before them.
          const told = records.find(({ kind }) => kind === 'anchor')?.boot ?? 'none of them'
          const boundable = records.filter((one) => one.kind === 'press' && one.spreadMs !== null && one.boot >= told)
          const found = new Set(timed.map(({ record }) => record.sequence))
          expect(boundable.filter(({ sequence }) => !found.has(sequence))).toEqual([])
          const tallied = [...(await harness.tallies()), ...(await harness.tallies({ class: 'uncertain' }))]
          const counts = tallied.flatMap((line) => (line.split(': ')[1] ?? '').split(' ').map(Number))
          const sum = counts.reduce((all, count) => all + count, 0)
          expect(sum).toBe(timed.filter(({ cell }) => cell).length)
        } finally {
          await harness.close()
        }
      },
    ),
    { numRuns: 40 },
  )
  expect(presses).toBeGreaterThan(100)
  expect(bounded).toBeGreaterThan(20)
}, 120_000)
