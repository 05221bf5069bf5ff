import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { OnsetClaim } from '../../src/analysis/memory/remembered-dip.ts'
import {
  type DipMemory,
  type DipNight,
  type NightFinding,
  type RememberedDip,
  rememberDips,
} from '../../src/analysis/remember-dips.ts'

type Finding = NightFinding<string>

const NONE: DipMemory<string> = { night: null, dips: [] }
const ONSET: OnsetClaim = { day: 80, low: 77, high: 83, isOpen: false }

function finding(startSlot: number, endSlot: number, rest: Partial<Finding> = {}): Finding {
  const details = `${startSlot}-${endSlot}`
  const shape = { startSlot, endSlot, weekdays: [1, 2, 3, 4, 5] }
  return {
    ...{ touchpoint: 'exit', question: 'q', onset: ONSET, endedDay: null, q: 0.001, trend: 'steady', details },
    ...shape,
    ...rest,
  }
}

const nameDip = ({ touchpoint, startSlot, endSlot }: Finding, night: number): string =>
  `${touchpoint}.${night}.${startSlot}-${endSlot}`

function night(memory: DipMemory<string>, findings: readonly Finding[], rest: Partial<DipNight<string>> = {}) {
  const checks = { fixes: new Map(), overSince: new Map(), backSince: new Map() }
  const tonight = { night: (memory.night ?? 99) + 1, findings, isJudged: () => true, ...checks, ...rest }
  return rememberDips(memory, tonight, nameDip)
}

/** One night after the other, the first being night 100. */
function nights(...each: readonly (readonly Finding[])[]): DipMemory<string> {
  return each.reduce((memory, findings) => night(memory, findings), NONE)
}

function only({ dips }: DipMemory<string>): RememberedDip<string> {
  expect(dips).toHaveLength(1)
  return dips[0] as RememberedDip<string>
}

const times = <T>(count: number, value: T): T[] => new Array<T>(count).fill(value)
const quiet = (count: number): Finding[][] => times(count, [])

