import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** DER (X.690), as far as an X.509 certificate of a test needs it. */
const der = (tag: number, ...parts: Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts)
  const size = content.length
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}
const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts)
const oid = (...bytes: number[]) => der(0x06, Buffer.from(bytes))
const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02))
const truth = der(0x01, Buffer.from([0xff]))
const named = (name: string) => sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(name)))))
const utcTime = (ms: number) => {
  const digits = new Date(ms).toISOString().replace(/[-:T]/g, '').slice(2, 14)
  return der(0x17, Buffer.from(`${digits}Z`))
}
const basicConstraints = (isAuthority: boolean) =>
  sequence(oid(0x55, 0x1d, 0x13), truth, der(0x04, sequence(...(isAuthority ? [truth] : []))))
const alternativeNames = (host: string) =>
  sequence(
    oid(0x55, 0x1d, 0x11),
    der(
      0x04,
      sequence(
        /^[\d.]+$/.test(host) ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host)),
      ),
    ),
  )

export type Certificate = { name: string; cert: string; key: string; keyObject: KeyObject }
type CertificateOptions = {
  /** Host name or IPv4 address of a server; absent: an authority. */
  host?: string
  /** Absent: signed by itself. */
  issuer?: Certificate
  fromMs?: number
  toMs?: number
}

const yearMs = 365 * 24 * 3_600_000

/** A certificate (RFC 5280, P-256) valid from a year ago to in a year unless said otherwise; times between 1950 and 2049. */
export function makeCertificate(name: string, options: CertificateOptions = {}): Certificate {
  const { host, issuer, fromMs = Date.now() - yearMs, toMs = Date.now() + yearMs } = options
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)])
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ecdsaWithSha256,
    named(issuer?.name ?? name),
    sequence(utcTime(fromMs), utcTime(toMs)),
    named(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(basicConstraints(!host), ...(host ? [alternativeNames(host)] : []))),
  )
  const signature = sign('sha256', body, issuer?.keyObject ?? privateKey)
  const certificate = sequence(body, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature))
  const lines = certificate.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()
  return {
    name,
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    keyObject: privateKey,
  }
}
