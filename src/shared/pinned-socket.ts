import { createHash, type X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'

/** What the other side of a TLS connection has shown. Its name and its issuer were not looked at. */
export type ShownCertificate = {
  /** `sha256/` and the base64 of the SHA-256 of its public key (SubjectPublicKeyInfo, RFC 7469 §2.4). */
  pin: string
  validFromMs: number
  validToMs: number
}

/** Whether a text is the pin of a key. */
export const isPin = (text: string): boolean => /^sha256\/[A-Za-z0-9+/]{43}=$/.test(text)

/** @returns null for none, and for one with a key of a kind that Node can't read: none of a pin */
function describeCertificate(certificate: X509Certificate | undefined): ShownCertificate | null {
  try {
    const key = certificate?.publicKey.export({ type: 'spki', format: 'der' })
    if (!certificate || !key) return null
    return {
      pin: `sha256/${createHash('sha256').update(key).digest('base64')}`,
      validFromMs: Date.parse(certificate.validFrom),
      validToMs: Date.parse(certificate.validTo),
    }
  } catch {
    return null
  }
}

/**
 * TLS to a host that is known by its key instead of by an authority, a name and dates, for a machine that may not know the time.
 *
 * Node's own verdict is not used: of several faults `authorizationError` names the last, so that a wrong date may hide a wrong key. That
 * the other side has the key's private half the handshake has proven by then. Nothing that is written leaves before `judge` has agreed,
 * for which it is held back here: Node promises no order between `secureConnect` and the sending of what was written before.
 *
 * @param judge where it does not agree, the connection ends without a byte of ours
 */
export function openPinnedSocket({
  host,
  port,
  judge,
}: {
  host: string
  port: number
  judge: (shown: ShownCertificate) => boolean
}): TLSSocket {
  const socket = connect({ host, port, rejectUnauthorized: false, ...(isIP(host) === 0 && { servername: host }) })
  socket.cork()
  socket.once('secureConnect', () => {
    const shown = describeCertificate(socket.getPeerX509Certificate())
    if (shown && judge(shown)) socket.uncork()
    else socket.destroy()
  })
  return socket
}
