import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { explainFailure, leaveReasons } from '../../../src/terminal/uplink/explain-failure.ts'
import { makeUplinkCounters } from '../../../src/terminal/uplink/uplink-counters.ts'

const explain = (code: unknown, message = '') => explainFailure(Object.assign(new Error(message), { code }), 0)

describe('the explanation of a failure', () => {
  it.each([
    ['ECONNREFUSED', 'unreachable', 'is the broker running'],
    ['EHOSTUNREACH', 'unreachable', 'is the network up'],
    ['ENOTFOUND', 'host-unknown', 'broker.urls'],
    ['EAI_AGAIN', 'host-unknown', 'name server'],
    ['CERT_NOT_YET_VALID', 'tls-clock', "not valid yet by this machine's clock (1970-01-01T00:00:00.000Z)"],
    ['CERT_HAS_EXPIRED', 'tls-clock', "has expired by this machine's clock"],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls-untrusted', 'broker.ca'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls-name', 'another name'],
    ['EPROTO', 'tls-failed', 'is this the mqtts port'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls-failed', 'ERR_SSL_WRONG_VERSION_NUMBER'],
    ['EMFILE', 'unreachable', 'EMFILE'],
    [4, 'secret-refused', 'terminal.id'],
    [5, 'secret-refused', 'secret'],
    [3, 'connect-refused', 'takes nobody'],
    [130, 'not-mqtt', 'breaks the protocol'],
  ])('of %s is %s, and says what to look at', (code, reason, part) => {
    expect(explain(code)).toEqual({ reason, text: expect.stringContaining(part) })
  })

  it('exists for any error, has a counter, and is one short line', () => {
    const code = fc.oneof(fc.string(), fc.integer(), fc.constant(undefined))
    const counters = Object.keys(makeUplinkCounters().snapshot())
    fc.assert(
      fc.property(code, fc.string({ maxLength: 5_000 }), (given, message) => {
        const { reason, text } = explain(given, message)
        expect(leaveReasons).toContain(reason)
        expect(counters).toContain(`left-${reason}`)
        expect(text.length).toBeLessThan(400)
      }),
    )
  })
})
