import { Command, Option } from 'commander'
import type { UserItem } from '../contracts/http/accounts.ts'
import type { Role } from '../contracts/http/permissions.ts'
import { AppError } from '../shared/errors.ts'
import { formatUser } from './users/format-user.ts'
import { showLink } from './users/show-link.ts'
import { atThisMachine, withAccounts } from './users/with-accounts.ts'

type Shared = { config?: string; json?: boolean }
type Refusal = { ok: false; detail: string; field?: string }

const refused = ({ detail, field }: Refusal) =>
  new AppError('account-refused', field === undefined ? detail : `${field} ${detail}`)

function makeSubcommand(name: string, description: string, example: string): Command {
  return new Command(name)
    .description(description)
    .option('--config <file>', 'configuration of the central (TOML)')
    .option('--json', 'print JSON alone')
    .addHelpText('after', `\nExample:\n  $ smilepost users ${example} --config config/central.toml`)
}

function makeAdminLinkCommand(): Command {
  return makeSubcommand(
    'create-admin-link',
    'print a link by which its holder becomes an administrator of all places: once, within 24 hours',
    'create-admin-link',
  ).action(async ({ config, json }: Shared) => {
    const link = await withAccounts(config, (accounts) => accounts.makeAdminLink(atThisMachine))
    const note = `Open this link in a browser, once, before ${link.expiresAt}. Whoever has it becomes an administrator; links like it that were made before are void.`
    showLink(link, note, json)
  })
}

function makeListCommand(): Command {
  return makeSubcommand('list', 'list users, their roles and where these hold', 'list').action(
    async ({ config, json }: Shared) => {
      const users = await withAccounts(config, (accounts) => accounts.users.list(atThisMachine))
      if (json) process.stdout.write(`${JSON.stringify(users)}\n`)
      else if (users.length === 0)
        process.stdout.write('No users yet. Make the first administrator: smilepost users create-admin-link --help\n')
      else for (const user of users) process.stdout.write(`${formatUser(user)}\n`)
    },
  )
}

const explainNewUser =
  'expected a mail address such as ada@example.org, a name of 1 to 100 characters, and a language tag such as fi'
type InviteOptions = Shared & { role: Role; place?: string; name?: string; language: string }

function makeInviteCommand(): Command {
  const example = 'invite ada@example.org --role manager --place harbour-street'
  return makeSubcommand('invite', 'make a user, and print the link by which they choose their password', example)
    .argument('<email>', 'mail address, by which they sign in')
    .addOption(
      new Option('--role <role>', 'what they may do')
        .choices(['admin', 'manager', 'viewer', 'ops'])
        .makeOptionMandatory(),
    )
    .option('--place <id>', 'region or store; they see it and what is beneath it. Left out: all places')
    .option('--name <text>', 'what people call them')
    .option('--language <tag>', 'language of their mails and pages', 'en')
    .action(async (email: string, { config, json, role, place, name, language }: InviteOptions) => {
      const { Check } = await import('typebox/value')
      const { NewUser } = await import('../contracts/http/accounts.ts')
      const given = { email, role, name: name ?? email.split('@')[0] ?? email, language, place: place ?? null }
      if (!Check(NewUser, given)) throw new AppError('account-refused', explainNewUser)
      const invited = await withAccounts(config, (accounts) => accounts.users.invite(given, atThisMachine))
      if (!invited.ok) throw refused(invited)
      showInvited(invited, email, json)
    })
}

function showInvited(invited: { url: string | null; expiresAt: string }, email: string, json?: boolean): void {
  const { url, expiresAt } = invited
  if (url !== null) showLink({ url, expiresAt }, `Send this link to ${email}; it works once, until ${expiresAt}.`, json)
  else process.stdout.write(json ? `${JSON.stringify({ url, expiresAt })}\n` : `A link was mailed to ${email}.\n`)
}

/** Runs `work` on the user of a mail address. */
async function withUser<T>(config: string | undefined, email: string, work: UserWork<T>): Promise<T> {
  return withAccounts(config, async (accounts) => {
    const user = (await accounts.users.list(atThisMachine)).find((item) => item.email === email.trim().toLowerCase())
    if (!user) throw new AppError('account-refused', `no user has the address ${email}; smilepost users list shows all`)
    return work(accounts, user)
  })
}
type UserWork<T> = (accounts: Parameters<Parameters<typeof withAccounts>[1]>[0], user: UserItem) => Promise<T>

function makeDisableCommand(): Command {
  return makeSubcommand('disable', 'end all sessions of a user, who can sign in no longer', 'disable ada@example.org')
    .argument('<email>', 'mail address of the user')
    .action(async (email: string, { config, json }: Shared) => {
      const changed = await withUser(config, email, (accounts, { id }) =>
        accounts.users.change(id, { state: 'disabled' }, null, atThisMachine),
      )
      if (!changed.ok) throw refused(changed)
      process.stdout.write(json ? `${JSON.stringify(changed.user)}\n` : `${changed.user.email} is disabled.\n`)
    })
}

function makeResetLinkCommand(): Command {
  const example = 'reset-link ada@example.org'
  return makeSubcommand('reset-link', 'print a link by which a user chooses a new password, within an hour', example)
    .argument('<email>', 'mail address of the user')
    .action(async (email: string, { config, json }: Shared) => {
      const made = await withUser(config, email, (accounts, { id }) => accounts.users.makeLink(id, atThisMachine))
      if (!made.ok) throw refused(made)
      showInvited(made, email, json)
    })
}

export function makeUsersCommand(): Command {
  return new Command('users')
    .description('people who may sign in: the first administrator, invitations, links for forgotten passwords')
    .addCommand(makeAdminLinkCommand())
    .addCommand(makeListCommand())
    .addCommand(makeInviteCommand())
    .addCommand(makeDisableCommand())
    .addCommand(makeResetLinkCommand())
}
