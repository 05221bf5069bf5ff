import { randomBytes } from 'node:crypto'
import { Command } from 'commander'
import type { TerminalItem } from '../contracts/http/terminals.ts'
import { AppError } from '../shared/errors.ts'
import { commandOrigin } from './command-origin.ts'
import type { PasswordFile } from './mosquitto-passwords.ts'
import { makeCloneCommand } from './terminals-clone-command.ts'
import { makeConflictsCommand } from './terminals-conflicts-command.ts'
import { makeLedgerCommand } from './terminals-ledger-command.ts'

type CreateOptions = {
  touchpoint?: string
  name?: string
  config?: string
  json?: boolean
  mosquittoPasswd?: string[]
}

/** What the Pi's configuration needs, ready to be copied. */
function formatSnippet(id: string, secret: string, question: string | null): string {
  const survey = question ? ['', '[survey]', `question = "${question}"`] : []
  return ['[terminal]', `id = "${id}"`, `secret = "${secret}"`, ...survey, ''].join('\n')
}

/** A terminal of that name could take the place of another account on a broker, or keep the central's from its messages. */
async function refuseName(id: string, config: string | undefined): Promise<void> {
  const { refuseBadName } = await import('../central/fleet/create-terminal.ts')
  const { loadCentralConfig } = await import('../central/config.ts')
  const { listAccounts } = await import('../central/external-broker-config.ts')
  refuseBadName(id)
  if (listAccounts(loadCentralConfig(config).broker.external).has(id))
    throw new AppError('bad-name', `${id}: an account of the configured brokers has this name; choose another`)
}

/** Runs `work` while no other command of ours writes to these files. */
async function withPasswordFiles(
  paths: readonly string[],
  id: string,
  work: (files: readonly PasswordFile[]) => Promise<void>,
): Promise<void> {
  const { openPasswordFile } = await import('./mosquitto-passwords.ts')
  const files: PasswordFile[] = []
  try {
    // In one order everywhere: two commands must not wait for each other.
    for (const path of [...new Set(paths)].sort()) {
      const file = await openPasswordFile(path)
      files.push(file)
      if (file.has(id)) throw new AppError('terminal-exists', explainAccount(path, id))
    }
    await work(files)
  } finally {
    for (const file of files) file.close()
  }
}

const explainAccount = (path: string, id: string) =>
  `${path} has an account ${id} already, and it stays as it is; choose another name, or where nobody uses that account delete it: mosquitto_passwd -D ${path} ${id}`

function addToAll(files: readonly PasswordFile[], id: string, secret: string): void {
  const failures = files.flatMap((file) => {
    try {
      file.add(id, secret)
      return []
    } catch (error) {
      return [(error as Error).message]
    }
  })
  if (failures.length > 0)
    throw new AppError(
      'file-failed',
      [`terminal ${id} is made, but not its account; add it: mosquitto_passwd -b FILE ${id} SECRET`, ...failures].join(
        '\n  ',
      ),
    )
}

async function create(id: string, { touchpoint, name, config, json, mosquittoPasswd = [] }: CreateOptions) {
  const { createTerminal } = await import('../central/fleet/create-terminal.ts')
  const { withCentralStore } = await import('./open-store.ts')
  await refuseName(id, config)
  // Before anything is created: the secret is shown only once.
  await withPasswordFiles(mosquittoPasswd, id, (files) =>
    withCentralStore(config, async (store) => {
      const placed = touchpoint === undefined ? {} : { touchpoint }
      const made = { id, name: name ?? id, ...placed, fromMs: Date.now(), randomBytes }
      const { secret } = await createTerminal(store, made, commandOrigin(made.fromMs))
      const catalogue = await store.read.catalogue()
      const question = touchpoint === undefined ? null : (catalogue.touchpoints.get(touchpoint)?.question ?? null)
      if (json) process.stdout.write(`${JSON.stringify({ id, secret, touchpoint: touchpoint ?? null })}\n`)
      else {
        process.stderr.write('The secret is shown this once; copy these lines into the terminal.toml of the Pi:\n')
        process.stdout.write(formatSnippet(id, secret, question))
      }
      // Last: on a full disk the secret is at least known, and mosquitto_passwd can add it.
      addToAll(files, id, secret)
    }),
  )
}

const collect = (path: string, before: string[] = []) => [...before, path]

function makeCreateCommand(): Command {
  return new Command('create')
    .description('create a terminal, place it, and print its name and secret')
    .argument('<id>', 'name: a–z, 0–9 and hyphens, 40 at most, not beginning with smilepost-')
    .option('--touchpoint <id>', 'where it stands from now on; without it, its presses wait for a placement')
    .option('--name <text>', 'what people call it')
    .option('--config <file>', 'configuration of the central (TOML)')
    .option(
      '--mosquitto-passwd <file>',
      'also add it to the password file of a Mosquitto broker; may be repeated',
      collect,
    )
    .option('--json', 'print JSON alone')
    .addHelpText(
      'after',
      '\nExample:\n  $ smilepost terminals create kiosk-1 --touchpoint harbour-street-exit --config config/central.toml',
    )
    .action(create)
}

/** With a fourth column only for what somebody should do something about. */
function formatRow({ id, touchpoint, lastSeenAt, tzData, versions }: TerminalItem): string {
  const hint = { behind: "older than the central's", old: 'more than a year old' }
  const isStale = tzData === 'behind' || tzData === 'old'
  const columns = [id, touchpoint ?? 'not placed', lastSeenAt ?? 'never seen']
  return [...columns, ...(isStale ? [`time zone data ${versions.tz} ${hint[tzData]}: update its Node`] : [])].join('\t')
}

function makeListCommand(): Command {
  return new Command('list')
    .description('list terminals, where they stand and when they were last seen')
    .option('--config <file>', 'configuration of the central (TOML)')
    .option('--json', 'print JSON alone')
    .addHelpText('after', '\nExample:\n  $ smilepost terminals list --config config/central.toml')
    .action(async ({ config, json }: { config?: string; json?: boolean }) => {
      const { listTerminals } = await import('../central/fleet/list-terminals.ts')
      const { withCentralStore } = await import('./open-store.ts')
      const terminals = await withCentralStore(config, (store) => listTerminals(store.read, Date.now()))
      if (json) process.stdout.write(`${JSON.stringify(terminals)}\n`)
      else if (terminals.length === 0)
        process.stdout.write('No terminals yet. Create one: smilepost terminals create --help\n')
      else for (const terminal of terminals) process.stdout.write(`${formatRow(terminal)}\n`)
    })
}

export function makeTerminalsCommand(): Command {
  return new Command('terminals')
    .description('provision terminals, and account for their presses')
    .addCommand(makeCreateCommand())
    .addCommand(makeListCommand())
    .addCommand(makeLedgerCommand())
    .addCommand(makeConflictsCommand())
    .addCommand(makeCloneCommand())
}
