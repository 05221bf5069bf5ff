import { describe, expect, test } from 'vitest'
import { type FoundDip, findDips, type TouchpointCells } from '../../src/analysis/find-dips.ts'
import { meanIndex } from '../../src/analysis/mean-index.ts'
import { generateCells, generateFleet, makeRandom, type PlantedDip } from '../support/press-generator.ts'

const FDR = { fdr: 0.05 }
/** A ten-o'clock slump on weekdays since week five of ten. */
const SLUMP: PlantedDip = { weekdays: [1, 2, 3, 4, 5], startSlot: 10, endSlot: 11, fromDay: 28, depth: 18 }

function quietShop(id: string, seed: number, pressesPerDay: number, dip?: PlantedDip, days = 70): TouchpointCells {
  const history = {
    id,
    days,
    firstWeekday: 1,
    openSlot: 8,
    closeSlot: 20,
    pressesPerDay,
    index: 80,
    eveningLow: 6,
    trend: 0,
  }
  return generateCells(makeRandom(seed), dip === undefined ? history : { ...history, dip })
}

describe('a planted slump among twelve touchpoints', () => {
  const seeds = Array.from({ length: 24 }, (_, i) => i + 1)
  const scans = seeds.map((seed) => {
    const at = seed % 12
    const id = `t${String(at + 1).padStart(3, '0')}`
    const { found } = findDips(generateFleet(seed, 12, 70, { at, dip: SLUMP }), FDR)
    return { id, found: found.filter(({ q }) => q <= 0.05) }
  })
  const hits = scans.flatMap(({ id, found }) => found.filter((dip) => dip.id === id && dip.rank === 1))

  test('is found in nearly every one of 24 fleets, and nothing beside it', () => {
    expect(hits.length).toBeGreaterThanOrEqual(22)
    const others = scans.flatMap(({ id, found }) => found.filter((dip) => dip.id !== id || dip.rank > 1))
    expect(others.length).toBeLessThanOrEqual(1)
  })

  test('has the right window, weekdays and onset', () => {
    const share = (isRight: (dip: FoundDip) => boolean): number => hits.filter(isRight).length / hits.length
    expect(share((dip) => dip.startSlot === 10 && dip.endSlot === 11)).toBeGreaterThanOrEqual(0.95)
    expect(share((dip) => dip.weekdays?.join() === '1,2,3,4,5')).toBeGreaterThanOrEqual(0.85)
    expect(share((dip) => Math.abs((dip.onsetDay ?? 0) - SLUMP.fromDay) <= 7)).toBeGreaterThanOrEqual(0.85)
    expect(
      share((dip) => dip.onsetLowDay <= SLUMP.fromDay && SLUMP.fromDay <= dip.onsetHighDay),
    ).toBeGreaterThanOrEqual(0.8)
    expect(share((dip) => dip.endedDay === null)).toBeGreaterThanOrEqual(0.9)
    expect(share((dip) => dip.ciLow <= SLUMP.depth && SLUMP.depth <= dip.ciHigh)).toBeGreaterThanOrEqual(0.85)
  })

  test('has numbers that fit each other', () => {
    expect(hits.length).toBeGreaterThan(0)
    for (const dip of hits) {
      expect(dip.inside.reduce((sum, count) => sum + count, 0)).toBe(dip.presses)
      expect(dip.index).toBe(meanIndex(dip.inside)?.index)
      expect(dip.usual).toBeCloseTo(dip.index + dip.rawDepth, 10)
      expect(dip.daysBelow).toBeLessThanOrEqual(dip.days)
      expect(dip.daysBelow / dip.days).toBeGreaterThan(0.7)
      expect(dip.ciLow).toBeLessThanOrEqual(dip.depth)
      expect(dip.depth).toBeLessThanOrEqual(dip.rawDepth)
      expect(dip.rawDepth).toBeLessThanOrEqual(dip.ciHigh)
      expect(dip.state).toBe(dip.q <= 0.01 ? 'confirmed' : 'suspected')
    }
  })
})

describe('fleets with nothing wrong', () => {
  test('stay silent at q ≤ .05 in nearly all of 30, evenings and trends notwithstanding', { timeout: 60_000 }, () => {
    const noisy = Array.from({ length: 30 }, (_, i) => findDips(generateFleet(1000 + i, 12, 70), FDR)).filter(
      ({ found }) => found.some(({ q }) => q <= 0.05),
    )
    // dips.md §4: any false finding in 9 of 100 fleets.
    expect(noisy.length).toBeLessThanOrEqual(3)
  })

  test('a single flat touchpoint is scanned and has no dip', () => {
    const scans = [1, 2, 3, 4, 5, 6].map((seed) => findDips([quietShop('a', seed, 300)], FDR))
    expect(scans.every(({ scanned }) => scanned.length === 1)).toBe(true)
    expect(scans.flatMap(({ found }) => found).filter(({ q }) => q <= 0.05)).toEqual([])
  })
})

