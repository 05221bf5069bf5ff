import { useEffect, useState } from 'preact/hooks'
import type { LinkState } from '../../../contracts/http/accounts.ts'
import { Loading } from '../page-states.tsx'
import { useReader } from '../reader.ts'
import { navigate } from '../route.ts'
import { Field, Form } from './fields.tsx'
import { type Sent, sendJson } from './send-json.ts'
import { useSession } from './session.ts'

export type LinkKind = LinkState['kind']
const targets: Record<LinkKind, string> = {
  setup: '/api/v1/setup',
  invite: '/api/v1/invitation',
  reset: '/api/v1/password-reset',
}

/** The holder of a one-time link chooses a password, and who they are where nobody knows yet. The secret stays behind the #. */
export function LinkPage({ kind }: { kind: LinkKind }) {
  const { words, language } = useReader()
  const { reload } = useSession()
  const { links, email, name, password, passwordHelp, tooOften, failed } = words.accounts
  const [secret] = useState(() => location.hash.slice(1))
  const [link, setLink] = useState<Sent<LinkState> | null>(null)
  const [isGone, setIsGone] = useState(false)
  useEffect(() => {
    void sendJson<LinkState>('POST', '/api/v1/links', { secret }).then(setLink)
  }, [secret])

  if (link === null) return <Loading />
  if (!link.ok || isGone || link.value.kind !== kind)
    return (
      <div class="notice">
        <h1>{links.gone}</h1>
        <p>{links.goneText}</p>
      </div>
    )
  const send = async (values: Record<string, string>) => {
    const known = kind === 'reset' ? {} : { language }
    const sent = await sendJson('POST', targets[kind], { secret, ...known, ...values })
    if (sent.ok) {
      navigate('/')
      reload()
    } else if (sent.status === 410) setIsGone(true)
    return sent
  }
  return (
    <div class="account-page">
      <h1>{links[kind]}</h1>
      {link.value.email && <p class="lead">{link.value.email}</p>}
      <Form submit={links.submit} send={send} explain={(status) => (status === 429 ? tooOften : failed)}>
        {(faults) => (
          <>
            {kind === 'setup' && (
              <Field name="email" label={email} type="email" autocomplete="username" fault={faults.email} />
            )}
            {kind !== 'reset' && (
              <Field name="name" label={name} autocomplete="name" value={link.value.name ?? ''} fault={faults.name} />
            )}
            <Field
              {...{ name: 'password', label: password, type: 'password', help: passwordHelp, fault: faults.password }}
              autocomplete="new-password"
            />
          </>
        )}
      </Form>
    </div>
  )
}
