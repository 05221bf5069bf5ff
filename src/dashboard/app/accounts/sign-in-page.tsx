import { useState } from 'preact/hooks'
import { useReader } from '../reader.ts'
import { navigate } from '../route.ts'
import { Field, Form } from './fields.tsx'
import { sendJson } from './send-json.ts'
import { useSession } from './session.ts'

function Forgotten() {
  const { words } = useReader()
  const { session } = useSession()
  const { email, tooOften, failed, signIn } = words.accounts
  const [isSent, setIsSent] = useState(false)
  const send = async (values: Record<string, string>) => {
    const sent = await sendJson('POST', '/api/v1/password-reset/request', values)
    setIsSent(sent.ok)
    return sent
  }
  return (
    <details class="help">
      <summary>{signIn.forgot}</summary>
      <p>{session?.mail ? signIn.forgotMail : signIn.forgotAsk}</p>
      {session?.mail && !isSent && (
        <Form submit={signIn.sendLink} send={send} explain={(status) => (status === 429 ? tooOften : failed)}>
          {(faults) => <Field name="email" label={email} type="email" autocomplete="username" fault={faults.email} />}
        </Form>
      )}
      {isSent && <p role="status">{signIn.linkSent}</p>}
    </details>
  )
}

/** In place of whatever page was wanted, which comes once somebody has signed in. */
export function SignInPage() {
  const { words } = useReader()
  const { session, reload } = useSession()
  const { email, password, tooOften, failed, signIn } = words.accounts
  const problem = new URLSearchParams(location.search).get('problem')
  const send = async (values: Record<string, string>) => {
    const sent = await sendJson('POST', '/api/v1/session', values)
    if (sent.ok) {
      if (location.pathname === '/sign-in') navigate('/')
      reload()
    }
    return sent
  }
  const explain = (status: number) => (status === 401 ? signIn.wrong : status === 429 ? tooOften : failed)
  return (
    <div class="account-page">
      <h1>{signIn.title}</h1>
      {problem && (
        <p class="field-fault" role="alert">
          {problem === 'no-account' ? signIn.problems['no-account'] : signIn.problems.provider}
        </p>
      )}
      {session?.oidc && (
        <a class="button" href="/api/v1/session/oidc">
          {signIn.provider(session.oidc)}
        </a>
      )}
      <Form submit={signIn.submit} send={send} explain={explain}>
        {(faults) => (
          <>
            <Field name="email" label={email} type="email" autocomplete="username" fault={faults.email} />
            <Field
              {...{ name: 'password', label: password, type: 'password', fault: faults.password }}
              autocomplete="current-password"
            />
          </>
        )}
      </Form>
      <Forgotten />
    </div>
  )
}
