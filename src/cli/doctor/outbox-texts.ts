import type { CaseText } from './finding.ts'
import { formatInstant, formatRecords } from './format-amount.ts'

export const outboxTexts = {
  sound: {
    status: 'ok',
    what: ({ epochs, held, waiting, delivered, oldestWaitingAtMs, isChecked }) =>
      `${isChecked ? 'The outbox is sound' : 'The outbox can be read, and is too large to be checked whole'}: ${formatRecords(held)} of ${epochs} ${epochs === 1 ? 'start' : 'starts'} of the daemon, ${formatRecords(delivered)} delivered and kept for 14 days, ${formatRecords(waiting)} waiting${waiting === 0 ? '' : ` since ${formatInstant(oldestWaitingAtMs)}`}.`,
    do: null,
  },
  holes: {
    status: 'fail',
    what: ({ missing }) =>
      `${formatRecords(missing)} should be in the outbox and ${missing === 1 ? 'is' : 'are'} not; the central is told so.`,
    do: () => 'A card that loses what was written to it has to be replaced; look at the other findings about the disk.',
  },
  rejected: {
    status: 'warn',
    what: ({ rejected }) => `The central has refused ${formatRecords(rejected)} for good.`,
    do: () => "Look at the terminal's ledger at the central: it lists them with their reasons.",
  },
  damaged: {
    status: 'fail',
    what: ({ path, error }) => `The database ${path} is damaged: ${error}.`,
    do: () =>
      'Restart the daemon: it moves the damaged database aside, goes on with a new one and takes over what can be read. Then replace the card.',
  },
  'newer-schema': {
    status: 'fail',
    what: ({ path, schema, known }) =>
      `${path} was written by a newer program (schema ${schema}, this one knows ${known}).`,
    do: () => 'Update Smilepost on this machine again.',
  },
  held: {
    status: 'warn',
    what: ({ path }) => `${path} can't be read now: the daemon has it for itself, as it does on a full disk.`,
    do: () => 'Make room on the disk, then run doctor again.',
  },
  unreadable: {
    status: 'fail',
    what: ({ path, error }) => `${path} can't be read: ${error}.`,
    do: () => 'See what the other findings say about the disk; run doctor as the user of the daemon, or with sudo.',
  },
} satisfies Record<string, CaseText>
