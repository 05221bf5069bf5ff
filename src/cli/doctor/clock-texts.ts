import type { CaseText, Facts } from './finding.ts'
import { formatInstant, formatSpan } from './format-amount.ts'

const offset = ({ offsetMs, errorMs }: Facts) =>
  `${formatSpan(Math.abs(Number(offsetMs)))} ${Number(offsetMs) < 0 ? 'behind' : 'ahead of'} the central's, give or take ${formatSpan(errorMs)}`
const synchronise =
  'See that "timedatectl" says that the clock is synchronised (sudo timedatectl set-ntp true) and that UDP port 123 is open. Presses get their true time from the central meanwhile.'

export const clockTexts = {
  synchronised: { status: 'ok', what: (facts) => `The clock is synchronised, and ${offset(facts)}.`, do: null },
  'synchronised-alone': {
    status: 'ok',
    what: () => 'The clock is synchronised; the central could not be asked about it.',
    do: null,
  },
  exchange: {
    status: 'ok',
    what: (facts) => `The clock is not known to be synchronised; it is ${offset(facts)}, whose time is used.`,
    do: null,
  },
  wrong: {
    status: 'warn',
    what: (facts) =>
      `The clock is wrong and not synchronised: it shows ${formatInstant(facts.wallMs)}, ${offset(facts)}, whose time is used.`,
    do: () => synchronise,
  },
  disagrees: {
    status: 'warn',
    what: (facts) => `The clock passes for synchronised, but is ${offset(facts)}: one of the two is wrong.`,
    do: () => 'Compare both with a clock you trust; a central with a wrong clock times every press wrong.',
  },
  unknown: {
    status: 'warn',
    what: ({ wallMs }) =>
      `Nobody has told this machine the time: its clock shows ${formatInstant(wallMs)} and is not synchronised.`,
    do: () => synchronise,
  },
} satisfies Record<string, CaseText>
