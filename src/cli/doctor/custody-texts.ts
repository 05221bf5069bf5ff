import type { BoxAccount } from '../../terminal/outbox/read-account.ts'
import type { CaseText, Facts } from './finding.ts'
import { formatCount, formatInstant, formatRecords } from './format-amount.ts'

function tell({
  pressed,
  acknowledged,
  waiting,
  here,
  atBox,
  missing,
  elsewhere,
  oldestWaitingAtMs,
  isTold,
}: Facts): string {
  const where = Number(atBox) > 0 ? ` (${formatCount(here)} here, ${formatCount(atBox)} in the box)` : ''
  const since = Number(here) > 0 ? ` since ${formatInstant(oldestWaitingAtMs)}` : ''
  const by = isTold ? 'acknowledged by the central' : 'acknowledged by the central as far as is noted here'
  const others = Number(elsewhere) > 0 ? `, ${formatCount(elsewhere)} taken by another terminal or card` : ''
  return `Pressed ${formatCount(pressed)}: of these ${formatCount(acknowledged)} ${by}${others}, ${formatCount(waiting)} waiting${where}${since}, ${formatCount(missing)} missing.`
}

function listMissing({ boxes }: Facts): string {
  const ranges = (boxes as BoxAccount[]).flatMap(({ box, ranges: of }) =>
    of.map(({ from, to }) => `${from === to ? from : `${from}–${to}`} of box ${box}`),
  )
  const shown = ranges.slice(-5)
  if (shown.length === 0) return ''
  return ` Missing here: ${ranges.length > shown.length ? '…, ' : ''}${shown.join(', ')}.`
}

export const custodyTexts = {
  whole: { status: 'ok', what: tell, do: null },
  missing: {
    status: 'fail',
    what: (facts) => `${tell(facts)}${listMissing(facts)}`,
    do: () =>
      "Look at the terminal's ledger at the central: a box that was at another terminal meanwhile has its presses there; what is missing there too was lost by this card.",
  },
  between: {
    status: 'warn',
    what: (facts) => `${tell(facts)}${listMissing(facts)} No record of this card is missing.`,
    do: () =>
      "If the box was at another terminal meanwhile, they are there: the terminal's ledger at the central tells, for it knows both.",
  },
  'central-behind': {
    status: 'warn',
    what: ({ records, gone }) =>
      `The central lacks ${formatRecords(records)} that it had acknowledged once: it was restored from a backup${Number(gone) > 0 ? ', and a part is older than what is kept here' : ''}.`,
    do: () => 'Start the daemon: it sends again what it still has.',
  },
  'central-ahead': {
    status: 'fail',
    what: () => 'The central has records of this terminal that this outbox has never held.',
    do: () =>
      'This card is a copy, or was set back: see that no other machine runs under this name. A daemon that starts here begins anew, and loses nothing by it.',
  },
} satisfies Record<string, CaseText>