describe('states', () => {
  test('suspected from .01 to .20, confirmed at .01 on any night, nothing above .20', () => {
    expect(nights([finding(10, 11, { q: 0.21 })]).dips).toEqual([])
    const suspected = nights([finding(10, 11, { q: 0.2 })])
    expect(only(suspected)).toMatchObject({ state: 'suspected', firstNight: 100, confirmedNight: null })
    const confirmed = night(suspected, [finding(10, 11, { q: 0.01 })])
    expect(only(confirmed)).toMatchObject({ id: 'exit.100.10-11', state: 'confirmed', confirmedNight: 101 })
    expect(only(night(confirmed, [finding(10, 11, { q: 0.15 })])).state).toBe('confirmed')
  })

  test('a suspicion is dropped after 7 nights above .20, and not before', () => {
    const weak = [finding(10, 11, { q: 0.1 })]
    expect(only(nights(weak, ...quiet(6))).state).toBe('suspected')
    expect(nights(weak, ...quiet(7)).dips).toEqual([])
    const above = times(7, [finding(10, 11, { q: 0.3 })])
    expect(nights(weak, ...above).dips).toEqual([])
    expect(only(nights(weak, ...quiet(6), weak, ...quiet(6))).firstNight).toBe(100)
  })

  test('nights without a verdict on the touchpoint are not quiet nights', () => {
    let memory = nights([finding(10, 11, { q: 0.1 })])
    for (let i = 0; i < 20; i++) memory = night(memory, [], { isJudged: () => false })
    expect(only(memory)).toMatchObject({ state: 'suspected', quietNights: 0 })
    for (let i = 0; i < 35; i++) memory = night(memory, [], { isJudged: () => false })
    expect(only(memory).state).toBe('suspected')
    expect(night(memory, [], { isJudged: () => false }).dips).toEqual([])
  })

  test('a confirmed dip stays without being found, until there is evidence that it is over', () => {
    const memory = nights([finding(10, 11)], ...quiet(60))
    expect(only(memory).state).toBe('confirmed')
    const over = night(memory, [], { overSince: new Map([['exit.100.10-11', 140]]) })
    expect(only(over)).toMatchObject({ state: 'over', endDay: 140 })
  })

  test('an interval that ends is not yet an end', () => {
    const ended = times(10, [finding(10, 11, { endedDay: 95 })])
    expect(only(nights([finding(10, 11)], ...ended))).toMatchObject({ state: 'confirmed', endedDay: 95 })
  })

  test('a fix that worked makes it fixed; a verdict stays, a second fix is judged anew', () => {
    const id = 'exit.100.10-11'
    const running = [finding(10, 11)]
    const fix = (verdict: 'too-early' | 'gone' | 'still-there', fixDay = 101) => ({
      fixes: new Map([[id, { fixDay, verdict }]]),
    })
    let memory = night(nights(running), running, fix('too-early'))
    expect(only(memory)).toMatchObject({ state: 'confirmed', fix: { verdict: 'too-early' } })
    memory = night(memory, [], { ...fix('too-early'), overSince: new Map([[id, 90]]) })
    expect(only(memory).state).toBe('confirmed')
    memory = night(night(memory, running, fix('still-there')), running, fix('gone'))
    expect(only(memory)).toMatchObject({ state: 'confirmed', fix: { fixDay: 101, verdict: 'still-there' } })
    memory = night(memory, running, fix('gone', 104))
    expect(only(memory)).toMatchObject({ state: 'fixed', endDay: 104, fix: { verdict: 'gone' } })
    expect(only(times(10, running).reduce((after, found) => night(after, found), memory)).state).toBe('fixed')
  })

  test('a fix that was taken back fixed nothing, and one of another day is looked at anew', () => {
    const id = 'exit.100.10-11'
    const fix = (verdict: 'too-early' | 'gone' | 'still-there', fixDay: number) => ({
      fixes: new Map([[id, { fixDay, verdict }]]),
    })
    const takenBack = { fixes: new Map([[id, null]]) }
    const fixed = night(nights([finding(10, 11)]), [], fix('gone', 95))
    expect(only(night(fixed, [], takenBack))).toMatchObject({ state: 'over', endDay: 95, fix: null })
    expect(only(night(fixed, [], fix('gone', 98)))).toMatchObject({ state: 'fixed', endDay: 98, fix: { fixDay: 98 } })
    for (const verdict of ['too-early', 'still-there'] as const) {
      const reopened = only(night(fixed, [], fix(verdict, 98)))
      expect(reopened).toMatchObject({ state: 'confirmed', endDay: null, fix: { fixDay: 98, verdict } })
    }
    const still = night(nights([finding(10, 11)]), [], fix('still-there', 95))
    expect(only(night(still, [])).fix).toEqual({ fixDay: 95, verdict: 'still-there' })
    expect(only(night(still, [], takenBack)).fix).toBeNull()
  })

  test('a suspicion with a fix on trial is not dropped', () => {
    const id = 'exit.100.10-11'
    const trial = { fixes: new Map([[id, { fixDay: 101, verdict: 'too-early' as const }]]) }
    let memory = nights([finding(10, 11, { q: 0.1 })])
    for (let i = 0; i < 20; i++) memory = night(memory, [], trial)
    expect(only(memory).state).toBe('suspected')
  })

  test('a new onset after the end is back under its old id, and the old fix does not end it again', () => {
    const id = 'exit.100.10-11'
    const worked = { fixes: new Map([[id, { fixDay: 101, verdict: 'gone' as const }]]) }
    const fixed = night(nights([finding(10, 11)]), [], worked)
    const relapse = finding(10, 11, { onset: { day: 130, low: 126, high: 134, isOpen: false } })
    const back = night(fixed, [relapse], worked)
    expect(only(back)).toMatchObject({ id, state: 'back', endDay: null, fix: null })
    expect(only(back).onset.shown.day).toBe(130)
    expect(only(night(back, [relapse], worked)).state).toBe('back')
    const again = { fixes: new Map([[id, { fixDay: 150, verdict: 'gone' as const }]]) }
    expect(only(night(back, [relapse], again))).toMatchObject({ state: 'fixed', endDay: 150 })
    expect(only(night(fixed, [{ ...relapse, q: 0.05 }], worked)).state).toBe('fixed')
    expect(only(night(fixed, [], { backSince: new Map([[id, 120]]) }))).toMatchObject({ state: 'back', endDay: null })
  })

  test('one that was called over too soon is confirmed again after three nights, not after one', () => {
    const running = [finding(10, 11)]
    let memory = night(nights(running), [], { overSince: new Map([['exit.100.10-11', 98]]) })
    memory = night(night(memory, running), running)
    expect(only(memory).state).toBe('over')
    expect(only(night(memory, running))).toMatchObject({ state: 'confirmed', endDay: null, confirmedNight: 100 })
    const seenEnded = times(30, [finding(10, 11, { endedDay: 97 })])
    expect(only(seenEnded.reduce((after, found) => night(after, found), memory)).state).toBe('over')
  })
})

