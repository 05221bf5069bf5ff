import type { CaseText, Facts } from './finding.ts'
import { formatSpan } from './format-amount.ts'

/** By the uplink's reasons (uplink-counters.ts); what is not here is said by the reason's own sentence. */
const remedies: Record<string, string> = {
  unreachable: 'See that the network of this machine is up and that the broker runs; compare broker.urls.',
  'host-unknown': 'Compare broker.urls, and see that this machine has a name server.',
  'tls-clock': 'Set the clock (timedatectl), or have the certificate of the broker renewed.',
  'tls-untrusted': 'Name the file of your own authority as broker.ca.',
  'tls-name': 'Use the name in broker.urls for which the certificate was made.',
  'secret-refused': 'Compare terminal.id and the secret with what "smilepost terminals create" gave out.',
  'subscribe-refused':
    'Run "smilepost broker check" at the central: it says which access rule is missing (config/mosquitto/README.md).',
  'no-welcome': 'See that the central runs and is connected to this broker.',
  'central-silent': 'See that the central runs and is connected to this broker.',
}
const adviseOn = ({ reason }: Facts) =>
  `${remedies[String(reason)] ?? 'See that the broker runs and is set up as config/mosquitto/README.md says.'} No press is lost meanwhile.`

export const brokerTexts = {
  'daemon-stopped': {
    status: 'warn',
    what: () => 'The daemon is not running: presses stay in the box, which holds 124.',
    do: () => 'Start it (smilepost terminal), and see that it always starts with the machine.',
  },
  'daemon-silent': {
    status: 'fail',
    what: ({ pid, port }) =>
      `A daemon (process ${pid}) has the outbox open, but does not answer doctor${port === null ? '' : ` on port ${port}`}; so the way to the central is not tried, which would push it off.`,
    do: () => 'Run doctor with the --config that the daemon runs with; if it does not answer then either, restart it.',
  },
  'no-secret': {
    status: 'warn',
    what: () => "The terminal's secret is not in the configuration, so that the broker and the central are not asked.",
    do: () => 'Run doctor with SMILEPOST_SECRET set as for the daemon, or while the daemon runs.',
  },
  connected: {
    status: 'ok',
    what: ({ url, upMs, answeredAgoMs }) =>
      `The daemon runs for ${formatSpan(upMs)} and is connected to ${url}; the central last answered ${formatSpan(answeredAgoMs)} ago.`,
    do: null,
  },
  silent: {
    status: 'warn',
    what: ({ url, answeredAgoMs }) =>
      `The daemon is connected to ${url}, but the central has not answered for ${formatSpan(answeredAgoMs)}.`,
    do: () => 'See that the central runs; the daemon changes brokers by itself.',
  },
  connecting: {
    status: 'warn',
    what: ({ url, upMs }) => `The daemon runs for ${formatSpan(upMs)} and is on its way to ${url}.`,
    do: () => 'Run doctor again in a minute.',
  },
  failed: {
    status: 'fail',
    what: ({ failed, text }) => `No way to the central over ${failed}: ${text}${/[.?]$/.test(String(text)) ? '' : '.'}`,
    do: adviseOn,
  },
  opens: { status: 'ok', what: ({ url }) => `${url}, another of its brokers, can be reached.`, do: null },
  works: {
    status: 'ok',
    what: ({ url, roundTripMs }) =>
      `${url} takes this terminal with its secret and lets it read its topics; the central answered in ${roundTripMs} ms.`,
    do: null,
  },
} satisfies Record<string, CaseText>
