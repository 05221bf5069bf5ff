import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openPrepared } from './prepared-folder.ts'
import { runSmilepost } from './smilepost-process.ts'

const layout = `
[[places]]
id = "shop"
name = "Harbour Street"
kind = "store"
[[surveys]]
question = "service"
revision = 1
scaleMax = 3
texts = [{ language = "en", text = "How was our service?" }, { language = "cs", text = "Jaká byla obsluha?" }]
[[touchpoints]]
id = "exit"
place = "shop"
name = "Exit"
zone = "Europe/Prague"
question = "service"
`

/** Long before: a box in quick time tells ages that reach back behind the start of the test. */
const placedAt = '2026-01-01T00:00:00Z'
const place = (terminal: string) =>
  `[[placements]]\nterminal = "${terminal}"\ntouchpoint = "exit"\nfrom = "${placedAt}"\n`

async function runOrFail(args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runSmilepost(args)
  if (code !== 0) throw new Error(`smilepost ${args.join(' ')} ended with ${code}: ${stderr}`)
  return stdout
}

/** What is the same in each installation with these terminals. */
async function setUp(folder: string, terminals: readonly string[]): Promise<void> {
  const config = join(folder, 'central.toml')
  writeFileSync(config, `data = ${JSON.stringify(join(folder, 'central'))}\n`)
  const secrets: Record<string, string> = {}
  for (const terminal of terminals) {
    const created = await runOrFail(['terminals', 'create', terminal, '--config', config, '--json'])
    secrets[terminal] = (JSON.parse(created) as { secret: string }).secret
  }
  writeFileSync(join(folder, 'secrets.json'), JSON.stringify(secrets))
  const places = join(folder, 'places.toml')
  writeFileSync(places, layout + terminals.map(place).join(''))
  await runOrFail(['places', 'apply', places, '--config', config])
}

/**
 * Puts the data of a central with these terminals, all at one touchpoint, and its `places.toml` into a folder: set up by the command as
 * their owner would, but only once a run.
 *
 * @returns the terminals' secrets
 */
export async function prepareInstallation(folder: string, terminals: readonly string[]): Promise<Map<string, string>> {
  const prepared = await openPrepared(terminals.join('+'), (empty) => setUp(empty, terminals))
  for (const name of ['central', 'places.toml']) cpSync(join(prepared, name), join(folder, name), { recursive: true })
  const secrets = JSON.parse(readFileSync(join(prepared, 'secrets.json'), 'utf8')) as Record<string, string>
  return new Map(Object.entries(secrets))
}
