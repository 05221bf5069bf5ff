import { Command } from 'commander'
import type { Corrected } from '../central/fleet/apply-layout.ts'
import { commandOrigin } from './command-origin.ts'

/** What was counted before a correction stays where it is unless somebody asks. */
function explainCorrected({ zones, placements }: Corrected): string {
  const lines = [
    ...zones.map((id) => `${id} has another zone`),
    ...placements.map((id) => `${id} has another placement`),
  ]
  if (lines.length === 0) return ''
  return `${lines.join('\n')}\nPresses that were counted before stay where they are; to move them: smilepost rebuild --dry-run, then without\n`
}

function makeApplyCommand(): Command {
  return new Command('apply')
    .description('create or change places, touchpoints, opening hours and the question, as a file says')
    .argument('<file>', 'layout (TOML); see config/places.toml')
    .option('--config <file>', 'configuration of the central (TOML)')
    .addHelpText(
      'after',
      '\nExample:\n  $ smilepost places apply config/places.toml --config config/central.toml\n\nApplying the same file again changes nothing.',
    )
    .action(async (file: string, { config }: { config?: string }) => {
      const { applyLayout } = await import('../central/fleet/apply-layout.ts')
      const { LayoutFile } = await import('../central/fleet/layout.ts')
      const { loadConfigFile } = await import('../shared/config-file.ts')
      const { withCentralStore } = await import('./open-store.ts')
      const layout = loadConfigFile<typeof LayoutFile>(LayoutFile, file)
      const corrected = await withCentralStore(config, (store) => applyLayout(store, layout, commandOrigin(Date.now())))
      process.stdout.write(`${layout.places.length} places, ${layout.touchpoints.length} touchpoints\n`)
      process.stderr.write(explainCorrected(corrected))
    })
}

function makeListCommand(): Command {
  return new Command('list')
    .description('list touchpoints with their place and zone')
    .option('--config <file>', 'configuration of the central (TOML)')
    .option('--json', 'print JSON alone')
    .addHelpText('after', '\nExample:\n  $ smilepost places list --config config/central.toml')
    .action(async ({ config, json }: { config?: string; json?: boolean }) => {
      const { withCentralStore } = await import('./open-store.ts')
      const touchpoints = await withCentralStore(config, async (store) => [
        ...(await store.read.catalogue()).touchpoints.values(),
      ])
      if (json) process.stdout.write(`${JSON.stringify(touchpoints)}\n`)
      else if (touchpoints.length === 0)
        process.stdout.write('No touchpoints yet. Apply a layout: smilepost places apply --help\n')
      else
        for (const { id, place, name, zone } of touchpoints) process.stdout.write(`${id}\t${place}\t${name}\t${zone}\n`)
    })
}

export function makePlacesCommand(): Command {
  return new Command('places')
    .description('places and touchpoints')
    .addCommand(makeApplyCommand())
    .addCommand(makeListCommand())
}
