/** Who may sign in, within the subtree of the administrator who reads. */
import { useState } from 'preact/hooks'
import type { UserItem, UserLink } from '../../../contracts/http/accounts.ts'
import { Card } from '../card.tsx'
import { Failed, Loading } from '../page-states.tsx'
import { useReader } from '../reader.ts'
import { TimeAgo } from '../time-ago.tsx'
import { useApi } from '../use-api.ts'
import { Field, Form } from './fields.tsx'
import { sendJson } from './send-json.ts'
import { useSession } from './session.ts'
import { PlaceChoices, RoleChoice } from './user-choices.tsx'
import { type PlaceChoice, useStores } from './user-places.ts'

/** Where a link went, or the link itself for whoever hands it on. */
function LinkNote({ link }: { link: UserLink }) {
  const { words } = useReader()
  const { mailed, handOn } = words.accounts.users
  const { email } = link.user
  return (
    <div class="notice" role="status">
      <p>{link.url === null ? mailed(email) : handOn(email)}</p>
      {link.url !== null && <code class="one-time-link">{link.url}</code>}
    </div>
  )
}

type RowProps = {
  user: UserItem
  stores: readonly PlaceChoice[]
  reload: () => void
  tell: (told: string | UserLink) => void
}

function useChange({ user, reload, tell }: RowProps) {
  const { words } = useReader()
  const { users, failed } = words.accounts
  return (body: object) => {
    const headers = { 'if-match': `"${user.revision}"` }
    void sendJson('PATCH', `/api/v1/users/${user.id}`, body, headers).then((sent) => {
      tell(sent.ok ? '' : sent.status === 412 ? users.stale : sent.status === 409 ? users.lastAdmin : failed)
      reload()
    })
  }
}

function UserRow(props: RowProps) {
  const { user, stores, tell } = props
  const { words } = useReader()
  const { users, failed } = words.accounts
  const change = useChange(props)
  const isDisabled = user.state === 'disabled'
  const makeLink = () =>
    void sendJson<UserLink>('POST', `/api/v1/users/${user.id}/link`, {}).then((sent) =>
      tell(sent.ok ? sent.value : failed),
    )
  return (
    <tr>
      <th scope="row">
        {user.name}
        <span class="muted row-path">{user.email}</span>
      </th>
      <td>
        <RoleChoice label={users.roleOf(user.name)} value={user.role} onChoose={(role) => change({ role })} />
      </td>
      <td>
        <PlaceChoices
          {...{ stores, label: users.placeOf(user.name), value: user.place ?? '' }}
          onChoose={(place) => change({ place: place === '' ? null : place })}
        />
      </td>
      <td>{users.states[user.state]}</td>
      <td class="wide-only">
        <TimeAgo instant={user.lastSignInAt} never={users.never} />
      </td>
      <td class="user-actions">
        <button type="button" class="button" onClick={() => change({ state: isDisabled ? 'active' : 'disabled' })}>
          {isDisabled ? users.enable : users.disable} <span class="visually-hidden">{user.name}</span>
        </button>
        {!isDisabled && (
          <button type="button" class="button" onClick={makeLink}>
            {users.newLink} <span class="visually-hidden">{user.name}</span>
          </button>
        )}
      </td>
    </tr>
  )
}

function Invitation({ stores, reload, tell }: Omit<RowProps, 'user'>) {
  const { words, language } = useReader()
  const { session } = useSession()
  const { users, email, name, failed } = words.accounts
  const send = async ({ place, ...values }: Record<string, string>) => {
    const body = { ...values, language, place: place || null }
    const sent = await sendJson<UserLink>('POST', '/api/v1/users', body)
    if (sent.ok) {
      tell(sent.value)
      reload()
    }
    return sent
  }
  return (
    <Card title={users.inviteTitle}>
      <Form submit={users.invite} send={send} explain={() => failed}>
        {(faults) => (
          <>
            <Field name="email" label={email} type="email" autocomplete="off" fault={faults.email} />
            <Field name="name" label={name} autocomplete="off" fault={faults.name} />
            <div class="field-row">
              <div class="field">
                <span class="field-name">{users.columns.role}</span>
                <RoleChoice name="role" label={users.columns.role} value="manager" />
              </div>
              <div class="field">
                <span class="field-name">{users.columns.place}</span>
                <PlaceChoices
                  {...{ name: 'place', label: users.columns.place, value: session?.user?.place ?? '', stores }}
                />
              </div>
            </div>
          </>
        )}
      </Form>
    </Card>
  )
}

export function UsersPage() {
  const { words, formats } = useReader()
  const { users } = words.accounts
  const { value, failure, retry } = useApi<{ users: UserItem[] }>('/api/v1/users')
  const stores = useStores(formats.locale)
  const [told, tell] = useState<string | UserLink>('')
  if (failure) return <Failed failure={failure} retry={retry} />
  if (!value) return <Loading tall />
  const { user, role, place, state, lastSignIn, change } = users.columns
  return (
    <div class="users-page">
      <h1>{users.title}</h1>
      <p class="lead">{users.lead}</p>
      {typeof told === 'string' ? (
        told && (
          <p class="notice notice-bad" role="alert">
            {told}
          </p>
        )
      ) : (
        <LinkNote link={told} />
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1) */}
      <section class="scroller" aria-label={users.tableTitle} tabIndex={0}>
        <table class="users-table">
          <caption class="visually-hidden">{users.tableTitle}</caption>
          <thead>
            <tr>
              <th scope="col">{user}</th>
              <th scope="col">{role}</th>
              <th scope="col">{place}</th>
              <th scope="col">{state}</th>
              <th scope="col" class="wide-only">
                {lastSignIn}
              </th>
              <th scope="col">{change}</th>
            </tr>
          </thead>
          <tbody>
            {value.users.map((item) => (
              <UserRow key={`${item.id} ${item.revision}`} {...{ user: item, stores, reload: retry, tell }} />
            ))}
          </tbody>
        </table>
      </section>
      <Invitation key={typeof told === 'string' ? '' : told.user.id} {...{ stores, reload: retry, tell }} />
    </div>
  )
}
