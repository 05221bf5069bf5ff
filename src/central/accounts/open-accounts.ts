/**
 * Accounts: who may come in, and what they may do once they are in.
 *
 * In: passwords, one-time links, sessions' secrets and tokens as the API hands them on. Out: a caller, whose rights and rows `may.ts`
 * tells. Promises: secrets are kept as hashes only; every change stands in the audit log, in the same transaction; who has an account is
 * told to nobody who may not list them; and as long as no account exists, everything is as open as this machine.
 */
import type { Caller } from '../../contracts/http/permissions.ts'
import type { Clock } from '../../shared/clock.ts'
import { makeCounters } from '../../shared/counters.ts'
import type { Logger } from '../../shared/logger.ts'
import type { Catalogue } from '../store/catalogue.ts'
import type { Store } from '../store/port.ts'
import { type AccountEvent, type AccountRoom, noteChange, type Origin } from './account-room.ts'
import { makeLinkMails, type WriteMail } from './link-mails.ts'
import { type MadeLink, makeLinks } from './links.ts'
import { type MailOptions, makeMailer } from './mailer.ts'
import { makeReach, may, type Reach } from './may.ts'
import { makeOidc, type OidcOptions } from './oidc.ts'
import { makeOidcEntry, type NewcomerRights } from './oidc-entry.ts'
import { makeLinkEntries } from './open-links.ts'
import { makeOwnAccount } from './own-account.ts'
import { makePasswordHasher } from './password-hasher.ts'
import { readAudit } from './read-audit.ts'
import { makeSessions } from './sessions.ts'
import { makeSignIn } from './sign-in.ts'
import { makeTokens } from './tokens.ts'
import { type Manager, makeUsers } from './users.ts'

export type AccountOptions = {
  store: Store
  clock: Clock
  logger: Logger
  /** Where people open the pages, without a slash at its end; links begin with it. */
  baseUrl(): string
  /** Left out: links are handed to whoever makes them. */
  mail?: MailOptions & { write: WriteMail }
  /** Left out: passwords are the only way in. */
  oidc?: OidcOptions & { name: string; newcomers: NewcomerRights | null }
}

const events: AccountEvent[] = [
  'signed-in',
  'sign-in-refused',
  'hashing-busy',
  'mail-sent',
  'mail-failed',
  'oidc-refused',
]

export function openAccounts({ store, clock, logger, baseUrl, mail, oidc }: AccountOptions) {
  const counters = makeCounters<AccountEvent>(events)
  const room: AccountRoom = { store, clock, logger, counters, hasher: makePasswordHasher() }
  const links = makeLinks(room, baseUrl)
  const sessions = makeSessions(room)
  const tokens = makeTokens(room)
  const users = makeUsers(room, links)
  const mails = makeLinkMails(room, users, mail ? { send: makeMailer(mail, room), write: mail.write } : null)

  const provider = oidc && makeOidc(oidc, () => `${baseUrl()}/api/v1/session/oidc/callback`, room)

  /** Catalogues stay the same object while nothing changes, so that their subtrees need to be walked once. */
  const reaches = new WeakMap<Catalogue, Map<string | null, Reach>>()
  async function reachOf(caller: Caller): Promise<Reach> {
    const catalogue = await store.read.catalogue()
    const top = caller.kind === 'open' ? null : caller.place
    const known = reaches.get(catalogue) ?? new Map<string | null, Reach>()
    reaches.set(catalogue, known)
    const reach = known.get(top) ?? makeReach(top, catalogue)
    known.set(top, reach)
    return reach
  }

  return {
    /** Nobody has an account. */
    isOpen: async () => !(await store.read.accounts.hasUsers()),
    may,
    reachOf,
    sessions,
    signIn: makeSignIn(room, sessions),
    links: makeLinkEntries(room, links, sessions),
    own: makeOwnAccount(room, sessions),
    users: {
      list: users.list,
      change: users.change,
      async invite(given: Parameters<typeof users.invite>[0], manager: Manager) {
        const made = await users.invite(given, manager)
        return made.ok ? { ok: true as const, ...(await mails.handOver(made)) } : made
      },
      async makeLink(id: string, manager: Manager) {
        const made = await users.makeLink(id, manager)
        return made.ok ? { ok: true as const, ...(await mails.handOver(made)) } : made
      },
    },
    tokens,
    readAudit: (page: { before: number | null; limit: number }) => readAudit(store.read.accounts, page),
    /** A link by which whoever holds it becomes an administrator of all places. */
    makeAdminLink: (origin: Origin): Promise<MadeLink> =>
      store.transact(async ({ accounts }) => {
        await noteChange(room, accounts, origin, { what: 'admin-link-made', on: 'setup' })
        return links.make(accounts, 'setup', null)
      }),
    baseUrl,
    oidc:
      oidc && provider
        ? {
            name: oidc.name,
            begin: provider.begin,
            enter: makeOidcEntry(room, { sessions, oidc: provider, newcomers: oidc.newcomers }),
          }
        : null,
    sendsMail: mail !== undefined,
    requestReset: mails.requestReset,
    counters,
  }
}
export type Accounts = ReturnType<typeof openAccounts>
