import { createTransport } from 'nodemailer'
import type { AccountRoom } from './account-room.ts'

export type MailOptions = {
  host: string
  port: number
  /** `tls` from the first byte, `starttls` or nothing at all, `none` to a relay on this machine only. */
  security: 'tls' | 'starttls' | 'none'
  from: string
  username?: string
  password: string
}
type Mail = { to: string; subject: string; text: string }
/** @returns false when the server did not take it; the log says why */
export type SendMail = (mail: Mail) => Promise<boolean>

const patienceMs = 10_000

export function makeMailer(
  options: MailOptions,
  { logger, counters }: Pick<AccountRoom, 'logger' | 'counters'>,
): SendMail {
  const { host, port, security, from, username, password } = options
  const transport = createTransport({
    ...{ host, port, secure: security === 'tls', requireTLS: security === 'starttls', ignoreTLS: security === 'none' },
    ...(username === undefined ? {} : { auth: { user: username, pass: password } }),
    ...{ connectionTimeout: patienceMs, greetingTimeout: patienceMs, socketTimeout: patienceMs },
    // Nothing of a mail may come from a file or an address.
    ...{ disableFileAccess: true, disableUrlAccess: true },
  })
  return async ({ to, subject, text }) => {
    try {
      // As an object, so that a comma in an address can't make two of it.
      await transport.sendMail({ from, to: { name: '', address: to }, subject, text })
      counters.add('mail-sent')
      return true
    } catch (error) {
      counters.add('mail-failed')
      logger.warn({ error: String(error) }, 'mail not sent')
      return false
    }
  }
}
