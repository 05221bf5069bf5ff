import { Command } from 'commander'
import { runUntilStopped } from './run-until-stopped.ts'

export function makeCentralCommand(): Command {
  return new Command('central')
    .description('run the central service: broker, ingest, reports and pages')
    .option('--config <file>', 'configuration (TOML); see config/central.toml')
    .addHelpText('after', '\nExample:\n  $ smilepost central --config /etc/smilepost/central.toml')
    .action(async ({ config: path }: { config?: string }) => {
      const { loadCentralConfig } = await import('../central/config.ts')
      const { startCentral } = await import('../central/main.ts')
      const { makeLogger } = await import('../shared/logger.ts')
      const config = loadCentralConfig(path)
      const central = await startCentral({ config, logger: makeLogger(config.log.level), isThreaded: true })
      // Before it says where it is: whoever waits for that may send a signal at once.
      const stopped = runUntilStopped(central)
      const brokers = central.brokerUrls.map((url) => `broker ${url}\n`)
      process.stdout.write(`dashboard ${central.httpUrl}\n${brokers.join('')}`)
      await stopped
    })
}
