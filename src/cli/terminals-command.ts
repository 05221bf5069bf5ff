import { randomBytes } from 'node:crypto'
import { Command } from 'commander'

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

async function create(id: string, options: CreateOptions): Promise<void> {
  const { touchpoint, name, config, json, mosquittoPasswd = [] } = options
  const { createTerminal } = await import('../central/fleet/create-terminal.ts')
  const { withCentralStore } = await import('./open-store.ts')
  const { checkPasswordFile, putPassword } = await import('./mosquitto-passwords.ts')
  // Before anything is created: the secret is shown only once.
  for (const path of mosquittoPasswd) checkPasswordFile(path)
  await withCentralStore(config, async (store) => {
    const placed = touchpoint === undefined ? {} : { touchpoint }
    const { secret } = await createTerminal(store, { id, name: name ?? id, ...placed, fromMs: Date.now(), randomBytes })
    for (const path of mosquittoPasswd) putPassword(path, id, secret)
    const catalogue = await store.read.catalogue()
    const question = touchpoint === undefined ? null : (catalogue.touchpoints.get(touchpoint)?.question ?? null)
    if (json) process.stdout.write(`${JSON.stringify({ id, secret, touchpoint: touchpoint ?? null })}\n`)
    else {
      process.stderr.write('The secret is shown this once; copy these lines into the terminal.toml of the Pi:\n')
      process.stdout.write(formatSnippet(id, secret, question))
    }
  })
}

const collect = (path: string, before: string[] = []) => [...before, path]

function makeCreateCommand(): Command {
  return new Command('create')
    .description('create a terminal, place it, and print its name and secret')
    .argument('<id>', 'name: a–z, 0–9 and hyphens, 40 at most')
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
      else
        for (const { id, touchpoint, lastSeenAt } of terminals)
          process.stdout.write(`${id}\t${touchpoint ?? 'not placed'}\t${lastSeenAt ?? 'never seen'}\n`)
    })
}

export function makeTerminalsCommand(): Command {
  return new Command('terminals')
    .description('provision terminals')
    .addCommand(makeCreateCommand())
    .addCommand(makeListCommand())
}
