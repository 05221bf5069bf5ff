import { describe, expect, it } from 'vitest'
import { cssColours, lightColours } from '../../src/looks/colours.ts'
import { drawFace } from '../../src/looks/face.ts'
import { moods, moodsOfScale } from '../../src/looks/mood.ts'

/** The drawing without its colours and class: what someone who sees no colour tells faces by. */
const shapeOf = (svg: string): string => svg.replace(/(fill|stroke)="[^"]*"/g, '').replace(/class="[^"]*"/g, '')

describe('drawFace', () => {
  it('draws each mood with a shape of its own', () => {
    const shapes = moods.map((mood) => shapeOf(drawFace(mood, lightColours)))
    expect(new Set(shapes).size).toBe(moods.length)
  })

  it('is decoration without a label and a picture with one', () => {
    expect(drawFace('happy', lightColours)).toContain('aria-hidden="true"')
    const named = drawFace('happy', lightColours, 'Happy "& <glad>')
    expect(named).toContain('role="img"')
    expect(named).toContain('aria-label="Happy &quot;&amp; &lt;glad&gt;"')
    expect(named).not.toContain('aria-hidden')
  })

  it('has no inline style, so a strict CSP holds', () => {
    for (const mood of moods) expect(drawFace(mood, cssColours)).not.toMatch(/style=/)
  })
})

describe('moodsOfScale', () => {
  it('gives one mood a value, best first, and none for scales without faces', () => {
    expect(moodsOfScale(3)).toEqual(['very-happy', 'happy', 'unhappy', 'very-unhappy'])
    expect(moodsOfScale(4)).toEqual(['very-happy', 'happy', 'neutral', 'unhappy', 'very-unhappy'])
    expect(moodsOfScale(10)).toBeNull()
  })
})
