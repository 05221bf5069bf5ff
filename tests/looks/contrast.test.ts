import { describe, expect, it } from 'vitest'
import { type Colours, darkColours, lightColours } from '../../src/looks/colours.ts'
import { chooseHeatColour } from '../../src/looks/heat-map.ts'
import { moodColours, moods } from '../../src/looks/mood.ts'

type Rgb = [number, number, number]

function parseHex(hex: string): Rgb {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
  return [red ?? 0, green ?? 0, blue ?? 0]
}

/** Relative luminance, WCAG 2.2. */
function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0)
}

function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05)
}

const mix = (over: Rgb, under: Rgb, share: number): Rgb => [
  over[0] * share + under[0] * (1 - share),
  over[1] * share + under[1] * (1 - share),
  over[2] * share + under[2] * (1 - share),
]

const themes: [string, Colours][] = [
  ['light', lightColours],
  ['dark', darkColours],
]

describe.each(themes)('contrast of the %s theme', (_name, colours) => {
  const of = (role: keyof Colours) => parseHex(colours[role])

  it('knows the extremes and a published pair', () => {
    expect(contrast(parseHex('#000000'), parseHex('#ffffff'))).toBeCloseTo(21, 5)
    expect(contrast(parseHex('#767676'), parseHex('#ffffff'))).toBeCloseTo(4.54, 2)
  })

  it.each(moods)('%s stands out from page and surface, and its features from it', (mood) => {
    const face = of(moodColours[mood])
    for (const ground of ['page', 'surface', 'onFace'] as const)
      expect(contrast(face, of(ground)), ground).toBeGreaterThanOrEqual(4.5)
  })

  it.each(['ink', 'inkMuted', 'accent', 'dip'] as const)('text in %s is readable on every ground', (text) => {
    for (const ground of ['page', 'surface', 'sunken'] as const)
      expect(contrast(of(text), of(ground)), ground).toBeGreaterThanOrEqual(4.5)
  })

  it('text on coloured grounds is readable', () => {
    expect(contrast(of('dip'), of('dipSoft'))).toBeGreaterThanOrEqual(4.5)
    expect(contrast(of('onAccent'), of('accent'))).toBeGreaterThanOrEqual(4.5)
    expect(contrast(of('ink'), of('accentSoft'))).toBeGreaterThanOrEqual(4.5)
  })

  it('numbers in the heat map are readable, in full and in pale cells', () => {
    for (let index = 0; index <= 100; index += 1) {
      const cell = of(chooseHeatColour(index, 50))
      expect(contrast(of('ink'), cell), String(index)).toBeGreaterThanOrEqual(4.5)
      expect(contrast(of('inkMuted'), mix(cell, of('surface'), 0.35)), String(index)).toBeGreaterThanOrEqual(4.5)
    }
  })

  it('marks of charts stand out from their ground', () => {
    for (const mark of ['accent', 'lineStrong', 'dip'] as const)
      expect(contrast(of(mark), of('surface')), mark).toBeGreaterThanOrEqual(3)
    expect(contrast(of('accent'), of('dipSoft'))).toBeGreaterThanOrEqual(3)
  })
})
