import type { DipWords } from './dips-en.ts'

function days(count: number): string {
  if (count === 1) return 'den'
  return count >= 2 && count <= 4 ? 'dny' : 'dnů'
}

export const dipsCs: DipWords = {
  asOf: (date) => `Stav ke konci dne ${date}`,
  lookingTitle: 'Ještě hledáme',
  looking: 'Všechna stisknutí se porovnávají poprvé. Zatím nic nevíme; jakmile to bude jasné, stránka to ukáže.',
  insufficientTitle: 'Zatím příliš málo dat',
  insufficientFacts: (_count, presses, dayCount, shownDays) =>
    `Dosud ${presses} stisknutí, ${shownDays} ${days(dayCount)}`,
  moreDays: (count, shown) => `ještě asi ${shown} ${days(count)}`,
  pastTitle: 'Pryč, ale nezapomenuto',
  firstFound: 'Poprvé nalezeno',
  confirmedOn: (date) => `potvrzeno ${date}`,
  endedOn: 'Pryč od',
  where: { place: 'V celém místě', chain: 'V celém řetězci' },
  misuse: {
    title: 'Se zneužitím a bez něj',
    without: 'Bez zneužití',
    with: 'Včetně zneužití',
    usual: 'Obvykle',
    lower: 'O kolik níže',
  },
  fix: {
    title: 'Udělalo se s tím něco?',
    label: 'Napravili jsme to',
    help: 'První den, kdy náprava platila. Od té doby sledujeme, zda pokles mizí.',
    save: 'Zadat',
    undo: 'Vzít zpět',
    failed: 'Uložení se nezdařilo',
    invalid: 'Zvolte den, který není v budoucnosti.',
    entered: 'Náprava zadána',
    verdict: 'Pomohlo to?',
    verdicts: {
      waiting: 'Zatím nevyhodnoceno',
      'too-early': 'Na závěr je příliš brzy',
      gone: 'Ano, pokles je pryč',
      'still-there': 'Ne, pokles trvá',
    },
    decidedOn: (date) => `rozhodnuto ${date}`,
    remaining: 'Z poklesu zbývá',
    interval: (low, high) => `90% interval: ${low} až ${high}`,
  },
  peaks: {
    title: 'Co je lepší než obvykle',
    help: 'Totéž porovnání naopak: hodiny, které jsou lepší než hodiny kolem nich. Stojí za to zjistit, co se tehdy dělá jinak.',
  },
  notices: {
    title: 'Neobvyklé',
    help: 'Co bylo zvláštní v posledním celém dni. S náhodou se porovnává jen ticho, a to jen v hodinách, kdy terminál fungoval; ostatní se jen počítá a může mít dobré důvody.',
    kinds: { silence: 'Ticho', 'same-value': 'Totéž tlačítko', 'closed-hour': 'Zavřeno' },
  },
}
