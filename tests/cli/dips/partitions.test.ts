import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dropRepeats } from '../../../src/cli/dips/drop-repeats.ts'
import { hashId } from '../../../src/cli/dips/hash-id.ts'
import { openPartitions } from '../../../src/cli/dips/open-partitions.ts'
import { endInstantMs, firstInstantMs } from '../../../src/cli/dips/parse-instant.ts'
import { sortPartition } from '../../../src/cli/dips/sort-partition.ts'
import { makeTerminalIndex } from '../../../src/cli/dips/terminal-index.ts'
import { makeRandom } from '../../support/press-generator.ts'

type Press = { terminal: number; utcMs: number; button: number; id: number }

/** What comes out of partitions, sorted: terminal, time and button of each press. */
function sortThrough(presses: readonly Press[], terminals: number, withIds: boolean) {
  const partitions = openPartitions(terminals, withIds)
  try {
    for (const { terminal, utcMs, button, id } of presses) partitions.add(terminal, utcMs, button, id, id)
    const out: [terminal: number, utcMs: number, button: number][] = []
    let repeated = 0
    for (let partition = 0; partition < partitions.count; partition++) {
      const sorted = sortPartition(partitions, partition)
      repeated += sorted.repeated
      for (const { terminal, presses: ofTerminal } of sorted.terminals)
        for (const [i, utcMs] of ofTerminal.utcMs.entries())
          out.push([terminal, utcMs, ofTerminal.buttons[i] as number])
    }
    return { out, repeated }
  } finally {
    partitions.close()
  }
}

const compare = (a: number[], b: number[]): number =>
  (a[0] as number) - (b[0] as number) || (a[1] as number) - (b[1] as number) || (a[2] as number) - (b[2] as number)

describe('partitions', () => {
  it.each([
    [3, false],
    [3, true],
    [50_000, false],
    [50_000, true],
  ])('of %i terminals give each press back, sorted, to the first and the last millisecond', (terminals, withIds) => {
    const random = makeRandom(terminals)
    const presses = Array.from({ length: 30_000 }, (_, i): Press => {
      const terminal = [0, terminals - 1, Math.floor(random() * terminals)][i % 3] as number
      const edge = [firstInstantMs, endInstantMs - 1][i] ?? firstInstantMs
      const utcMs = i < 2 ? edge : firstInstantMs + Math.floor(random() * (endInstantMs - firstInstantMs))
      return { terminal, utcMs, button: 1 + Math.floor(4 * random()), id: 0 }
    })
    const { out, repeated } = sortThrough(presses, terminals, withIds)
    expect(repeated).toBe(0)
    const expected = presses.map(({ terminal, utcMs, button }) => [terminal, utcMs, button]).sort(compare)
    expect(out.sort(compare)).toEqual(expected)
  })

  it('keep one press of each id, whatever the order', () => {
    const press = fc.record({
      terminal: fc.constant(0),
      utcMs: fc.integer({ min: firstInstantMs, max: firstInstantMs + 5 }),
      button: fc.integer({ min: 1, max: 4 }),
      id: fc.integer({ min: 0, max: 6 }),
    })
    fc.assert(
      fc.property(fc.array(press, { maxLength: 30 }), (presses) => {
        const { out, repeated } = sortThrough(presses, 1, true)
        const first = new Map<number, number[]>()
        for (const { id, utcMs, button } of presses) {
          const known = first.get(id)
          if (id > 0 && (!known || compare([0, utcMs, button], known) < 0)) first.set(id, [0, utcMs, button])
        }
        const kept = presses.filter(({ id }) => id === 0).map(({ utcMs, button }) => [0, utcMs, button])
        expect(out).toEqual([...kept, ...first.values()].sort(compare))
        expect(out.length + repeated).toBe(presses.length)
        expect(sortThrough(presses.toReversed(), 1, true)).toEqual({ out, repeated })
      }),
      { numRuns: 40 },
    )
  })
})

describe('the hash of an id', () => {
  it('differs between 200,000 counting ids of four terminals, and from no id', () => {
    const into = { high: 0, low: 0 }
    const ids = new Uint32Array(400_000)
    for (let i = 0; i < 200_000; i++) {
      const text = Buffer.from(String(i >> 2))
      hashId(i & 3, text, 0, text.length, into)
      ids.set([into.high, into.low], 2 * i)
    }
    expect(ids.some((word, i) => i % 2 === 1 && word === 0)).toBe(false)
    expect(dropRepeats(new Float64Array(200_000), ids)).toBe(0)
    // Each half alone is spread as a random one would be: about 4.7 of 200,000 draws of 32 bits meet another.
    for (const half of [0, 1]) {
      const seen = new Set(Array.from({ length: 200_000 }, (_, i) => ids[2 * i + half]))
      expect(200_000 - seen.size).toBeLessThan(40)
    }
  })
})

describe('the index of terminals', () => {
  it('finds each by its bytes and nothing else', () => {
    const names = fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }), { maxLength: 40 })
    fc.assert(
      fc.property(names, fc.string({ unit: 'grapheme', maxLength: 6 }), (known, other) => {
        const index = makeTerminalIndex(known)
        for (const name of [...known, other]) {
          const bytes = Buffer.from(`x${name}y`)
          expect(index.find(bytes, 1, bytes.length - 1)).toBe(known.indexOf(name))
        }
      }),
    )
  })
})