describe('one touchpoint alone', () => {
  const { found, scanned, tau2 } = findDips([quietShop('solo', 3, 500, SLUMP)], FDR)

  test('is judged against 2 points of natural variation, and its slump is found', () => {
    expect(tau2).toEqual([4, 4, 4, 4, 4, 4])
    expect(found[0]).toMatchObject({ id: 'solo', weekdays: [1, 2, 3, 4, 5], startSlot: 10, endSlot: 11, rank: 1 })
    expect(found[0]?.q).toBe(found[0]?.p)
    expect(scanned[0]?.noticeableDepth).toBeGreaterThan(3)
    expect(scanned[0]?.noticeableDepth).toBeLessThan(25)
  })

  test('a quieter shop would notice deeper dips only', () => {
    const quieter = findDips([quietShop('solo', 3, 60, SLUMP)], FDR)
    expect(quieter.scanned[0]?.noticeableDepth).toBeGreaterThan(scanned[0]?.noticeableDepth ?? 0)
  })
})

describe('the same data', () => {
  const fleet = generateFleet(11, 12, 70, { at: 4, dip: SLUMP })

  test('give the same answer, in whatever order touchpoints come', () => {
    const scan = findDips(fleet, FDR)
    expect(scan.found.length).toBeGreaterThan(0)
    expect(findDips(fleet, FDR)).toEqual(scan)
    const shuffled = [5, 0, 11, 3, 9, 1, 7, 2, 10, 4, 8, 6].map((i) => fleet[i] as TouchpointCells)
    expect(findDips(shuffled, FDR)).toEqual(scan)
  })

  test('are left as they were', () => {
    const copy = structuredClone(fleet)
    findDips(fleet, FDR)
    expect(fleet).toEqual(copy)
  })

  test('a slot that is closed holds no dip', () => {
    const openSlots = new Uint8Array(70 * 24).fill(1)
    for (let day = 0; day < 70; day++) openSlots[day * 24 + 10] = 0
    const found = findDips(
      fleet.map((cells) => ({ ...cells, openSlots })),
      FDR,
    ).found.filter(({ q }) => q <= 0.05)
    expect(found).toEqual([])
  })
})

