import type { ShownCertificate } from '../../shared/pinned-socket.ts'
import type { Failure } from './explain-failure.ts'

/** The key decides alone whether a broker is ours. */
export function judgeKey({ pin }: ShownCertificate, pins: readonly string[]): Failure | null {
  if (pins.includes(pin)) return null
  const text = `the key of the broker is none of broker.pins: it shows ${pin}. Where the broker was given that key on purpose, add its pin; else something else stands in the broker's place`
  return { reason: 'tls-pin', text }
}

/** @param utcMs the time as the central, or a synchronised kernel, tells it; never that of a clock that may be wrong */
export function judgeDates({ validFromMs, validToMs }: ShownCertificate, utcMs: number): Failure | null {
  if (utcMs >= validFromMs && utcMs <= validToMs) return null
  const day = (ms: number) => (Number.isFinite(ms) ? new Date(ms).toISOString().slice(0, 16) : 'an unreadable date')
  const what = utcMs < validFromMs ? `is not valid before ${day(validFromMs)}` : `expired ${day(validToMs)}`
  const text = `the certificate of the broker ${what}, and this terminal knows by now that it is ${day(utcMs)} UTC: the certificate has to be renewed; if its key stays, so does its pin`
  return { reason: 'tls-clock', text }
}
