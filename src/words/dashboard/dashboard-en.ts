import { accountsEn } from './accounts-en.ts'
import { dipsEn } from './dips-en.ts'
import { terminalsEn } from './terminals-en.ts'

/**
 * The source of the dashboard's texts; every other language has the same keys.
 * Functions take texts that are already formatted for the reader, and the bare count where a plural depends on it.
 */
export const dashboardEn = {
  skip: 'Skip to content',
  language: 'Language',
  theme: { dark: 'Dark colours', light: 'Light colours' },
  moods: {
    'very-happy': 'Very happy',
    happy: 'Happy',
    neutral: 'Neither',
    unhappy: 'Unhappy',
    'very-unhappy': 'Very unhappy',
  },
  states: {
    loading: 'Loading…',
    errorTitle: 'This could not be loaded',
    unreachable: 'The Smilepost server does not answer. Check the connection and try again.',
    notFoundTitle: 'Nothing here',
    notFound: 'This address leads nowhere. The touchpoint may have been removed, or the link is incomplete.',
    retry: 'Try again',
    backHome: 'To all touchpoints',
  },
  home: {
    title: 'How are we doing?',
    lead: (touchpoints: number, shown: string, range: string) =>
      `${shown} ${touchpoints === 1 ? 'touchpoint' : 'touchpoints'}, ${range}`,
    dipsTitle: 'Hours that hurt',
    dipsLead: 'Worst first, by how far satisfaction falls and how many presses it touches.',
    noDips:
      'No hour stands out at any touchpoint. An hour is listed here only when chance is a poor explanation for it.',
    insufficientTitle: 'Too little data to tell',
    touchpointsTitle: 'All touchpoints',
    emptyTitle: 'No touchpoints yet',
    empty:
      'A touchpoint appears here once a terminal has been placed. Whoever runs Smilepost does that with “smilepost terminals create”.',
    updated: 'Computed',
  },
  columns: {
    touchpoint: 'Touchpoint',
    index: 'Happy Index',
    interval: 'Range',
    share: 'Happy presses',
    presses: 'Presses',
    days: 'Days',
    lastPress: 'Last press',
    hour: 'Hour',
    button: 'Button',
    portion: 'Share',
  },
  time: {
    justNow: 'just now',
    never: 'no press yet',
    zone: (zone: string) => `Hours are local time, ${zone}`,
  },
  score: {
    title: 'Happy Index',
    of100: 'of 100',
    interval: (low: string, high: string) => `between ${low} and ${high}`,
    noInterval: 'too few days to give a range',
    none: 'no presses in this period',
    share: 'happy or very happy',
    presses: (count: number, shown: string) => `${shown} ${count === 1 ? 'press' : 'presses'}`,
    description: (index: string, low: string, high: string) => `Happy Index ${index}, between ${low} and ${high}`,
    help: (confidence: string) =>
      `Every press scores 100 (very happy), 67 (happy), 33 (unhappy) or 0 (very unhappy); the Happy Index is their average. The range says how far the index could be off by chance; with days like these, it would hold the true value in ${confidence} of cases.`,
  },
  dip: {
    title: 'The hour that hurts',
    titleMany: 'The hours that hurt',
    none: 'No hour of this touchpoint stands out.',
    noneDetail:
      'We compare every hour with the hours around it, day by day, and speak up only when chance is a poor explanation.',
    states: {
      suspected: 'Suspected',
      confirmed: 'Confirmed',
      fixed: 'Fixed',
      over: 'Over',
      back: 'Back again',
    },
    stateDetails: {
      suspected: 'The evidence is growing, but chance is not ruled out yet.',
      confirmed: 'The evidence is strong.',
      fixed: 'It went away after something was done about it.',
      over: 'It went away by itself.',
      back: 'It had gone and has come back.',
    },
    trends: { growing: 'Growing', steady: 'Steady', fading: 'Fading' },
    when: (weekdays: string, hours: string) => `${weekdays} ${hours}`,
    everyDay: 'Every day',
    since: 'Since',
    sinceBefore: 'Before this period began',
    sinceBetween: (low: string, high: string) => `between ${low} and ${high}`,
    sinceOpen: 'possibly earlier',
    depth: 'How much lower',
    points: (shown: string) => `${shown} points`,
    pointsBetween: (low: string, high: string) => `between ${low} and ${high}`,
    usual: 'Index in these hours',
    usualDetail: (usual: string) => `where ${usual} is usual`,
    daysBelow: 'Days below usual',
    daysOf: (below: string, days: string) => `${below} of ${days}`,
    certainty: 'How sure we are',
    certainties: {
      'practically-certain': 'Practically certain',
      'very-likely': 'Very likely',
      likely: 'Likely',
      suspected: 'Suspected',
    },
    falseAlarms: (of: string) => `at most 1 in ${of} such reports is expected to be a false alarm`,
    careful: 'careful estimate',
    evidence: 'Presses in these hours and around them',
    inside: 'In these hours',
    around: 'In the hours around',
    help: (share: string) =>
      `Each day the hour is compared with the hours around it, so a bad day as a whole does not count. How sure we are takes into account that every hour of every touchpoint was looked at; among all dips found, at most ${share} are expected to be false alarms. How much lower is estimated carefully: the deepest of many candidates always looks deeper than it is.`,
  },
  profile: {
    title: 'Hour by hour',
    label: (shown: string) => `Happy Index by local hour. The numbers are in the table below. ${shown}`,
    indexAxis: 'Happy Index',
    pressAxis: 'Presses in the period',
    average: (index: string) => `All hours together: ${index}`,
    averageKey: 'All hours together',
    intervalKey: 'Range of each hour',
    dipKey: 'Hour that hurts',
    point: (hours: string, index: string, range: string, presses: string) => `${hours}: ${index}${range}, ${presses}`,
    range: (low: string, high: string) => ` (${low} to ${high})`,
    table: 'The numbers as a table',
    help: 'All presses of the period that fell into the hour, on any day, taken together. The bar over each point says how far the hour could be off by chance; an hour with few days has a long bar or none. The dip above counts only its own weekdays since it began, so this hour can look less deep here.',
    empty: 'No presses in this period. Choose a longer one.',
  },
  week: {
    title: 'Hour and weekday',
    label: 'Happy Index by local hour and weekday. The numbers are in the table below.',
    cell: (weekday: string, hours: string, index: string, presses: string) =>
      `${weekday} ${hours}: ${index}, ${presses}`,
    lower: (points: string) => `${points} or more points lower`,
    usual: 'as usual here',
    higher: (points: string) => `${points} or more points higher`,
    few: (presses: string) => `pale: fewer than ${presses} presses`,
    help: 'Colour compares each cell with this touchpoint’s own index. A single cell holds few presses, so one odd cell means little; a whole row or column that leans one way means more.',
  },
  live: {
    title: 'Today, live',
    presses: 'presses today',
    connecting: 'Connecting…',
    live: 'Live',
    lost: 'Connection lost, trying again…',
    spoken: (count: number, shown: string) => `${shown} ${count === 1 ? 'press' : 'presses'} today`,
    help: 'Every press as it arrives, before the filter for misuse. The other figures on this page count whole days only.',
  },
  buttons: {
    title: 'Which buttons',
    help: 'How often each of the buttons was pressed in the period.',
  },
  misuse: {
    none: 'No presses were flagged as misuse.',
    left: (count: number, shown: string) =>
      `${shown} ${count === 1 ? 'press' : 'presses'} flagged as misuse, left out here.`,
    with: (count: number, shown: string) =>
      `${shown} ${count === 1 ? 'press' : 'presses'} flagged as misuse, counted here.`,
    showWith: 'Show with them',
    showWithout: 'Leave them out',
    help: 'Presses that follow each other faster than different people could give them, such as a child playing with the buttons. They are kept, never deleted.',
  },
  period: {
    title: 'Period',
    from: 'From',
    to: 'To',
    show: 'Show',
    weeks: (shown: string) => `${shown} weeks`,
    invalid: 'The first day must not be after the last.',
  },
  dips: dipsEn,
  terminals: terminalsEn,
  accounts: accountsEn,
  helpTitle: 'How is this computed?',
}

export type DashboardWords = typeof dashboardEn
