import type { UserLink } from '../../contracts/http/accounts.ts'
import type { User } from '../store/accounts-port.ts'
import type { AccountRoom } from './account-room.ts'
import { describeUser } from './describe-user.ts'
import type { MadeLink } from './links.ts'
import type { SendMail } from './mailer.ts'
import { normalEmail } from './sign-in.ts'
import type { makeUsers } from './users.ts'

/** The text of a mail with a link, in the language of whom it is for. */
export type WriteMail = (
  kind: 'invite' | 'reset',
  facts: { language: string; name: string; url: string; expiresAt: string },
) => { subject: string; text: string }

type Post = { send: SendMail; write: WriteMail } | null

/** Links on their way to the users they are for: by mail, or through whoever made them. */
export function makeLinkMails(room: AccountRoom, users: ReturnType<typeof makeUsers>, post: Post) {
  async function mail({ email, name, language, state }: User, link: MadeLink): Promise<boolean> {
    if (!post) return false
    const text = post.write(state === 'invited' ? 'invite' : 'reset', { language, name, ...link })
    return post.send({ to: email, ...text })
  }

  return {
    /** A link that no mail could carry is handed to the administrator. */
    async handOver({ user, link }: { user: User; link: MadeLink }): Promise<UserLink> {
      const mailed = await mail(user, link)
      return { user: describeUser(user), mailed, url: mailed ? null : link.url, expiresAt: link.expiresAt }
    },
    /** For somebody who forgot their password. What comes of it is told to the owner of the address alone, by mail. */
    async requestReset(email: string, from: string): Promise<void> {
      const user = await room.store.read.accounts.userByEmail(normalEmail(email))
      if (!post || user?.state !== 'active') return
      const reach = { place: () => true, touchpoint: () => true }
      const asker = { by: `somebody, for ${user.email}`, from, reach }
      // Anybody may ask, so that a link from an administrator stays good; how often is the API's to limit, and each ends by itself.
      const made = await users.makeLink(user.id, asker, { replaces: false })
      if (made.ok) await mail(made.user, made.link)
    },
  }
}
