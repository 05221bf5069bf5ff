/** Texts of the terminals' pages and their ledger; the source of the other languages, as `dashboard-en.ts`. */
const presses = (count: number, shown: string): string => `${shown} ${count === 1 ? 'press' : 'presses'}`

export const terminalsEn = {
  nav: { label: 'Pages', touchpoints: 'Touchpoints', terminals: 'Terminals' },
  title: 'Terminals',
  lead: (count: number, shown: string) => `${shown} ${count === 1 ? 'terminal' : 'terminals'}`,
  allWell: 'No press is missing, and none was counted twice.',
  someMissing: (count: number, shown: string, terminals: string) =>
    `${presses(count, shown)} missing, terminals concerned: ${terminals}.`,
  comparedWell: (ago: string) => `Figures and presses were compared ${ago}: no difference.`,
  comparedBad: (count: number, shown: string, ago: string) =>
    `Figures and presses were compared ${ago}: ${shown} ${count === 1 ? 'day differs' : 'days differ'}. “smilepost rebuild --dry-run” tells which.`,
  comparedNever:
    'Figures and presses have not been compared yet. That is done every night; “smilepost rebuild --dry-run” does it now.',
  tableTitle: 'All terminals',
  emptyTitle: 'No terminals yet',
  empty:
    'A terminal appears here once it has been created. Whoever runs Smilepost does that with “smilepost terminals create”.',
  notFound: 'This address leads nowhere. The terminal may have been removed, or the link is incomplete.',
  back: 'To all terminals',
  columns: {
    terminal: 'Terminal',
    connection: 'Connection',
    waiting: 'Waiting',
    missing: 'Missing',
  },
  online: 'Online',
  offline: 'Offline',
  lastHeard: 'Last heard',
  neverHeard: 'never',
  lastPress: 'Last press',
  nowhere: 'Not placed',
  cloned: 'Card copied',
  refusing: 'Takes no presses',
  versions: 'Versions',
  notices: {
    refusingTitle: 'This terminal takes no presses',
    refusing:
      'Its card is full or cannot be written. What it has taken is safe, new presses stay in the box, and a full box lights red. Make room on the card or change it; the terminal then goes on by itself.',
    damagedTitle: 'Its card has damaged presses',
    damaged: (salvaged: string | null, missing: string | null) =>
      `The terminal moved its damaged database aside and went on with a new one. Records saved: ${salvaged ?? 'none so far'}; could not be read: ${missing ?? 'nobody can tell how many'}. Cards that fail once fail again: change it.`,
    oldZonesTitle: 'Its time zone rules are old',
    oldZones:
      'Where clocks change by a newer law, its quiet hours may begin an hour early or late. The figures here are right: the server works them out. Update Node.js on the terminal.',
  },
  ledger: {
    title: 'Is every press here?',
    verdicts: {
      silent: 'Nothing is known yet: this terminal has never spoken to the server.',
      none: 'No press yet.',
      whole: (count: number, shown: string) =>
        count === 1
          ? `Yes. The ${shown} press is stored and was counted once.`
          : `Yes. All ${shown} presses are stored, and each was counted once.`,
      waiting: (count: number, shown: string) =>
        `So far, yes. Nothing is missing; ${presses(count, shown)} still on the way.`,
      quarantined: (count: number, shown: string) =>
        `Almost. Nothing is missing, but ${presses(count, shown)} put aside because the contents disagree.`,
      missing: (count: number, shown: string) => `No. ${presses(count, shown)} missing.`,
      twice: (count: number, shown: string) =>
        `No. ${presses(count, shown)} counted more than once. That is a fault of the server: tell whoever runs Smilepost.`,
    },
    asOf: (ago: string) => `As the terminal said ${ago}`,
    sinceThen: 'What came in since then is in these figures; what was pressed since and is still on the way is not.',
    silentSince: 'It has been silent since then. What was pressed later is not in these figures yet.',
    sum: 'Pressed is stored, waiting, missing and put aside together',
    amount: 'Presses',
    pressed: 'Pressed',
    pressedDetail: 'what the box and the touch page say they took',
    stored: 'Stored',
    storedDetail: 'safe on the server',
    waiting: 'Waiting',
    waitingDetail: 'safe in the box or in the terminal, not here yet',
    missing: 'Missing',
    missingDetail: 'taken, and nowhere to be found',
    quarantined: 'Put aside',
    quarantinedDetail: 'arrived with contents that disagree',
    besides: 'Besides',
    twice: 'Counted twice',
    twiceDetail: 'must always be 0',
    repeated: 'Came again',
    repeatedDetail: 'sent more than once to be safe, counted once',
    refused: 'Refused by a full box',
    refusedDetail: 'the box lit red and took nothing; in none of the figures above',
    unplaced: 'In no figures of a touchpoint',
    unplacedDetail: 'pressed while the terminal stood nowhere; counted once somebody says where',
    untimed: 'Of unknown time',
    untimedDetail: 'stored, in no hour until the terminal knows the time again',
    uncertain: 'Of uncertain hour',
    uncertainDetail: 'known to the day at best, in no hour',
    rejected: 'Records refused for ever',
    rejectedDetail: 'unreadable or impossible; the terminal was told',
    clonedTitle: 'Two machines speak under this name',
    cloned:
      'The memory card was probably copied. Presses are kept and not counted until somebody decides. Switch one of the two off, then run “smilepost terminals clone” with --count or --set-aside.',
    missingTitle: 'What is missing',
    numbers: 'Numbers',
    cause: 'Why',
    since: 'Since',
    box: (box: string) => `box ${box}`,
    touch: 'touch page',
    causes: {
      trimmed: 'the terminal had to make room on a full card before it could deliver',
      corrupt: 'damaged on the memory card of the terminal',
      poison: 'the terminal could not send it in any form',
      rejected: 'the server could not accept the content',
      touch: 'taken by the touch page and never delivered',
      unknown: 'unknown; often a memory card or a box that was exchanged before it had delivered',
    },
    waitingTitle: 'What is on the way',
    place: 'Where',
    places: {
      box: 'in the box',
      outbox: 'in the terminal',
      unheard: 'in the box or the terminal, which has not spoken since',
    },
    lostTitle: 'Records that the terminal no longer had',
    records: 'Records',
    conflictsTitle: 'Records that came twice with different contents',
    conflictsLead: 'The first content counts. The later one is kept here and in no figure.',
    conflict: (sequence: string, epoch: string) => `Record ${sequence} of start ${epoch}`,
    field: 'Field',
    first: 'Came first',
    later: 'Came later',
    partly: (shown: string) => `There are more: ${shown} of them are listed, and the figures above count them all.`,
    proofTitle: 'Is this proven?',
    proof:
      'Every press gets a number from its box before the light turns green, and the box keeps it until the terminal has it on its card; the terminal keeps it until the server has it on disk. So the box’s own count is compared here with the numbers that are stored. A number that is stored cannot be counted again, and one that is nowhere is listed as missing: nothing is estimated. What nobody can prove is a press whose box was destroyed before it was connected again.',
  },
}

export type TerminalWords = typeof terminalsEn
