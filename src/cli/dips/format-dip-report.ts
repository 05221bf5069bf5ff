import type { DipFileWords } from '../../words/dip-file/dip-file-en.ts'
import { dipFileWords } from '../../words/dip-file/dip-file-words.ts'
import { type Formats, makeFormats } from '../../words/formats.ts'
import { chooseLocale, type Language } from '../../words/languages.ts'
import { cleanText } from './clean-text.ts'
import type { DipFileReport } from './dip-file-report.ts'

const mostInsufficient = 20

function listInsufficient({ insufficient }: DipFileReport, words: DipFileWords, formats: Formats): string[] {
  if (insufficient.length === 0) return []
  const lines = insufficient.slice(0, mostInsufficient).map(({ terminal, presses, days, message }) => {
    return `  ${cleanText(terminal)} (${words.insufficientFacts(formats.whole(presses), formats.whole(days))}): ${message}`
  })
  const more = insufficient.length - lines.length
  if (more > 0) lines.push(`  ${words.more(more, formats.whole(more))}`)
  return [words.insufficientTitle, ...lines, '']
}

/** What was read and what of it was compared; lines of nothing are left out but for the bad rows, which one wants to know are none. */
function listTotals(report: DipFileReport, { totals }: DipFileWords, formats: Formats): string[] {
  const line = (label: string, count: number, indent = '') => `${indent}${label}: ${formats.whole(count)}`
  return [
    line(totals.terminals, report.terminals),
    line(totals.presses, report.presses),
    line(report.withMisuse ? totals.misuseCompared : totals.misuse, report.misuse, '  '),
    ...(report.outsidePeriod > 0 ? [line(totals.outsidePeriod, report.outsidePeriod, '  ')] : []),
    line(totals.outsideHours, report.outsideHours, '  '),
    line(totals.skipped, report.skipped),
    ...(report.repeated > 0 ? [line(totals.repeated, report.repeated)] : []),
  ]
}

/** The report for a person: one sentence per dip, what can't be judged, what was counted, and how sure it all is. */
export function formatDipReport(report: DipFileReport, language: Language): string {
  const words = dipFileWords[language]
  const formats = makeFormats(chooseLocale(language, []))
  const share = new Intl.NumberFormat(formats.locale, { style: 'percent', maximumSignificantDigits: 3 })
  const { from, to, detections } = report
  const range = from === null || to === null ? words.noPeriod : formats.dateRange(from, to)
  const dips = detections.map(({ terminal, sentence }, i) => `${i + 1}. ${cleanText(terminal)}: ${sentence}`)
  const lines = [
    words.title(range),
    '',
    ...(dips.length > 0 ? dips : [words.none]),
    '',
    ...listInsufficient(report, words, formats),
    ...listTotals(report, words, formats),
    '',
    words.certainty(share.format(report.fdr)),
    words.silence,
  ]
  return `${lines.join('\n')}\n`
}
