import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { findDips } from '../../../src/analysis/find-dips.ts'
import { dipFigures } from '../../../src/central/report/dip-figures.ts'
import { generateFleet } from '../../support/press-generator.ts'
import { shuffle, writeRows } from './planted-file.ts'
import { reportOf } from './report-of.ts'

// Ten-o'clock slumps on weekdays since the fifth week; Monday 3 March 2025 begins at 17:00 UTC of the Sunday in Jakarta.
const dip = { weekdays: [1, 2, 3, 4, 5], startSlot: 10, endSlot: 11, fromDay: 28, depth: 22 }
const fleet = generateFleet(7, 8, 56, { at: 3, dip })
const rows = writeRows(fleet, Date.parse('2025-03-02T17:00:00Z'))
// Closed at midnight: the business day is the date, and the cells are those of the fleet.
const terminals = `terminal,tz,open,close\n${fleet.map(({ id }) => `${id},Asia/Jakarta,05:00,23:00`).join('\n')}\n`
const header = 'terminal,utc,button\n'
const file = (lines: readonly string[]) => `${header}${lines.join('\n')}\n`

describe('a dip planted in a press file', async () => {
  const { report, printed } = await reportOf(file(rows), terminals)

  it('is found in its hours, on its weekdays and since its day, and nothing beside it', () => {
    expect(report).toMatchObject({
      from: '2025-03-03',
      to: '2025-04-27',
      terminals: 8,
      presses: rows.length,
      misuse: 0,
    })
    expect(report).toMatchObject({ skipped: 0, outsideHours: 0, outsidePeriod: 0, repeated: 0, fdr: 0.05 })
    expect(report.detections).toHaveLength(1)
    expect(report.detections[0]).toMatchObject({
      terminal: 't004',
      weekdays: [1, 2, 3, 4, 5],
      startHour: 10,
      endHour: 11,
    })
    expect(report.detections[0]?.sentence).toMatch(/^Since about .* Monday to Friday 10–11: Happy Index \d+ /)
    expect(printed).toEqual([])
  })

  it('has the figures of the scan, buttons best first', () => {
    const openSlots = Uint8Array.from({ length: 56 * 24 }, (_, cell) => (cell % 24 >= 5 && cell % 24 < 23 ? 1 : 0))
    const cells = fleet.map((touchpoint) => ({ ...touchpoint, openSlots }))
    const found = findDips(cells, { fdr: 0.05 }).found.filter(({ q }) => q <= 0.05)
    const { sentence: _, ...figures } = report.detections[0] ?? { sentence: '' }
    expect(figures).toEqual({ terminal: 't004', ...dipFigures(found[0] as (typeof found)[0], '2025-03-03', 0) })
    const [first] = report.detections
    expect(first?.inside.reduce((sum, count) => sum + count, 0)).toBe(first?.presses)
    expect(first?.usual).toBeCloseTo((first?.index ?? 0) + (first?.rawDepth ?? 0), 10)
  })

  it('is the same report, byte for byte, in any order of rows, with ids, repeats, gzip, CRLF and other columns', async () => {
    const expected = JSON.stringify(report)
    expect(JSON.stringify((await reportOf(file(shuffle(rows, 1)), terminals)).report)).toBe(expected)
    const crlf = gzipSync(file(shuffle(rows, 2)).replaceAll('\n', '\r\n'))
    expect(JSON.stringify((await reportOf(crlf, terminals)).report)).toBe(expected)
    const reversed = terminals.trim().split('\n').toReversed()
    const otherOrder = [reversed.at(-1), ...reversed.slice(0, -1)].join('\n')
    const withIds = rows.map((row, i) => `"a, ""note""",${i % 3 === 0 ? '' : i},${row}`)
    const twice = shuffle([...withIds, ...withIds.filter((_, i) => i % 3 === 1)], 3)
    const repeated = await reportOf(`note,id,terminal,utc,button\n${twice.join('\n')}`, otherOrder)
    const count = rows.filter((_, i) => i % 3 === 1).length
    expect(JSON.stringify(repeated.report)).toBe(JSON.stringify({ ...report, repeated: count }))
  })

  it('lies outside a period before it began', async () => {
    const earlier = await reportOf(file(rows), terminals, { to: '2025-03-30', from: '2025-03-03' })
    expect(earlier.report).toMatchObject({ from: '2025-03-03', to: '2025-03-30', detections: [] })
    expect(earlier.report.presses).toBe(rows.length)
    expect(earlier.report.outsidePeriod).toBeGreaterThan(1000)
  })

  it('says in the language asked for what it found', async () => {
    const finnish = await reportOf(file(rows), terminals, { language: 'fi' })
    expect(finnish.report.detections[0]?.sentence).toContain('maanantaista perjantaihin klo 10–11')
  })
})
