import type { CaseText, Facts } from './finding.ts'
import { formatBytes, formatRecords } from './format-amount.ts'

const sizes = ({ databaseBytes, walBytes, ballastBytes }: Facts) =>
  `the outbox takes ${formatBytes(databaseBytes)} and ${formatBytes(walBytes)} of WAL, the ballast ${formatBytes(ballastBytes)}`
const makeRoom =
  'Make room on it: old logs and packages first. Never delete outbox.sqlite or its -wal; what the central has goes by itself.'

const tellUncounted = (missing: number): string =>
  missing === 0
    ? 'how many are missing is not known yet'
    : `at least ${formatRecords(missing)} are missing, and not all is known yet`

export const diskTexts = {
  room: {
    status: 'ok',
    what: (facts) => `The disk has ${formatBytes(facts.freeBytes)} free; ${sizes(facts)}.`,
    do: null,
  },
  short: {
    status: 'warn',
    what: (facts) =>
      `The disk has little room: ${formatBytes(facts.freeBytes)} free; ${sizes(facts)}. Delivered presses are deleted before their 14 days.`,
    do: () => makeRoom,
  },
  'no-ballast': {
    status: 'warn',
    what: (facts) => `There is no ballast, the room kept for a full disk; ${formatBytes(facts.freeBytes)} free.`,
    do: () => 'Wait a minute after the start; if it is still missing, look at the log of the daemon and make room.',
  },
  full: {
    status: 'fail',
    what: (facts) => `The disk is full: ${formatBytes(facts.freeBytes)} free; ${sizes(facts)}.`,
    do: () => makeRoom,
  },
  refusing: {
    status: 'fail',
    what: (facts) =>
      `The daemon takes no presses, they stay in the box: its disk is full or can't be written (${formatBytes(facts.freeBytes)} free; ${sizes(facts)}).`,
    do: () => `${makeRoom} The daemon goes on by itself once there is room.`,
  },
  'read-only': {
    status: 'fail',
    what: ({ folder }) => `The disk of ${folder} is read-only: a failing card is often set so by the system.`,
    do: () =>
      'Look at "dmesg" for errors of the card, replace it if there are any, else mount it read-write again. Presses stay in the box meanwhile, which holds 124.',
  },
  'not-writable': {
    status: 'fail',
    what: ({ folder, error }) => `${folder} can't be written and read back: ${error}.`,
    do: () => 'See that it belongs to the user the daemon runs as; if it does, replace the card.',
  },
  'other-user': {
    status: 'warn',
    what: ({ folder, user, owner }) =>
      `${user} is not the owner of ${folder} (user id ${owner}), so that writing and the outbox are not looked at.`,
    do: () => 'Run doctor as the user of the daemon, or with sudo.',
  },
  'no-folder': {
    status: 'warn',
    what: ({ folder }) => `There is no folder ${folder} yet: no daemon has run with this configuration.`,
    do: () => 'Start the daemon (smilepost terminal), or set terminal.data to the folder that it uses.',
  },
  'not-a-folder': {
    status: 'fail',
    what: ({ folder }) => `${folder} is a file; the daemon needs a folder there.`,
    do: () => 'Move the file away, or set terminal.data to another path.',
  },
  quarantined: {
    status: 'warn',
    what: ({ count, newest, salvaged, missing, uncounted, open, told }) => {
      const gone = uncounted === 0 ? `${formatRecords(missing)} are missing` : tellUncounted(Number(missing))
      const read = `${formatRecords(salvaged)} were read of what the daemon knows, ${gone}`
      return `${count === 1 ? 'A damaged database was' : `${count} damaged databases were`} moved aside, the newest ${newest}${told === 0 ? '' : `: ${read}${open === 0 ? '' : `, ${open} could not be read`}`}.`
    },
    do: ({ path }) =>
      `Replace the card soon: this one has changed what was written to it. Copy ${path} away before, if presses are missing; it is deleted by itself once everything in it is with the central for 30 days.`,
  },
} satisfies Record<string, CaseText>
