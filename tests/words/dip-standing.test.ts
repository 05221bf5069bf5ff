import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatNoticeable, formatStanding, type StandingFacts } from '../../src/words/dip-standing.ts'
import { languages } from '../../src/words/languages.ts'
import { formatNotice, type NoticeFacts } from '../../src/words/notice-sentence.ts'
import { formatPeak } from '../../src/words/peak-sentence.ts'

const today = '2025-04-27'
const none: StandingFacts = {
  ...{ state: 'confirmed', trend: null, onset: '2025-03-10', endedOn: null, fix: null, toldAt: null },
}
const say = (change: Partial<StandingFacts>, language = 'en') => formatStanding({ ...none, ...change }, today, language)
const fixOf = (
  verdict: NonNullable<StandingFacts['fix']>['verdict'],
  depth: number,
  moreDays: number | null = null,
) => {
  const remaining = verdict && { depth, lower: depth - 5, upper: depth + 5 }
  return { fix: { fixDate: '2025-04-03', verdict, remaining, moreDays } }
}

describe('how a dip stands', () => {
  it('is nothing where there is nothing to say', () => {
    expect(say({})).toBe('')
  })

  it('says since when it is over or back, with the year where that is not this one', () => {
    expect(say({ state: 'over', endedOn: '2025-04-03', trend: 'fading' })).toBe('It seems over since 3 April.')
    expect(say({ state: 'over', endedOn: '2024-04-03' })).toBe('It seems over since 3 April 2024.')
    expect(say({ state: 'back', onset: '2025-04-20' })).toBe('It is back since 20 April, after it had gone.')
    expect(say({ state: 'over', endedOn: '2025-04-03' }, 'fi')).toBe('Näyttää olevan ohi 3. huhtikuuta alkaen.')
    expect(say({ state: 'over', endedOn: '2025-04-03' }, 'cs')).toBe('Zdá se, že od 3. dubna pominul.')
    expect(say({ state: 'over', endedOn: '2025-04-03' }, 'zh-TW')).toBe('自4月3日起似乎已結束。')
  })

  it('says what became of a fix, without a claim before its time', () => {
    expect(say(fixOf(null, 0))).toBe('A fix was entered as of 3 April; it is judged with the next look at the presses.')
    expect(say(fixOf('too-early', 3.4, 1))).toBe(
      'Fix of 3 April: too early to say; so far 3 points of the dip are left (90% interval -2 to 8); about 1 more day is needed.',
    )
    expect(say({ ...fixOf('gone', -0.4), state: 'fixed', endedOn: '2025-04-03' })).toBe(
      'The fix of 3 April worked: nothing of the dip is left (90% interval -5 to 5).',
    )
    expect(say(fixOf('still-there', 12))).toMatch(/^The fix of 3 April did not do it: 12 points/)
  })

  it('counts as Czech and Finnish do', () => {
    const left = (depth: number, language: string) => /: (.*?) \(/.exec(say(fixOf('still-there', depth), language))?.[1]
    expect([1, 3, 5, 22].map((depth) => left(depth, 'cs'))).toEqual([
      ...['z poklesu zbývá 1 bod', 'z poklesu zbývají 3 body', 'z poklesu zbývá 5 bodů', 'z poklesu zbývá 22 bodů'],
    ])
    expect([1, 2].map((depth) => left(depth, 'fi'))).toEqual([
      'notkahduksesta on jäljellä 1 piste',
      'notkahduksesta on jäljellä 2 pistettä',
    ])
    const more = (days: number) => / asi (.*?)\.$/.exec(say(fixOf('too-early', 5, days), 'cs'))?.[1]
    expect([1, 2, 5, 21].map(more)).toEqual(['1 den', '2 dny', '5 dnů', '21 dnů'])
    expect([1, 4, 14].map((depth) => / o (\d+ \S+) /.exec(formatNoticeable(depth, 'cs'))?.[1])).toEqual([
      ...['1 bod', '4 body', '14 bodů'],
    ])
  })

  it('rounds what would be noticed up, so that it promises nothing', () => {
    expect(formatNoticeable(13.2, 'en')).toBe(
      'With your traffic we would notice a daily one-hour dip of 14 points within four weeks.',
    )
    for (const language of languages) expect(formatNoticeable(null, language)).not.toMatch(/\d|null/)
  })
})

const date = fc.date({ min: new Date('2024-01-01'), max: new Date('2025-04-27'), noInvalidDate: true })
const localDate = date.map((at) => at.toISOString().slice(0, 10))
const points = fc.double({ min: -40, max: 60, noNaN: true })
const remaining = fc.record({ depth: points, lower: points, upper: points })
const fix = fc.record({
  fixDate: localDate,
  verdict: fc.constantFrom('too-early', 'gone', 'still-there', null),
  remaining: fc.option(remaining),
  moreDays: fc.option(fc.nat(200)),
})
const facts: fc.Arbitrary<StandingFacts> = fc.record({
  state: fc.constantFrom('suspected', 'confirmed', 'fixed', 'over', 'back'),
  trend: fc.constantFrom('growing', 'steady', 'fading', null),
  onset: fc.option(localDate),
  endedOn: fc.option(localDate),
  fix: fc.option(fix),
  toldAt: fc.option(fc.record({ kind: fc.constantFrom('place', 'chain'), name: fc.constant('Kaari') })),
})
const broken = /undefined|null|NaN|\[object|\$\{| {2}|\.\.(?!\.)|^\s|\s$/

describe.each(languages)('in %s', (language) => {
  it('every standing is whole', () => {
    fc.assert(
      fc.property(facts, (given) => {
        expect(formatStanding(given, today, language)).not.toMatch(broken)
      }),
    )
  })

  it('peaks and notices have words for every case', () => {
    const peak = {
      ...{ startHour: 9, endHour: 10, index: 90, usual: 80, height: 8, ciLow: 4, ciHigh: 12, daysAbove: 8, days: 9 },
    }
    const peaks = [null, [6], [1, 2, 3, 4, 5]].flatMap((weekdays) =>
      [null, '2025-04-03'].flatMap((onset) =>
        [0.0001, 0.005, 0.03, 0.1].map((q) => formatPeak({ ...peak, weekdays, onset, q }, language)),
      ),
    )
    expect(new Set(peaks).size).toBe(24)
    const at = { date: today, zone: 'Europe/Helsinki' }
    const notices: NoticeFacts[] = [
      ...[0.0001, 0.005, 0.03, 0.1].map((q) => {
        return { ...at, kind: 'silence' as const, startHour: 14, endHour: 17, expected: 23.6, q }
      }),
      { ...at, kind: 'same-value', terminal: 't1', presses: 24, fromMs: 1_745_762_530_000, toMs: 1_745_762_585_000 },
      { ...at, kind: 'closed-hour', startHour: 23, endHour: 24, presses: 1 },
      { ...at, kind: 'closed-hour', startHour: 23, endHour: 24, presses: 7 },
    ]
    const told = notices.map((notice) => formatNotice(notice, language))
    expect(new Set(told).size).toBe(notices.length)
    for (const sentence of [...peaks, ...told]) expect(sentence).not.toMatch(broken)
  })
})
