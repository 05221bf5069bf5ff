import type { UserItem } from '../../contracts/http/accounts.ts'

/** Names come from people, some through a provider; a terminal must not take them for commands, nor for another column. */
const printable = (text: string) => text.replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, '\ufffd')

/** A line of `smilepost users list`, its columns parted by tabs. */
export const formatUser = ({ email, name, role, place, state, lastSignInAt }: UserItem): string =>
  [email, name, role, place ?? 'all places', state, lastSignInAt ?? 'never signed in'].map(printable).join('\t')
