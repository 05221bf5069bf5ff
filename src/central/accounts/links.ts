import type { Refusal } from '../../contracts/http/refusal.ts'
import type { AccountReader, AccountWriter, Link, LinkKind } from '../store/accounts-port.ts'
import type { AccountRoom } from './account-room.ts'
import { refuse } from './refusal.ts'
import { hashSecret, makeSecret } from './secret.ts'

const hourMs = 3_600_000
const lifetimeMs: Record<LinkKind, number> = { setup: 24 * hourMs, invite: 7 * 24 * hourMs, reset: hourMs }
const pages: Record<LinkKind, string> = { setup: '/setup', invite: '/invitation', reset: '/reset' }

export const linkGone: Refusal = refuse(
  'link-gone',
  'This link was used before, has expired, or was replaced by a newer one; ask for a new one.',
)

export type MadeLink = { url: string; expiresAt: string }

/** One-time links. Their secret stands behind the #, which browsers send to no server and into no log. */
export function makeLinks({ clock }: Pick<AccountRoom, 'clock'>, baseUrl: () => string) {
  /**
   * To be called within a transaction.
   *
   * @param user null for one that makes a user
   * @param replaces the links that the user has, or those that make one
   */
  async function make(
    writer: AccountWriter,
    kind: LinkKind,
    user: string | null,
    { replaces = true } = {},
  ): Promise<MadeLink> {
    const nowMs = clock.wallMs()
    const [secret, expiresAtMs] = [makeSecret(), nowMs + lifetimeMs[kind]]
    await writer.removeExpiredLinks(nowMs)
    if (replaces) await writer.removeLinksOf(user)
    await writer.putLink({ hash: hashSecret(secret), kind, user, createdAtMs: nowMs, expiresAtMs })
    return { url: `${baseUrl()}${pages[kind]}#${secret}`, expiresAt: new Date(expiresAtMs).toISOString() }
  }

  /** The link of a secret, which stays good. */
  async function find(reader: AccountReader, secret: string, kind: LinkKind): Promise<Link | null> {
    const link = await reader.link(hashSecret(secret))
    return link?.kind === kind && link.expiresAtMs > clock.wallMs() ? link : null
  }

  return {
    make,
    find,
    /** Uses a link up, and with it all others of its user, or all that make one; of two who try, one gets it. */
    async take(writer: AccountWriter, secret: string, kind: LinkKind): Promise<Link | null> {
      const link = (await find(writer, secret, kind)) && (await writer.takeLink(hashSecret(secret)))
      if (link) await writer.removeLinksOf(link.user)
      return link
    },
  }
}
export type Links = ReturnType<typeof makeLinks>
