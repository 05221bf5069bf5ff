import { describe, expect, it } from 'vitest'
import type { DipFileReport } from '../../../src/cli/dips/dip-file-report.ts'
import { formatDipReport } from '../../../src/cli/dips/format-dip-report.ts'
import { languages } from '../../../src/words/languages.ts'

const dip = {
  ...{
    terminal: 't017',
    weekdays: [6],
    startHour: 22,
    endHour: 1,
    onset: null,
    onsetLow: null,
    onsetHigh: '2025-03-12',
  },
  ...{ onsetOpen: true, ended: null, index: 66.1, usual: 80.3, rawDepth: 14.2, depth: 12.6, ciLow: 9.1, ciHigh: 17.4 },
  ...{ p: 1e-9, q: 3e-7, rank: 1, presses: 812, days: 29, daysBelow: 26, inside: [1, 2, 3, 4], around: [5, 6, 7, 8] },
  sentence: 'The first sentence.',
}
const report: DipFileReport = {
  ...{ from: '2025-02-24', to: '2025-04-20', terminals: 200, presses: 2_400_000, misuse: 31_000, skipped: 12 },
  ...{ outsidePeriod: 4_000, outsideHours: 500, repeated: 7, fdr: 0.005 },
  timing: { readMs: 1, filterMs: 1, scanMs: 1 },
  detections: [dip, { ...dip, terminal: 'gone\u001b[2J', sentence: 'The second sentence.' }],
  insufficient: Array.from({ length: 23 }, (_, i) => ({ terminal: `x${i}`, presses: i, days: 3, message: 'Too few.' })),
}

describe('the report for a person', () => {
  it('tells each finding in its order, what is too little, where the presses went, and how sure it is', () => {
    const text = formatDipReport(report, 'en')
    expect(text).toMatch(
      /^Dips in the Happy Index, 24 Feb\s–\s20 Apr 2025\n\n1\. t017: The first sentence\.\n2\. gone\ufffd\[2J: The second/,
    )
    expect(text).toContain('\n  x19 (presses: 19, days: 3): Too few.\n  … and 3 more terminals; --json lists all\n')
    expect(text).not.toContain('x20')
    for (const count of ['200', '2,400,000', '31,000', '4,000', '500', '12', '7'])
      expect(text).toContain(`: ${count}\n`)
    expect(text).toContain('at most 0.5% are expected to be false alarms')
  })

  it.each(languages)('says in %s when misuse was compared too', (language) => {
    const [left, compared] = [report, { ...report, withMisuse: true as const }].map((of) =>
      formatDipReport(of, language),
    )
    expect(compared).not.toBe(left)
    expect(compared?.split('\n')).toHaveLength(39)
  })

  it.each(languages)('is whole in %s, also with nothing in it', (language) => {
    const empty = { ...report, from: null, to: null, detections: [], insufficient: [] }
    for (const text of [formatDipReport(report, language), formatDipReport(empty, language)])
      expect(text).not.toMatch(/undefined|null|NaN|\n\n\n/)
    expect(formatDipReport(report, language).split('\n')).toHaveLength(39)
  })
})
