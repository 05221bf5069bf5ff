import { describe, expect, it } from 'vitest'
import { dashboardWords } from '../../src/words/dashboard/dashboard-words.ts'
import { dipFileWords } from '../../src/words/dip-file/dip-file-words.ts'
import { kioskWords } from '../../src/words/kiosk/kiosk-words.ts'
import { languages } from '../../src/words/languages.ts'

/** Texts that are rightly the same in every language. */
const sameEverywhere = new Set(['Happy Index', 'Role', 'Administrator'])

/** Each text of a catalogue by its path; functions are called with counts for each plural and marked texts. */
function listTexts(node: unknown, path: string): [path: string, text: string][] {
  if (typeof node === 'string') return [[path, node]]
  if (typeof node === 'function')
    return [1, 3, 8].map((count) => [`${path}(${count})`, String(node(count, '⟨b⟩', '⟨c⟩', '⟨d⟩'))])
  return Object.entries(node ?? {}).flatMap(([key, child]) => listTexts(child, `${path}.${key}`))
}

const catalogues = { dashboard: dashboardWords, kiosk: kioskWords, 'dip file': dipFileWords }

describe.each(Object.entries(catalogues))('%s texts', (_name, words) => {
  const source = new Map(listTexts(words.en, ''))

  it('are many', () => {
    expect(source.size).toBeGreaterThan(10)
  })

  it.each(languages)('in %s are all there and whole', (language) => {
    const texts = listTexts(words[language], '')
    expect(texts.map(([path]) => path)).toEqual([...source.keys()])
    for (const [path, text] of texts) {
      expect(text.trim(), path).not.toBe('')
      expect(text, path).not.toMatch(/undefined|\[object|\$\{/)
    }
  })

  it.each(languages.filter((language) => language !== 'en'))('in %s are translated', (language) => {
    const untranslated = listTexts(words[language], '').filter(
      ([path, text]) => source.get(path) === text && /[A-Za-z]{4}/.test(text) && !sameEverywhere.has(text),
    )
    expect(untranslated).toEqual([])
  })

  it.each(languages)('in %s use every figure they are given', (language) => {
    const marks = (text: string) => ['⟨b⟩', '⟨c⟩', '⟨d⟩'].filter((mark) => text.includes(mark))
    for (const [path, text] of listTexts(words[language], ''))
      expect(marks(text), `${language} ${path}`).toEqual(marks(source.get(path) ?? ''))
  })
})

describe('kiosk waiting note', () => {
  it('follows the plural of Czech and Finnish', () => {
    expect([1, 2, 5].map(kioskWords.cs.waiting)).toEqual([
      '1 odpověď čeká na uložení',
      '2 odpovědi čekají na uložení',
      '5 odpovědí čeká na uložení',
    ])
    expect([1, 2].map(kioskWords.fi.waiting)).toEqual([
      '1 vastaus odottaa tallennusta',
      '2 vastausta odottaa tallennusta',
    ])
  })
})