describe('identity', () => {
  const idsAfter = (first: Finding, second: Finding): string[] => nights([first], [second]).dips.map(({ id }) => id)

  test('is kept by half the slots, a weekday and the onset', () => {
    expect(idsAfter(finding(10, 12), finding(10, 11))).toEqual(['exit.100.10-12'])
    expect(idsAfter(finding(10, 13), finding(11, 14))).toEqual(['exit.100.10-13'])
    expect(idsAfter(finding(10, 11), finding(10, 11, { weekdays: null }))).toEqual(['exit.100.10-11'])
  })

  test('is another for another touchpoint, question, weekday or part of the day', () => {
    const first = finding(10, 11)
    expect(idsAfter(first, { ...first, touchpoint: 'till' })).toHaveLength(2)
    expect(idsAfter(first, { ...first, question: 'r', startSlot: 9 })).toHaveLength(2)
    expect(idsAfter(first, finding(10, 11, { weekdays: [6, 7] }))).toHaveLength(2)
    expect(idsAfter(first, finding(13, 14))).toHaveLength(2)
    const later = { day: 120, low: 118, high: 124, isOpen: false }
    expect(idsAfter(first, finding(11, 12, { onset: later }))).toHaveLength(2)
  })

  test('outlives an onset that left the period scanned, and a dip that got deeper', () => {
    const open = { day: null, low: 130, high: 140, isOpen: true }
    const memory = nights([finding(10, 11)], ...times(5, [finding(10, 11, { onset: open })]))
    expect(only(memory).onset.shown).toEqual(ONSET)
    const deeper = { day: 120, low: 118, high: 124, isOpen: false }
    expect(idsAfter(finding(10, 11), finding(10, 11, { onset: deeper }))).toHaveLength(1)
  })

  test('a split leaves the id to the larger part, and to the surer of equal ones', () => {
    expect(nights([finding(10, 13)], [finding(12, 13), finding(10, 12)]).dips).toMatchObject([
      { id: 'exit.100.10-13', details: '10-13', lastFoundNight: 101, shape: { next: { startSlot: 10, endSlot: 12 } } },
      { id: 'exit.101.12-13' },
    ])
    const surer = nights([finding(10, 12)], [finding(10, 11, { q: 0.005 }), finding(11, 12, { q: 0.0001 })]).dips
    expect(surer.map(({ id }) => id)).toEqual(['exit.100.10-12', 'exit.101.10-11'])
  })

  test('two that merge are one after a week, under the id of the larger', () => {
    const parts = [finding(10, 12), finding(13, 14)]
    const whole = [finding(10, 13), finding(13, 14)]
    expect(nights(parts, whole).dips).toHaveLength(2)
    const merged = nights([finding(10, 12), finding(12, 13)], ...times(8, [finding(10, 13)]))
    expect(only(merged)).toMatchObject({ id: 'exit.100.10-12', shape: { shown: { startSlot: 10, endSlot: 13 } } })
  })
})