describe('other shapes of trouble', () => {
  test('two dips of one touchpoint are both told, the stronger first', () => {
    const fleet = generateFleet(21, 12, 70)
    const first = quietShop('two', 8, 700, { ...SLUMP, depth: 22 })
    const second = quietShop('two', 8, 700, { weekdays: [6, 7], startSlot: 16, endSlot: 18, fromDay: 0, depth: 25 })
    // Weekend days of the one, working days of the other: the two dips never meet on a day.
    const counts = first.counts.map((ofValue, value) =>
      ofValue.map((count, cell) => {
        const isWeekend = (first.weekdays[Math.floor(cell / 24)] as number) >= 6
        return isWeekend ? ((second.counts[value] as Uint16Array)[cell] as number) : count
      }),
    )
    const found = findDips([...fleet, { ...first, counts }], FDR).found.filter(({ id }) => id === 'two')
    expect(found.map(({ rank }) => rank)).toEqual([1, 2])
    expect(new Set(found.map(({ weekdays }) => weekdays?.join()))).toEqual(new Set(['1,2,3,4,5', '6,7']))
    expect(found.every(({ q }) => q <= 0.05)).toBe(true)
  })

  test('a standing low has no onset', () => {
    const standing = quietShop('old', 4, 700, { ...SLUMP, weekdays: [1, 2, 3, 4, 5, 6, 7], fromDay: 0 })
    const dip = findDips([standing, ...generateFleet(31, 11, 70)], FDR).found.find(({ id }) => id === 'old')
    expect(dip).toMatchObject({ onsetDay: null, onsetOpen: true, weekdays: null, startSlot: 10, endSlot: 11 })
    expect(dip?.onsetLowDay).toBe(0)
  })

  test('weekdays are null where the touchpoint has no other days', () => {
    const shop = quietShop('office', 3, 500, SLUMP)
    const openSlots = Uint8Array.from({ length: 70 * 24 }, (_, cell) => {
      return (shop.weekdays[Math.floor(cell / 24)] as number) <= 5 ? 1 : 0
    })
    const dip = findDips([{ ...shop, openSlots }, ...generateFleet(33, 11, 70)], FDR).found[0]
    expect(dip).toMatchObject({ id: 'office', weekdays: null, startSlot: 10, endSlot: 11 })
  })

  test('a dip that was repaired three weeks ago has ended', () => {
    const during = quietShop('past', 6, 700, { ...SLUMP, fromDay: 14 })
    const after = quietShop('past', 6, 700)
    const counts = during.counts.map((ofValue, value) =>
      ofValue.map((count, cell) => (cell < 49 * 24 ? count : ((after.counts[value] as Uint16Array)[cell] as number))),
    )
    const dip = findDips([{ ...during, counts }, ...generateFleet(32, 11, 70)], FDR).found.find(
      ({ id }) => id === 'past',
    )
    expect(dip?.endedDay).toBeGreaterThanOrEqual(41)
    expect(dip?.endedDay).toBeLessThanOrEqual(55)
    expect(dip?.trend).toBeNull()
  })

  test('an hour that got better had no dip before', () => {
    for (const seed of [1, 2, 3]) {
      const better = quietShop('better', seed, 700, { ...SLUMP, weekdays: [1, 2, 3, 4, 5, 6, 7], depth: -12 })
      const { found } = findDips([better, ...generateFleet(34, 11, 70)], FDR)
      // Beside the better hour its neighbours look lower; the hour itself was never below them.
      const same = found.filter(({ id, startSlot, endSlot }) => id === 'better' && startSlot <= 10 && endSlot > 10)
      expect(same.filter(({ q }) => q <= 0.05)).toEqual([])
    }
  })

  test('turned around, with the dip left out, the same scan looks for peaks and finds none here', () => {
    const fleet = generateFleet(11, 12, 70, { at: 4, dip: SLUMP })
    const upside = fleet.map((cells) => ({ ...cells, counts: [...cells.counts].reverse() }))
    const besideDip = findDips(upside, FDR).found.filter(({ q }) => q <= 0.05)
    // Next to an hour that is far off, its neighbours look far off the other way: mask before turning around.
    expect(besideDip.every(({ id }) => id === 't005')).toBe(true)
    const openSlots = new Uint8Array(70 * 24).fill(1)
    for (let day = 0; day < 70; day++) openSlots[day * 24 + 10] = 0
    const masked = upside.map((cells) => ({ ...cells, openSlots }))
    expect(findDips(masked, FDR).found.filter(({ q }) => q <= 0.05)).toEqual([])
  })
})

describe('too little data', () => {
  test('is said with what is missing, never passed over as well', () => {
    const young = quietShop('young', 1, 300, undefined, 10)
    const thin = quietShop('thin', 2, 2)
    const silent = { ...quietShop('silent', 3, 100), counts: young.counts.map(() => new Uint16Array(70 * 24)) }
    const { insufficient, scanned, found } = findDips([young, thin, silent], FDR)
    expect(found).toEqual([])
    expect(scanned).toEqual([])
    expect(insufficient.map(({ id }) => id)).toEqual(['silent', 'thin', 'young'])
    expect(insufficient[0]).toEqual({ id: 'silent', presses: 0, days: 0, moreDays: null })
    expect(insufficient[1]?.moreDays).toBeGreaterThan(7)
    expect(insufficient[2]).toMatchObject({ days: 10, moreDays: 4 })
  })

  test('after about that many days there is a verdict', () => {
    const early = quietShop('thin', 7, 5, undefined, 16)
    const { insufficient } = findDips([early], FDR)
    const moreDays = insufficient[0]?.moreDays ?? 0
    expect(moreDays).toBeGreaterThan(0)
    const later = quietShop('thin', 7, 5, undefined, 16 + 2 * moreDays)
    expect(findDips([later], FDR).insufficient).toEqual([])
  })

  test('an empty family has an empty answer', () => {
    expect(findDips([], FDR)).toEqual({ found: [], scanned: [], insufficient: [], tau2: [4, 4, 4, 4, 4, 4] })
  })

  test('touchpoints where everybody is always happy have no dip', () => {
    const happy = quietShop('happy', 1, 200)
    const total = happy.counts[3] as Uint16Array
    const counts = happy.counts.map((ofValue, value) => (value === 3 ? total : ofValue.map(() => 0)))
    expect(findDips([{ ...happy, counts }], FDR).found).toEqual([])
  })

  test('a grid that does not fit its days is refused by name', () => {
    const cells = quietShop('bad', 1, 100)
    expect(() => findDips([{ ...cells, weekdays: new Uint8Array(3) }], FDR)).toThrow(/touchpoint bad: weekdays/)
    expect(() => findDips([{ ...cells, counts: cells.counts.map(() => new Uint16Array(5)) }], FDR)).toThrow(RangeError)
    expect(() => findDips([cells], { fdr: 0 })).toThrow(RangeError)
  })
})
