import type { DipFileWords } from './dip-file-en.ts'

function terminals(count: number): string {
  if (count === 1) return 'terminál'
  return count >= 2 && count <= 4 ? 'terminály' : 'terminálů'
}

export const dipFileCs: DipFileWords = {
  title: (range) => `Poklesy Happy Indexu, ${range}`,
  noPeriod: 'žádná stisknutí',
  none: 'Žádný pokles nebyl nalezen.',
  insufficientTitle: 'Příliš málo dat na závěr',
  insufficientFacts: (presses, days) => `stisknutí: ${presses}, dnů: ${days}`,
  more: (count, shown) => `… a další ${shown} ${terminals(count)}; --json vypíše všechny`,
  totals: {
    terminals: 'Terminály',
    presses: 'Stisknutí',
    misuse: 'z toho zneužití (hra s tlačítky), neporovnává se',
    misuseCompared: 'z toho zneužití (hra s tlačítky), přesto se porovnává',
    outsideHours: 'z toho mimo otevírací dobu, neporovnává se',
    outsidePeriod: 'z toho před tímto obdobím nebo po něm, neporovnává se',
    skipped: 'Vynechané chybné řádky',
    repeated: 'Řádky vynechané, protože se jejich id opakuje',
  },
  certainty: (share) =>
    `Jak jisté to je: ze všech takto nalezených poklesů je očekávaně nejvýše ${share} planých poplachů, se započtením všech zkoumaných hodin, dnů v týdnu, dat a terminálů.`,
  silence:
    'I tam, kde pokles nalezen nebyl, může být pokles příliš mělký na to, aby se při tomto počtu stisknutí odlišil od náhody.',
}
