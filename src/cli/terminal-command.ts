import { setFlagsFromString } from 'node:v8'
import { Command } from 'commander'
import { runUntilStopped } from './run-until-stopped.ts'

/**
 * A small machine's memory before its speed: a press costs the same, which is a flush of the disk. Loading a thousand modules would let
 * the young generation grow to 16 MB, which V8 gives back late or never; and a function has to be hot for longer before it is
 * compiled a second time.
 */
const sparingFlags = ['--optimize-for-size', '--semi-space-growth-factor=1', '--interrupt-budget=2000000']

export function makeTerminalCommand(): Command {
  return new Command('terminal')
    .description('run the daemon of a terminal: box, outbox, uplink and touch page')
    .requiredOption('--config <file>', 'configuration (TOML); see config/terminal.toml')
    .addHelpText('after', '\nExample:\n  $ smilepost terminal --config /etc/smilepost/terminal.toml')
    .action(async ({ config: path }: { config: string }) => {
      for (const flag of sparingFlags) setFlagsFromString(flag)
      const { loadTerminalConfig } = await import('../terminal/config.ts')
      const { startTerminal } = await import('../terminal/main.ts')
      const { makeLogger } = await import('../shared/logger.ts')
      const config = loadTerminalConfig(path)
      const terminal = await startTerminal({ config, logger: makeLogger(config.log.level) })
      // Before it says where it is: whoever waits for that may send a signal at once.
      const stopped = runUntilStopped(terminal)
      process.stdout.write(`kiosk ${terminal.kioskUrl}\n`)
      await stopped
    })
}
