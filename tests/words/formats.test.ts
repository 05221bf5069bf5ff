import { describe, expect, it } from 'vitest'
import { makeFormats } from '../../src/words/formats.ts'
import { chooseLanguage, chooseLocale } from '../../src/words/languages.ts'

describe('chooseLanguage', () => {
  it('takes the first language that is spoken', () => {
    expect(chooseLanguage(['sv-SE', 'fi-FI', 'en'])).toBe('fi')
    expect(chooseLanguage(['zh-TW'])).toBe('zh-Hant')
    expect(chooseLanguage(['zh-Hant-HK'])).toBe('zh-Hant')
    expect(chooseLanguage(['en-US', 'fi'])).toBe('en')
  })

  it('does not take simplified Chinese for traditional, and falls back to English', () => {
    expect(chooseLanguage(['zh-CN', 'cs'])).toBe('cs')
    expect(chooseLanguage(['xx', ''])).toBe('en')
    expect(chooseLanguage([])).toBe('en')
  })
})

describe('chooseLocale', () => {
  it("keeps the reader's own region where it is of the language", () => {
    expect(chooseLocale('en', ['fi-FI', 'en-US'])).toBe('en-US')
    expect(chooseLocale('en', ['en'])).toBe('en-GB')
    expect(chooseLocale('zh-Hant', ['en-GB'])).toBe('zh-Hant-TW')
  })
})

describe('makeFormats', () => {
  const british = makeFormats('en-GB')

  it('writes numbers as the locale does, and a dash for none', () => {
    expect(british.whole(4371.6)).toBe('4,372')
    expect(makeFormats('fi-FI').whole(4372)).toMatch(/^4\s372$/)
    expect(british.whole(null)).toBe('–')
    expect(british.share(0.893)).toBe('89%')
    expect(makeFormats('cs-CZ').share(0.893)).toMatch(/^89\s%$/)
    expect(british.share(null)).toBe('–')
  })

  it("does not move local dates into the reader's zone", () => {
    expect(british.date('2026-03-01')).toBe('1 Mar 2026')
    expect(british.shortDate('2026-10-19')).toBe('19 Oct')
    expect(british.dateRange('2026-09-27', '2026-11-21')).toMatch(/^27 Sept?\s–\s21 Nov 2026$/)
  })

  it('names hours and weekdays', () => {
    expect(british.hours(10, 11)).toBe('10–11')
    expect(british.weekday(1, 'long')).toBe('Monday')
    expect(british.weekdayList([5, 1, 2, 3, 4])).toBe('Mon–Fri')
    expect(british.weekdayList([1, 3])).toBe('Mon, Wed')
  })

  it("begins the week on the locale's first day", () => {
    expect(british.weekdays).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(makeFormats('en-US').weekdays[0]).toBe(7)
  })

  it('says how long ago in the largest unit', () => {
    expect(british.ago(59_999)).toBeNull()
    expect(british.ago(60_000)).toBe('1 minute ago')
    expect(british.ago(7_199_999)).toBe('1 hour ago')
    expect(british.ago(3 * 86_400_000)).toBe('3 days ago')
  })
})
