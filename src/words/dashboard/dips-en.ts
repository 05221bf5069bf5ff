/** Texts of the dips' sections. Functions take texts that are already formatted, and the bare count where a plural depends on it. */
export const dipsEn = {
  asOf: (date: string) => `As of the end of ${date}`,
  lookingTitle: 'Still looking',
  looking:
    'All presses are being compared for the first time. Nothing is known yet; this page will say so as soon as it is.',
  insufficientTitle: 'Not enough data yet',
  insufficientFacts: (count: number, presses: string, days: number, shownDays: string) =>
    `${presses} ${count === 1 ? 'press' : 'presses'} so far, in ${shownDays} ${days === 1 ? 'day' : 'days'}`,
  moreDays: (count: number, shown: string) => `about ${shown} more ${count === 1 ? 'day' : 'days'}`,
  pastTitle: 'Gone, but not forgotten',
  firstFound: 'First found',
  confirmedOn: (date: string) => `confirmed on ${date}`,
  endedOn: 'Gone since',
  where: { place: 'Everywhere in this place', chain: 'Everywhere in this chain' },
  misuse: {
    title: 'With and without misuse',
    without: 'Misuse left out',
    with: 'Misuse counted',
    usual: 'Usual',
    lower: 'Lower by',
  },
  fix: {
    title: 'Was something done about it?',
    label: 'We fixed it on',
    help: 'The first day on which it was in force. From then on we watch whether the dip goes away.',
    save: 'Enter',
    undo: 'Take it back',
    failed: 'This could not be saved',
    invalid: 'Choose a day up to today.',
    entered: 'Fix entered',
    verdict: 'Did it work?',
    verdicts: {
      waiting: 'Not looked at yet',
      'too-early': 'Too early to say',
      gone: 'Yes, the dip is gone',
      'still-there': 'No, the dip is still there',
    },
    decidedOn: (date: string) => `decided on ${date}`,
    remaining: 'Left of the dip',
    interval: (low: string, high: string) => `90% interval: ${low} to ${high}`,
  },
  peaks: {
    title: 'What is better than usual',
    help: 'The same comparison the other way round: hours that are better than those around them. Worth a look at what is done differently then.',
  },
  notices: {
    title: 'Out of the ordinary',
    help: 'What was odd on the last complete day. Only silence is judged against chance, and only in hours in which the terminal worked; the rest is counted and may have good reasons.',
    kinds: { silence: 'Silence', 'same-value': 'Same button', 'closed-hour': 'Closed' },
  },
}

export type DipWords = typeof dipsEn
