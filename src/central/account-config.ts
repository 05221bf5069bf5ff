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

const isIssuer = (text: string) => {
  const url = URL.canParse(text) ? new URL(text) : null
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && loopbackNames.includes(url.hostname))
}

export const OidcConfig = Type.Object(
  {
    /** What the button of sign-in calls the provider. */
    name: Text,
    issuer: Type.Refine(Type.String(), isIssuer, () => 'expected the https address of the provider'),
    clientId: Text,
    /** Empty: from the environment. */
    clientSecret: Type.String({ maxLength: 500, default: '' }),
    /** Whoever signs in there without an account gets one of this role; left out: they are refused. */
    newcomers: Type.Optional(
      Type.Object(
        {
          role: Type.Enum(['manager', 'viewer', 'ops']),
          place: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
        },
        strict,
      ),
    ),
  },
  strict,
)
export type OidcConfig = Static<typeof OidcConfig>

export const findOidcFaults = ({ clientSecret }: OidcConfig): string[] =>
  clientSecret === '' ? ['oidc.clientSecret: missing, also in the environment (SMILEPOST_OIDC_SECRET)'] : []

export const addOidcSecret = (oidc: OidcConfig, { SMILEPOST_OIDC_SECRET }: Environment): OidcConfig => ({
  ...oidc,
  clientSecret: SMILEPOST_OIDC_SECRET || oidc.clientSecret,
})

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
