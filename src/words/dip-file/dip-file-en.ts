/** Texts of the report that `smilepost dips` prints. Figures stand behind a colon, so that no language has to bend words to them. */
export type DipFileWords = {
  title(range: string): string
  noPeriod: string
  none: string
  insufficientTitle: string
  insufficientFacts(presses: string, days: string): string
  more(count: number, shown: string): string
  totals: {
    terminals: string
    presses: string
    misuse: string
    /** In place of it where misuse is compared too. */
    misuseCompared: string
    outsideHours: string
    outsidePeriod: string
    skipped: string
    repeated: string
  }
  certainty(share: string): string
  silence: string
}

export const dipFileEn: DipFileWords = {
  title: (range) => `Dips in the Happy Index, ${range}`,
  noPeriod: 'no presses',
  none: 'No dip was found.',
  insufficientTitle: 'Too little data for a verdict',
  insufficientFacts: (presses, days) => `presses: ${presses}, days: ${days}`,
  more: (count, shown) => `… and ${shown} more ${count === 1 ? 'terminal' : 'terminals'}; --json lists all`,
  totals: {
    terminals: 'Terminals',
    presses: 'Presses',
    misuse: 'of these misuse (played with), not compared',
    misuseCompared: 'of these misuse (played with), compared all the same',
    outsideHours: 'of these outside opening hours, not compared',
    outsidePeriod: 'of these before or after this period, not compared',
    skipped: 'Bad rows left out',
    repeated: 'Rows left out because their id came before',
  },
  certainty: (share) =>
    `How sure: of all dips found in this way, at most ${share} are expected to be false alarms, counting every hour, weekday, date and terminal looked at.`,
  silence: 'Where no dip is found, one may still be too shallow to tell from chance with so many presses.',
}
