import { describe, expect, it } from 'vitest'
import { certaintyOf, type DipFacts, formatDipSentence, formatInsufficient } from '../../src/words/dip-sentence.ts'

const facts: DipFacts = {
  weekdays: [1, 2, 3, 4, 5],
  startHour: 10,
  endHour: 11,
  onset: '2025-03-10',
  onsetLow: '2025-03-07',
  onsetHigh: '2025-03-12',
  onsetOpen: false,
  ended: null,
  index: 66.1,
  usual: 80.3,
  depth: 12.6,
  ciLow: 9.1,
  ciHigh: 17.4,
  q: 3e-7,
  daysBelow: 26,
  days: 29,
}
const languages = ['en', 'fi', 'cs', 'id', 'zh-Hant']
const english = (change: Partial<DipFacts>) => formatDipSentence({ ...facts, ...change }, 'en')

describe('the sentence of a dip', () => {
  it('says when, where in the week, how deep and how sure', () => {
    expect(english({})).toBe(
      'Since about 10 March (7–12 March), Monday to Friday 10–11: Happy Index 66 where the hours around it suggest 80; ' +
        'carefully estimated 13 points lower (9–17), and lower on 26 of 29 days. Practically certain: at most 1 in 1,000 dips ' +
        'reported with this certainty is expected to be a false alarm, counting all hours, weekdays, dates and touchpoints we looked at.',
    )
  })

  it('claims no more of its beginning and end than is known', () => {
    const began = (change: Partial<DipFacts>) => english(change).split(', Monday')[0]
    expect(began({ onset: null })).toBe('Since before these data begin')
    expect(began({ onsetOpen: true, onsetLow: null })).toBe(
      'Since about 10 March (perhaps before these data begin, at the latest 12 March)',
    )
    expect(began({ onsetLow: '2025-02-27', onsetHigh: '2025-03-12' })).toBe(
      'Since about 10 March (27 February – 12 March)',
    )
    expect(began({ onsetLow: '2025-03-10', onsetHigh: '2025-03-10' })).toBe('Since about 10 March (10 March)')
    expect(began({ ended: '2025-04-02' })).toBe('From about 10 March (7–12 March) to about 2 April')
    expect(began({ onset: null, ended: '2025-04-02' })).toBe('From before these data begin to about 2 April')
  })

  it('names the weekdays and hours', () => {
    const where = (change: Partial<DipFacts>) => /March\), (.*?): Happy/.exec(english(change))?.[1]
    expect(where({ weekdays: null })).toBe('every open day 10–11')
    expect(where({ weekdays: [6] })).toBe('Saturdays 10–11')
    expect(where({ weekdays: [7, 6], startHour: 23, endHour: 1 })).toBe('Saturdays and Sundays 23–1')
    expect(where({ weekdays: [1, 3, 5] })).toBe('Mondays, Wednesdays and Fridays 10–11')
  })

  it('words its certainty by the false-discovery rate', () => {
    expect([0.001, 0.0011, 0.01, 0.02, 0.05, 0.051, 0.2].map(certaintyOf)).toEqual([
      'practically-certain',
      'very-likely',
      'very-likely',
      'likely',
      'likely',
      'suspected',
      'suspected',
    ])
    expect(english({ q: 0.15 })).toMatch(/Suspected, still watching: at most 1 in 5 dips/)
    expect(english({ q: 0.21 })).toMatch(/Weak: of dips reported with this certainty more than 1 in 5/)
  })

  it.each(languages)('has words for every case: %s', (language) => {
    const cases: Partial<DipFacts>[] = [
      ...[null, [1], [6, 7], [1, 2, 3, 4, 5], [2, 4, 7]].map((weekdays) => ({ weekdays })),
      ...[0.005, 0.04, 0.15, 0.4].map((q) => ({ q })),
      ...Array.from({ length: 12 }, (_, month) => {
        const date = `2025-${String(month + 1).padStart(2, '0')}-05`
        return { onset: date, onsetLow: date, onsetHigh: date }
      }),
      { onset: null },
      { onset: null, ended: '2025-05-01' },
      { onsetOpen: true, onsetLow: null, ended: '2025-05-01' },
      { depth: 1, ciLow: 0, ciHigh: 2 },
      { depth: 3 },
    ]
    const sentences = cases.map((change) => formatDipSentence({ ...facts, ...change }, language))
    for (const sentence of sentences) expect(sentence).not.toMatch(/undefined|null|NaN|\.\.| {2}/)
    expect(new Set(sentences).size).toBe(cases.length)
    expect(new Set([null, 1, 3, 30].map((days) => formatInsufficient(days, language))).size).toBe(4)
  })

  it('speaks English where it does not know a language, and finds one by its first part', () => {
    expect(formatDipSentence(facts, 'xx')).toBe(english({}))
    expect(formatDipSentence(facts, 'fi-FI')).toBe(formatDipSentence(facts, 'fi'))
    expect(formatDipSentence(facts, 'zh-TW')).toBe(formatDipSentence(facts, 'zh-Hant'))
  })
})
