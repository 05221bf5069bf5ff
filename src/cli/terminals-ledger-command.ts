import { Command } from 'commander'
import { sizeOf } from '../central/fleet/seq-ranges.ts'
import type { Ledger } from '../contracts/http/terminals.ts'
import { AppError } from '../shared/errors.ts'

function formatLedger(id: string, ledger: Ledger): string {
  const { pressed, stored, pending, missing, aside = 0, countedTwice = 0, repeated, refused, asOf } = ledger
  const lines = missing.map(({ box, from, to, cause, since }) => {
    const where = box === undefined ? 'touch page' : `box ${box}`
    return `  missing ${from}–${to} (${to - from + 1}) of ${where}: ${cause}${since ? `, since ${since}` : ''}`
  })
  const said = asOf === null ? 'it has never spoken' : `as it said at ${asOf}`
  return [
    `${id}: pressed ${pressed}, stored ${stored}, waiting ${pending}, missing ${sizeOf(missing)}, put aside ${aside}; ${said}`,
    ...lines,
    `  counted twice ${countedTwice}, came again ${repeated}, refused by a full box ${refused}`,
    '',
  ].join('\n')
}

async function show(ids: readonly string[], { config, json }: { config?: string; json?: boolean }): Promise<void> {
  const { readLedger } = await import('../central/fleet/read-ledger.ts')
  const { withCentralStore } = await import('./open-store.ts')
  const ledgers = await withCentralStore(config, async ({ read }) => {
    const names = ids.length > 0 ? ids : (await read.terminals()).map(({ id }) => id)
    return await Promise.all(
      names.map(async (id) => {
        const ledger = await readLedger(read, id)
        if (!ledger) throw new AppError('bad-request', `no terminal is called ${id}`)
        return { id, ledger }
      }),
    )
  })
  if (json) process.stdout.write(`${JSON.stringify(ledgers.map(({ id, ledger }) => ({ id, ...ledger })))}\n`)
  else process.stdout.write(ledgers.map(({ id, ledger }) => formatLedger(id, ledger)).join(''))
}

/** The proof of custody where there is no page. */
export function makeLedgerCommand(): Command {
  return new Command('ledger')
    .description('show whether every press is here: pressed, stored, waiting, missing')
    .argument('[id...]', 'names of terminals; all of them when none is named')
    .option('--config <file>', 'configuration of the central (TOML)')
    .option('--json', 'print JSON alone')
    .addHelpText('after', '\nExample:\n  $ smilepost terminals ledger kiosk-1 --config config/central.toml')
    .action(show)
}
