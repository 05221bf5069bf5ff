import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lightColours } from '../../src/looks/colours.ts'
import { chooseHeatColour, drawHeatMap } from '../../src/looks/heat-map.ts'
import { type HourPoint, listHours, trimHours } from '../../src/looks/hour-point.ts'
import { drawHourProfile } from '../../src/looks/hour-profile.ts'
import { drawScoreStrip } from '../../src/looks/score-strip.ts'

const point = (hour: number, presses: number, index: number | null): HourPoint => ({
  hour,
  presses,
  index,
  low: index === null ? null : index - 3,
  high: index === null ? null : index + 3,
  title: `${hour}: <${index}>`,
})

const profileWords = { label: 'By "hour"', index: 'Index', presses: 'Presses', average: 'All: 80' }
const draw = (points: HourPoint[], windows: { startHour: number; endHour: number; label: string }[] = []) =>
  drawHourProfile({
    width: 600,
    points,
    average: 80,
    windows,
    words: profileWords,
    formatCount: String,
    colours: lightColours,
  })
const count = (text: string, part: string): number => text.split(part).length - 1

/** Text of every element, attributes balanced: enough to see that a string is one well-formed SVG. */
function expectWellFormed(svg: string): void {
  const open: string[] = []
  const tags = [...svg.matchAll(/<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/gi)]
  expect(tags.map(([tag]) => tag).join('')).toBe(svg.replace(/>[^<]+</g, '><'))
  for (const [, close, name = '', , isEmpty] of tags) {
    if (close) expect(open.pop()).toBe(name)
    else if (!isEmpty) open.push(name)
  }
  expect(open).toEqual([])
}

describe('hours', () => {
  it('go round midnight', () => {
    expect(listHours(10, 11)).toEqual([10])
    expect(listHours(22, 2)).toEqual([22, 23, 0, 1])
    expect(listHours(23, 24)).toEqual([23])
    expect(listHours(4, 4)).toHaveLength(24)
  })

  it('are trimmed at both ends and kept within', () => {
    const points = [point(7, 0, null), point(8, 3, 70), point(9, 0, null), point(10, 1, 90), point(11, 0, null)]
    expect(trimHours(points).map(({ hour }) => hour)).toEqual([8, 9, 10])
    expect(trimHours([point(7, 0, null)])).toEqual([])
  })
})

describe('drawHourProfile', () => {
  const points = [point(8, 30, 82), point(9, 55, 84), point(10, 60, 63), point(11, 50, 81)]

  it('has one point, one column and one title an hour, and is one named picture', () => {
    const svg = draw(points)
    expectWellFormed(svg)
    expect(count(svg, '<circle')).toBe(4)
    expect(count(svg, 'class="chart-hour"')).toBe(4)
    expect(svg).toContain('role="img" aria-label="By &quot;hour&quot;"')
    expect(svg).toContain('<title>10: &lt;63&gt;</title>')
    expect(svg).not.toContain('style=')
  })

  it('shades the hours of a dip and names them', () => {
    const shaded = draw(points, [{ startHour: 10, endHour: 11, label: '10–11' }])
    expect(count(shaded, lightColours.dipSoft)).toBe(1)
    expect(shaded).toContain('>10–11<')
    expect(count(draw(points, [{ startHour: 20, endHour: 21, label: '20–21' }]), lightColours.dipSoft)).toBe(0)
  })

  it('leaves a gap where an hour has no index, and draws no interval where there is none', () => {
    const svg = draw([point(8, 3, 80), point(9, 0, null), { ...point(10, 4, 70), low: null, high: null }])
    expectWellFormed(svg)
    expect(count(svg, '<circle')).toBe(2)
    expect(/d="(M[^"]*)" fill="none"/.exec(svg)?.[1]?.match(/M/g)).toHaveLength(2)
  })

  it('puts every point between the lowest and the highest line, whatever the figures', () => {
    const figure = fc.record({ presses: fc.nat(9_999), index: fc.option(fc.double({ min: 0, max: 100, noNaN: true })) })
    fc.assert(
      fc.property(fc.array(figure, { minLength: 1, maxLength: 24 }), (figures) => {
        const svg = draw(
          figures.map(({ presses, index }, hour) => ({ ...point(hour, presses, index), low: index, high: index })),
        )
        expectWellFormed(svg)
        expect(svg).not.toMatch(/NaN|Infinity|undefined/)
        for (const [, y] of svg.matchAll(/<circle cx="[^"]*" cy="([^"]*)"/g)) {
          expect(Number(y)).toBeGreaterThanOrEqual(34)
          expect(Number(y)).toBeLessThanOrEqual(216)
        }
      }),
    )
  })
})

describe('drawHeatMap', () => {
  const cells = [
    { weekday: 1, hour: 10, presses: 90, index: 62, title: 'Mon 10 & low' },
    { weekday: 2, hour: 10, presses: 4, index: 95, title: 'Tue 10' },
  ]
  const drawing = (width: number) =>
    drawHeatMap({
      width,
      hours: [10, 11],
      weekdays: [
        { weekday: 1, name: 'Mon' },
        { weekday: 2, name: 'Tue' },
      ],
      cells,
      average: 80,
      fewPresses: 20,
      words: { label: 'Week' },
      colours: lightColours,
    })

  it('prints the number of each cell, pale where presses are few, and frames the empty ones', () => {
    const svg = drawing(800)
    expectWellFormed(svg)
    expect(svg).toContain('>62<')
    expect(svg).toContain('<title>Mon 10 &amp; low</title>')
    expect(count(svg, 'fill-opacity="0.35"')).toBe(1)
    expect(count(svg, 'fill="none"')).toBe(2)
  })

  it('runs the hours downwards on a narrow page', () => {
    expect(drawing(800)).toContain('height="88"')
    expect(drawing(350)).toContain('height="76"')
  })

  it('colours by distance from the average', () => {
    expect(chooseHeatColour(80, 80)).toBe('heat4')
    expect(chooseHeatColour(81.9, 80)).toBe('heat4')
    expect(chooseHeatColour(70, 80)).toBe('heat2')
    expect(chooseHeatColour(69.9, 80)).toBe('heat1')
    expect(chooseHeatColour(0, 80)).toBe('heat1')
    expect(chooseHeatColour(100, 80)).toBe('heat7')
  })
})

describe('drawScoreStrip', () => {
  it('keeps what lies below its left end at the left end', () => {
    const svg = drawScoreStrip({
      width: 150,
      from: 60,
      index: 40,
      low: 30,
      high: 70,
      label: 'x',
      colours: lightColours,
    })
    expectWellFormed(svg)
    expect(svg).toContain('cx="5"')
  })

  it('is an empty line without an index', () => {
    const svg = drawScoreStrip({
      width: 150,
      from: 0,
      index: null,
      low: null,
      high: null,
      label: 'x',
      colours: lightColours,
    })
    expect(svg).not.toContain('<circle')
    expect(count(svg, '<rect')).toBe(1)
  })
})
