/** Why a broker was left or did not take us; each is counted as `left-…` (uplink-counters.ts). */
export const leaveReasons = [
  'unreachable',
  'host-unknown',
  'tls-clock',
  'tls-untrusted',
  'tls-pin',
  'tls-name',
  'tls-failed',
  'secret-refused',
  'connect-refused',
  'subscribe-refused',
  'connect-timeout',
  'no-welcome',
  'central-silent',
  'keepalive-timeout',
  'unconfirmed',
  'flooded',
  'not-mqtt',
  'closed',
] as const

export type LeaveReason = (typeof leaveReasons)[number]
export type Failure = { reason: LeaveReason /** One sentence for a person, without secrets. */; text: string }

const clockText =
  "if this clock is wrong, set it or let NTP do so, or give the broker's key in broker.pins, by which a terminal gets the time from the central; else the certificate of the broker has to be renewed"
const untrusted: Failure = {
  reason: 'tls-untrusted',
  text: 'nobody this terminal trusts has signed the certificate of the broker; name the file of your own authority as broker.ca',
}
const secretRefused: Failure = {
  reason: 'secret-refused',
  text: "the broker refuses this terminal's name or secret; compare terminal.id and the secret with what the central gave out",
}
const unreachable = (why: string): Failure => ({ reason: 'unreachable', text: why })
const hostUnknown: Failure = {
  reason: 'host-unknown',
  text: "the broker's host name is not known here; look at broker.urls and at this machine's name server",
}

/** By the codes of Node's sockets and of OpenSSL's verification. */
const byCode = new Map<string, Failure>(
  Object.entries({
    ECONNREFUSED: unreachable('nothing listens at this address (connection refused); is the broker running?'),
    EHOSTUNREACH: unreachable('there is no way to this host; is the network up?'),
    ENETUNREACH: unreachable('there is no way to this network; is the network up?'),
    ENETDOWN: unreachable('the network is down'),
    ETIMEDOUT: unreachable('the host does not answer'),
    ENOTFOUND: hostUnknown,
    EAI_AGAIN: hostUnknown,
    DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
    SELF_SIGNED_CERT_IN_CHAIN: untrusted,
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
    UNABLE_TO_GET_ISSUER_CERT: untrusted,
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
    ERR_TLS_CERT_ALTNAME_INVALID: {
      reason: 'tls-name',
      text: 'the certificate of the broker is for another name than the one in broker.urls',
    },
    ECONNRESET: { reason: 'closed', text: 'the connection was reset' },
    EPIPE: { reason: 'closed', text: 'the connection was reset' },
  } satisfies Record<string, Failure>),
)

/** Other codes of TLS. */
const tlsCode = /^(EPROTO|ERR_SSL|ERR_TLS|CERT|CRL|UNABLE|INVALID|HOSTNAME)/

/** MQTT 3.1.1 table 3.1. */
const byReturnCode = new Map<number, Failure>([
  [1, { reason: 'connect-refused', text: 'the broker does not speak MQTT 3.1.1' }],
  [2, { reason: 'connect-refused', text: "the broker refuses this terminal's name as a client id" }],
  [3, { reason: 'connect-refused', text: 'the broker is up but takes nobody at present' }],
  [4, secretRefused],
  [5, secretRefused],
])

const noTls = (detail: string): Failure => ({
  reason: 'tls-failed',
  text: `no TLS connection (${detail}); is this the mqtts port?`,
})

/** Where the code is missing, or says less. */
const byMessage = new Map<string, Failure>(
  Object.entries({
    'connack timeout': { reason: 'connect-timeout', text: 'the broker took the connection and then said nothing' },
    'Client network socket disconnected before secure TLS connection was established': noTls('closed'),
    'Keepalive timeout': { reason: 'keepalive-timeout', text: 'the broker no longer answers pings; the line is dead' },
  } satisfies Record<string, Failure>),
)

function explainCertificateTime(code: string, wallMs: number): Failure | undefined {
  const isExpired = code === 'CERT_HAS_EXPIRED'
  if (!isExpired && code !== 'CERT_NOT_YET_VALID') return undefined
  const what = isExpired ? 'has expired' : 'is not valid yet'
  const here = new Date(wallMs).toISOString()
  return {
    reason: 'tls-clock',
    text: `the certificate of the broker ${what} by this machine's clock (${here}): ${clockText}`,
  }
}

/**
 * Says what an error of a connection means and what to do about it.
 *
 * @param error what Node, OpenSSL or mqtt.js gave; anything else means that the other side does not speak MQTT
 * @param wallMs this machine's clock, shown where a certificate disagrees with it
 */
export function explainFailure(error: Error & { code?: unknown }, wallMs: number): Failure {
  const { code, message } = error
  const byText = byMessage.get(message)
  if (byText) return byText
  if (typeof code === 'number') {
    return (
      byReturnCode.get(code) ?? { reason: 'not-mqtt', text: `the broker breaks the protocol: ${message.slice(0, 120)}` }
    )
  }
  if (typeof code === 'string') {
    const known = byCode.get(code) ?? explainCertificateTime(code, wallMs)
    if (known) return known
    if (tlsCode.test(code)) return noTls(code)
    return { reason: 'unreachable', text: `no connection (${code})` }
  }
  return { reason: 'not-mqtt', text: `what answers is no MQTT broker: ${message.slice(0, 120)}` }
}
