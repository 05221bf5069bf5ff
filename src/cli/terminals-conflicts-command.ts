import { Command } from 'commander'
import type { Ledger } from '../contracts/http/terminals.ts'
import { AppError } from '../shared/errors.ts'

type Conflict = NonNullable<Ledger['conflicts']>[number]
type Fields = Record<string, unknown>

const show = (value: unknown) => (value === undefined ? 'none' : JSON.stringify(value))

/** What of a content the other one says otherwise. */
function formatDifference(stored: unknown, arrived: unknown): string[] {
  const [first, later] = [stored as Fields, arrived as Fields]
  return [...new Set([...Object.keys(first), ...Object.keys(later)])]
    .filter((name) => JSON.stringify(first[name]) !== JSON.stringify(later[name]))
    .map((name) => `  ${name}: ${show(first[name])}, later ${show(later[name])}`)
}

function formatConflict({ epoch, sequence, stored, arrived, at }: Conflict): string {
  const contents = [`  stored   ${JSON.stringify(stored)}`, `  arrived  ${JSON.stringify(arrived)}`]
  return [`${at}  record ${sequence} of epoch ${epoch}`, ...formatDifference(stored, arrived), ...contents].join('\n')
}

async function list(id: string, { config, json }: { config?: string; json?: boolean }): Promise<void> {
  const { readLedger } = await import('../central/fleet/read-ledger.ts')
  const { withCentralStore } = await import('./open-store.ts')
  const ledger = await withCentralStore(config, (store) => readLedger(store.read, id))
  if (!ledger) throw new AppError('bad-request', `no terminal is called ${id}`)
  const { conflicts = [], quarantined } = ledger
  if (json) process.stdout.write(`${JSON.stringify({ id, quarantined, conflicts })}\n`)
  else if (quarantined === 0) process.stdout.write(`${id}: no record came twice with different contents.\n`)
  else {
    const more = quarantined > conflicts.length ? `, the newest ${conflicts.length} of them here` : ''
    const sum = `${id}: ${quarantined} records came again with another content${more}. What was stored first counts.`
    process.stdout.write(`${[...conflicts.map(formatConflict), sum].join('\n')}\n`)
  }
}

/** Both contents of each record that came twice under one key. */
export function makeConflictsCommand(): Command {
  return new Command('conflicts')
    .description('show both contents of records that came twice under one key, newest first')
    .argument('<id>', 'name of the terminal')
    .option('--config <file>', 'configuration of the central (TOML)')
    .option('--json', 'print JSON alone')
    .addHelpText('after', '\nExample:\n  $ smilepost terminals conflicts kiosk-1 --config config/central.toml')
    .action(list)
}
