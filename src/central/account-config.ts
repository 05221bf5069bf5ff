/** `[mail]` and `[oidc]` of the central's configuration. */
import Type, { type Static } from 'typebox'
import type { Environment } from './external-broker-config.ts'

const strict = { additionalProperties: false }
const loopbackNames = ['127.0.0.1', '::1', 'localhost']
const Text = Type.String({ minLength: 1, maxLength: 300 })

export const MailConfig = Type.Object(
  {
    host: Text,
    port: Type.Integer({ minimum: 1, maximum: 65_535, default: 587 }),
    security: Type.Enum(['starttls', 'tls', 'none'], { default: 'starttls' }),
    from: Text,
    username: Type.Optional(Text),
    /** Empty: from the environment. */
    password: Type.String({ maxLength: 300, default: '' }),
  },
  strict,
)
export type MailConfig = Static<typeof MailConfig>

/** @returns faults that the schema can't see */
export function findMailFaults({ host, security, username, password }: MailConfig): string[] {
  const isOpen = security === 'none' && !loopbackNames.includes(host)
  return [
    ...(isOpen ? ['mail.security: none is for a relay on this machine; links would travel readable'] : []),
    ...(username !== undefined && password === ''
      ? ['mail.password: missing, also in the environment (SMILEPOST_MAIL_PASSWORD)']
      : []),
  ]
}

export const addMailPassword = (mail: MailConfig, { SMILEPOST_MAIL_PASSWORD }: Environment): MailConfig => ({
  ...mail,
  password: SMILEPOST_MAIL_PASSWORD || mail.password,
})
