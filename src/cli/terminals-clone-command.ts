import { Command } from 'commander'
import { AppError } from '../shared/errors.ts'
import { commandOrigin } from './command-origin.ts'

type CloneOptions = { count?: boolean; setAside?: boolean; config?: string; json?: boolean }

async function settle(id: string, { count, setAside, config, json }: CloneOptions, command: Command): Promise<void> {
  if (!count === !setAside) command.error('error: choose one of --count and --set-aside')
  const { settleClone } = await import('../central/ingest/settle-clone.ts')
  const { withCentralStore } = await import('./open-store.ts')
  const choice = count ? 'count' : 'set-aside'
  const settled = await withCentralStore(config, (store) => settleClone(store, id, choice, commandOrigin(Date.now())))
  if (!settled) throw new AppError('bad-request', `${id}: no terminal of this name is known to be cloned`)
  if (json) process.stdout.write(`${JSON.stringify({ id, choice })}\n`)
  else
    process.stdout.write(
      `${id}: what was held back is ${count ? 'tallied' : 'stored, in no tally'}; its presses count again from now on.\n`,
    )
}

/** What to do with the presses that were held back while two machines spoke under one name. */
export function makeCloneCommand(): Command {
  return new Command('clone')
    .description('decide about a terminal whose card was copied, once only one of the two machines is left')
    .argument('<id>', 'name of the terminal')
    .option('--count', 'tally the presses that were held back')
    .option('--set-aside', 'keep them stored, in no tally')
    .option('--config <file>', 'configuration of the central (TOML)')
    .option('--json', 'print JSON alone')
    .addHelpText('after', '\nExample:\n  $ smilepost terminals clone kiosk-1 --count --config config/central.toml')
    .action(settle)
}