describe('what is shown', () => {
  test('changes after three equal nights, with the details of that shape', () => {
    const wider = finding(10, 12)
    expect(only(nights([finding(10, 11)], [wider], [wider]))).toMatchObject({ details: '10-11' })
    const settled = only(nights([finding(10, 11)], [wider], [wider], [wider]))
    expect(settled).toMatchObject({ details: '10-12', shape: { shown: { startSlot: 10, endSlot: 12 } } })
  })

  test('window and onset settle by themselves: a restless onset does not hold back a settled window', () => {
    const restless = [81, 82, 83].map((day) => [finding(10, 12, { onset: { ...ONSET, day } })])
    const dip = only(nights([finding(10, 11)], ...restless))
    expect(dip.shape.shown.endSlot).toBe(12)
    expect(dip.onset.shown).toEqual(ONSET)
  })

  test('never changes for a finding that moves by a slot every night', () => {
    const slot = fc.integer({ min: 1, max: 20 })
    const property = fc.property(
      slot,
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 2, max: 40 }),
      (at, length, count) => {
        for (const moved of [
          finding(at + 1, at + length + 1),
          finding(at, at + length + 1),
          finding(at - 1, at + length - 1),
        ]) {
          let memory = NONE
          for (let i = 0; i < count; i++) {
            memory = night(memory, [i % 2 === 0 ? finding(at, at + length) : moved])
            expect(only(memory)).toMatchObject({
              id: `exit.100.${at}-${at + length}`,
              state: 'confirmed',
              shape: { shown: { startSlot: at, endSlot: at + length } },
            })
          }
        }
      },
    )
    void fc.assert(property, { numRuns: 25 })
  })

  test('a suspicion that is found every other night keeps its place', () => {
    const flicker = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? [finding(10, 11, { q: 0.15 })] : []))
    expect(only(nights(...flicker))).toMatchObject({ id: 'exit.100.10-11', state: 'suspected' })
  })
})

describe('any history', () => {
  const arbitraryFinding: fc.Arbitrary<Finding> = fc
    .record({
      touchpoint: fc.constantFrom('a', 'b'),
      startSlot: fc.integer({ min: 6, max: 12 }),
      length: fc.integer({ min: 1, max: 3 }),
      weekdays: fc.constantFrom(null, [1, 2, 3, 4, 5], [6, 7], [3]),
      day: fc.constantFrom(null, 60, 70, 90, 110),
      endedDay: fc.constantFrom(null, null, 95),
      q: fc.constantFrom(0.0001, 0.009, 0.05, 0.15, 0.3),
    })
    .map(({ startSlot, length, day, ...rest }) =>
      finding(startSlot, startSlot + length, {
        ...rest,
        onset:
          day === null ? { day, low: 50, high: 60, isOpen: true } : { day, low: day - 3, high: day + 3, isOpen: false },
      }),
    )
  const oneNight = fc.uniqueArray(arbitraryFinding, {
    maxLength: 5,
    selector: ({ touchpoint, startSlot, endSlot }) => `${touchpoint}${startSlot}-${endSlot}`,
  })
  const history = fc.array(oneNight, { maxLength: 20 })

  test('gives the same memory whatever order findings and dips come in, and whether it was written down or not', () => {
    const property = fc.property(history, (each) => {
      const forwards = nights(...each)
      const shuffled = each.reduce((memory, findings) => {
        const read = JSON.parse(JSON.stringify(memory)) as DipMemory<string>
        return night({ ...read, dips: [...read.dips].reverse() }, [...findings].reverse())
      }, NONE)
      expect(shuffled).toEqual(forwards)
    })
    void fc.assert(property, { numRuns: 30 })
  })

  test('leaves no id twice, no touchpoint with more than a dozen dips, and no finding of a night unremembered', () => {
    const property = fc.property(history, (each) => {
      let memory = NONE
      for (const findings of each) {
        memory = night(memory, findings)
        expect(new Set(memory.dips.map(({ id }) => id)).size).toBe(memory.dips.length)
        for (const touchpoint of ['a', 'b']) {
          expect(memory.dips.filter((dip) => dip.touchpoint === touchpoint).length).toBeLessThanOrEqual(12)
        }
        const tonight = memory.dips.filter(({ lastFoundNight }) => lastFoundNight === memory.night)
        expect(tonight.length).toBe(findings.filter(({ q }) => q <= 0.2).length)
      }
    })
    void fc.assert(property, { numRuns: 30 })
  })

  test('changes nothing that was given, and counts a night once', () => {
    const first = nights([finding(10, 12)])
    const copy = structuredClone(first)
    const second = night(first, [finding(10, 11)])
    expect(first).toEqual(copy)
    expect(night(second, [finding(10, 11)], { night: second.night as number })).toBe(second)
    expect(night(second, [], { night: 3 })).toBe(second)
  })

  test('what was not found for more than a year is forgotten', () => {
    const memory = nights([finding(10, 11)])
    expect(night(memory, [], { night: 500 }).dips).toHaveLength(1)
    expect(night(memory, [], { night: 501 }).dips).toEqual([])
  })
})
